using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Each event's payload is read as the kernel that wrote it meant it.</summary>
public sealed class FtraceTextPayloadTests
{
    private const string Allocate = "mm_page_alloc: page=00000000c3b0c4fd pfn=0x4656f order=0 migratetype=0 gfp_flags=";

    // Makes a text that only has other events acceptable.
    private const string Free =
        "            init-1       [000] .....     9.316275: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0";

    [Fact]
    public void AllFieldsOfAnAllocationAreRead()
    {
        Trace trace = SampleText.ReadEvent(
            "mm_page_alloc: page=00000000acce81ca pfn=0xf4ad800123 order=9 migratetype=2 gfp_flags=GFP_KERNEL|__GFP_ZERO");
        TraceEvent item = trace.Events[0];

        Assert.Equal(TraceEventKind.Allocate, item.Kind);
        Assert.Equal(0xf4ad800123UL, item.Pfn.Value);
        Assert.Equal((9, 2, 3), (item.Order, item.MigrateType, item.Cpu));
        Assert.Equal(GfpFlags.KernelDefault | GfpFlags.Zero, trace.GfpOf(0));
        Assert.Equal(4, trace.Cpus);
    }

    [Theory]
    [InlineData("page=0000000000000000 pfn=0x0", TraceEventKind.AllocateFailed, 0)]
    [InlineData("page=          (null) pfn=0", TraceEventKind.AllocateFailed, 0)]
    [InlineData("page=(nil) pfn=0", TraceEventKind.AllocateFailed, 0)]
    [InlineData("pfn=0xffffffffffffffff (-1)", TraceEventKind.AllocateFailed, 0)]
    [InlineData("page=ffffea0000000000 pfn=0", TraceEventKind.Allocate, 0)]
    [InlineData("page=00000000acce81ca pfn=0x0", TraceEventKind.Allocate, 0)]
    [InlineData("page=0000000000000000 pfn=0x4656f", TraceEventKind.Allocate, 0x4656f)]
    [InlineData("page=ffffea0000000000 pfn=4656", TraceEventKind.Allocate, 4656)]
    public void FailedAllocationsAreNotPages(string page, TraceEventKind kind, ulong pfn)
    {
        TraceEvent item = SampleText.ReadEvent($"mm_page_alloc: {page} order=3 migratetype=1 gfp_flags=GFP_NOWAIT|__GFP_NOWARN").Events[0];

        Assert.Equal((kind, pfn, 3, 1), (item.Kind, item.Pfn.Value, item.Order, item.MigrateType));
    }

    [Theory]
    [InlineData("GFP_KERNEL_ACCOUNT|__GFP_ZERO|__GFP_COMP", GfpFlags.KernelDefault | GfpFlags.Account | GfpFlags.Zero | GfpFlags.Comp)]
    [InlineData("__GFP_COMP|__GFP_ZERO|GFP_KERNEL_ACCOUNT", GfpFlags.KernelDefault | GfpFlags.Account | GfpFlags.Zero | GfpFlags.Comp)]
    [InlineData("GFP_HIGHUSER_MOVABLE|__GFP_ZEROTAGS", GfpFlags.HighUserMovable | GfpFlags.ZeroTags)]
    [InlineData("GFP_HIGHUSER_MOVABLE|__GFP_TAGGED", GfpFlags.HighUserMovable | GfpFlags.ZeroTags)]
    [InlineData("GFP_TRANSHUGE|__GFP_NORETRY", GfpFlags.TransHugeLight | GfpFlags.DirectReclaim | GfpFlags.NoRetry)]
    [InlineData("GFP_KERNEL|GFP_ZERO|GFP_REPEAT|GFP_NOTRACK", GfpFlags.KernelDefault | GfpFlags.Zero | GfpFlags.RetryMayFail)]
    [InlineData("GFP_WAIT|GFP_IO", GfpFlags.Reclaim | GfpFlags.Io)]
    [InlineData("GFP_ATOMIC", GfpFlags.AtomicDefault)]
    [InlineData("GFP_NOWAIT", GfpFlags.KswapdReclaim)]
    [InlineData("none", GfpFlags.None)]
    [InlineData("0x140cca", GfpFlags.HighUserMovable | GfpFlags.Comp)]
    [InlineData("GFP_KERNEL|0x8000000", GfpFlags.KernelDefault | GfpFlags.NoLockdep)]
    public void FlagsAreASetUnderTheNamesOfAllKernels(string text, GfpFlags flags)
    {
        Trace trace = SampleText.ReadEvent(Allocate + text);

        Assert.Equal(flags, trace.GfpOf(0));
        Assert.Equal(text.Contains("0x", StringComparison.Ordinal),
            trace.Notes.Any(note => note.Contains("table of Linux 6.1", StringComparison.Ordinal)));
    }

    [Fact]
    public void TextsOfTheSameSetShareAnIndex()
    {
        const string Head = "            init-1       [003] .....     9.316274: " + Allocate;
        Trace trace = SampleText.Read(Head + "__GFP_ZERO|__GFP_COMP", Head + "__GFP_COMP|__GFP_ZERO", Head + "__GFP_COMP", Head
            + "__GFP_ZERO|__GFP_COMP");

        Assert.Equal([0, 0, 1, 0], trace.All().Select(item => (int)item.Gfp));
        Assert.Equal(2, trace.GfpSets.Count);
    }

    [Fact]
    public void UnknownFlagsAreLeftOutWithANote()
    {
        Trace trace = SampleText.ReadEvent(Allocate + "GFP_KERNEL|__GFP_CMA");

        Assert.Equal(GfpFlags.KernelDefault, trace.GfpOf(0));
        Assert.Contains(trace.Notes, note => note.Contains("__GFP_CMA", StringComparison.Ordinal));
    }

    [Fact]
    public void NumbersOfTheFieldsOptionAreDecodedWithANote()
    {
        Trace trace = SampleText.ReadSample("fields.txt");

        Assert.Equal(0x11b0c9UL, trace.Events[0].Pfn.Value);
        Assert.Equal((GfpFlags)0x440dc0, trace.GfpOf(0));
        Assert.Contains(trace.Notes, note => note.Contains("table of Linux 6.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cma_alloc: pfn=4656f page=ffffea0000000000 count=16 align=4", TraceEventKind.CmaAllocate)]
    [InlineData("cma_alloc_finish: name=reserved pfn=4656f page=00000000809acfeb count=16 align=4", TraceEventKind.CmaAllocate)]
    [InlineData("cma_alloc_finish: name=reserved pfn=0x4656f page=00000000809acfeb count=16 align=4 errorno=0", TraceEventKind.CmaAllocate)]
    [InlineData("cma_release: name=reserved pfn=4656f page=00000000809acfeb count=16", TraceEventKind.CmaRelease)]
    public void ContiguousRangesAreReadFromEveryKernel(string text, TraceEventKind kind)
    {
        Trace trace = SampleText.Read("            init-1       [003] .....     9.316274: " + text, Free);

        Assert.Equal((kind, 0x4656fUL, 16), (trace.Events[0].Kind, trace.Events[0].Pfn.Value, trace.Events[0].Value));
    }

    [Theory]
    [InlineData("cma_alloc_finish: name=reserved pfn=0xffffffffffffffff page=0000000000000000 count=16 align=4 errorno=-12")]
    [InlineData("cma_alloc_finish: name=reserved pfn=46580 page=0000000000000000 count=16 align=4")]
    [InlineData("cma_alloc_start: name=reserved count=16 align=4")]
    public void FailedContiguousAllocationsAreOnlyCounted(string text)
    {
        Trace trace = SampleText.Read("            init-1       [003] .....     9.316274: " + text, Free);

        Assert.Equal(1, trace.Events.Count);
        Assert.Equal(2, trace.EventCount);
    }

    [Fact]
    public void MigrationsAreReadAsThoseOfArm64()
    {
        Trace trace = SampleText.ReadSample("contig.txt");
        TraceEvent[] moves = [.. trace.All().Where(item => item.Kind is TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget)];

        Assert.Equal([0x4a021UL, 0x44b30UL, 0x4a020UL, 0x474abUL], moves.Select(item => item.Pfn.Value));
        Assert.Equal(3, trace.CountOf(TraceEventKind.CmaAllocate));
        Assert.Equal(3, trace.CountOf(TraceEventKind.CmaRelease));
        Assert.Contains(trace.Notes, note => note.Contains("arm64 with 4 KiB pages", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("e800005f223b47", 0x5f223, 1)]
    [InlineData("e8000044b30f43", 0x44b30, 0)]
    public void TheMemoryAttributeOfTheTargetTellsWhetherItIsTagged(string entry, ulong pfn, int tagged)
    {
        Trace trace = SampleText.Read(
            $"      kcompactd0-32      [000] .....     9.316273: remove_migration_pte: addr=ffff8faca000, pte={entry} order=0", Free);

        Assert.Equal((TraceEventKind.MigrationTarget, pfn, tagged),
            (trace.Events[0].Kind, trace.Events[0].Pfn.Value, trace.Events[0].Value));
    }

    [Fact]
    public void MovesBetweenListsAreRead()
    {
        Trace probes = SampleText.ReadSample("probes.txt");
        Trace pressure = SampleText.ReadSample("pressure.txt");

        Assert.Equal(4, probes.CountOf(TraceEventKind.Refill));
        Assert.Equal(1, probes.All().First(item => item.Kind == TraceEventKind.Refill).Value);
        Assert.Equal(3, pressure.CountOf(TraceEventKind.Drain));
        Assert.Equal(3, pressure.CountOf(TraceEventKind.AllocateFailed));
        Assert.Equal(0x5b000UL, pressure.All().First(item => item.Kind == TraceEventKind.ExternalFragmentation).Pfn.Value);
    }

    [Theory]
    [InlineData("mm_page_alloc: page=00000000c3b0c4fd pfn=zz order=0 migratetype=0 gfp_flags=GFP_KERNEL", "pfn=zz")]
    [InlineData("mm_page_free: page=00000000c3b0c4fd pfn=0x1ffffffffff order=0", "pfn=0x1ffffffffff")]
    [InlineData("mm_page_free: page=00000000c3b0c4fd pfn=0x12 order=64", "order=64")]
    [InlineData("mm_page_free: page=00000000c3b0c4fd pfn=12a order=0", "pfn=12a")]
    [InlineData("mm_page_free: page=00000000c3b0c4fd pfn=0x12", "no order=")]
    [InlineData("mm_page_free:", "no pfn=")]
    [InlineData("mm_page_alloc: page=00000000c3b0c4fd pfn=0x12 order=0 migratetype=300 gfp_flags=GFP_KERNEL", "migratetype=300")]
    [InlineData("mm_page_alloc: page=00000000c3b0c4fd pfn=0x12 order=0 migratetype=0 gfp_flags=kernel", "\"kernel\"")]
    [InlineData("mm_page_alloc:        [FAILED TO PARSE] pfn=0x4b01f gfp_flags=0x400dc0 migratetype=0", "has no order=")]
    [InlineData("cma_release: name=reserved pfn=4656f page=00000000809acfeb count=16000000000", "count=16000000000")]
    public void DamagedPayloadsAreRefusedWithTheirLine(string text, string complaint)
    {
        string message = SampleText.RefusalOfEvent(text);

        Assert.Contains("line 1:", message, StringComparison.Ordinal);
        Assert.Contains(complaint, message, StringComparison.Ordinal);
    }
}
