using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Programs;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>
/// Each safeguard that one program alone can miss: left out, a random program, or a short one, breaks the law that it keeps.
/// Those that need two actors are explored elsewhere.
/// </summary>
public sealed class SafeguardTests
{
    [Theory]
    [InlineData(Safeguards.FaultOnAccess, "TAG-1")]
    [InlineData(Safeguards.SaveTagsByPfn, "TAG-2")]
    [InlineData(Safeguards.InvalidateTagsOnFree, "TAG-4")]
    [InlineData(Safeguards.InvalidateDataOnReserve, "TAG-4")]
    [InlineData(Safeguards.ReserveZeroPage, "TAG-4")]
    [InlineData(Safeguards.ForgetTagsOnFree, "TAG-6")]
    [InlineData(Safeguards.CountIsolated, "LRU-1")]
    public void WithoutItARandomProgramBreaksALaw(Safeguards left, string law)
    {
        Exception broken = Assert.ThrowsAny<Exception>(() => Play(Safeguards.All & ~left));

        Assert.Contains(law, broken.Message, StringComparison.Ordinal);
    }

    // R9: a line of tags goes to DRAM after somebody's data have.
    [Theory]
    [InlineData(Safeguards.None, true)]
    [InlineData(Safeguards.InvalidateTagsOnFree, false)]
    public void DataInFormerTagStorageAreReadAsWritten(Safeguards left, bool holds)
    {
        LinuxMachine machine = WithStorageFirst(left);
        Process process = machine.Start("test");
        ulong tagged = process.Map(Page, Tagged);
        for (ulong at = tagged; at < tagged + Page; at += 16)
        {
            process.StoreTag(Process.Tagged(at, 9));
        }

        process.Unmap(tagged, Page);
        ulong[] guests = [.. FillStorage(machine, process)];
        Array.ForEach(guests, at => process.Write(at, (byte[])[.. Enumerable.Repeat((byte)0x5A, Page)]));
        EvictAll(machine, LineView.Data);
        EvictAll(machine, LineView.Tags);

        Assert.Equal(holds, guests.All(at => Words(process, at).All(word => word == 0x5A5A5A5A5A5A5A5A)));
    }

    // R10: a line of somebody's data goes to DRAM after the tags have.
    [Theory]
    [InlineData(Safeguards.None, true)]
    [InlineData(Safeguards.InvalidateDataOnReserve, false)]
    public void TagsInFormerDataStorageAreReadAsWritten(Safeguards left, bool holds)
    {
        LinuxMachine machine = WithStorageFirst(left);
        Process process = machine.Start("test");
        foreach (ulong at in FillStorage(machine, process).ToArray())
        {
            process.Write(at, (byte[])[.. Enumerable.Repeat((byte)0x5A, Page)]);
            process.Unmap(at, Page);
        }

        ulong tagged = process.Map(64 * Page, Tagged);
        for (ulong at = tagged; at < tagged + (64 * Page); at += 16)
        {
            process.StoreTag(Process.Tagged(at, 9));
        }

        EvictAll(machine, LineView.Tags);
        EvictAll(machine, LineView.Data);

        IEnumerable<int> tags = Enumerable.Range(0, 64 * Page / 16).Select(granule => process.LoadTag(tagged + ((ulong)granule * 16)));
        Assert.Equal(holds, tags.All(tag => tag == 9));
    }

    [Fact]
    public void ATaggedPageThatCanBeAccessedHasStorage()
    {
        LinuxMachine machine = TestMachine.New(without: Safeguards.FaultOnAccess);
        Process process = machine.Start("test");
        ulong at = process.Map(Page, Plain);
        process.Store(at, 1);
        Assert.True(process.Protect(at, Page, Tagged));

        Assert.Contains(machine.Audit(), violation => violation.Law == "TAG-5");
    }

    // R20: a page whose tags are saved by pfn moves, and its tags stay behind and are forgotten.
    [Theory]
    [InlineData(Safeguards.None, 7)]
    [InlineData(Safeguards.MoveSavedTags, 0)]
    public void SavedTagsMoveWithTheirPage(Safeguards left, int found)
    {
        LinuxMachine machine = TestMachine.New(without: left);
        Process process = machine.Start("test");
        ulong at = MapWithSavedTags(machine, process);

        Assert.True(machine.Migrate(process, at));
        Assert.True(process.Protect(at, Page, Tagged));

        Assert.Equal(found, process.LoadTag(at));
        Holds(machine);
    }

    // V2: whoever restores tags marks their page too, and RFC v3 flags it after that.
    [Theory]
    [InlineData(Safeguards.None)]
    [InlineData(Safeguards.MarkAfterFlag, "TAG-7")]
    public void APageIsMarkedTaggedOnceItIsFlagged(Safeguards left, params string[] broken)
    {
        LinuxMachine machine = TestMachine.New(without: left);
        Process process = machine.Start("test");
        ulong at = MapWithSavedTags(machine, process);
        Assert.True(process.Protect(at, Page, Tagged));

        Assert.Equal(7, process.LoadTag(at));
        Assert.Equal(broken, machine.Audit().Select(violation => violation.Law));
    }

    // V3: each replaced page that was not counted in is counted out, and compaction isolates one page more before it waits.
    [Fact]
    public void TheLimitOnIsolatedPagesComesLateWhereReplacedPagesAreNotCounted()
    {
        int right = IsolatedAtLimit(Safeguards.None);

        Assert.True(right > 1);
        Assert.True(IsolatedAtLimit(Safeguards.CountIsolated) > right);
    }

    // V4: a page whose tags are saved by pfn is not marked tagged, and RFC v3 swaps it out as if it had none.
    [Theory]
    [InlineData(Safeguards.None, 7)]
    [InlineData(Safeguards.SwapSavedTags, 0)]
    public void SavedTagsAreSwappedOutWithTheirPage(Safeguards left, int found)
    {
        LinuxMachine machine = TestMachine.New(without: left);
        Process process = machine.Start("test");
        ulong at = MapWithSavedTags(machine, process);
        while (process.ResidentPages > 0)
        {
            machine.Reclaim(1);
        }

        Assert.True(process.Protect(at, Page, Tagged));

        Assert.Equal(found, process.LoadTag(at));
        Holds(machine);
    }

    // V5: a child gets its own copy of a page that a device writes to, and RFC v3 takes the saved tags away from its parent.
    [Theory]
    [InlineData(Safeguards.None, 7)]
    [InlineData(Safeguards.CopySavedTags, 0)]
    public void SavedTagsStayWhereTheirPageIsCopiedFrom(Safeguards left, int found)
    {
        LinuxMachine machine = TestMachine.New(without: left);
        Process parent = machine.Start("parent");
        ulong at = MapWithSavedTags(machine, parent);
        parent.Pin(at);
        Assert.True(parent.Protect(at, Page, Tagged));
        Process child = parent.Fork()!;

        Assert.Equal((found, 7), (parent.LoadTag(at), child.LoadTag(at)));
        Holds(machine);
    }

    // R27: a region that does not come online switches tag storage off while another's pages are free, or somebody's data.
    [Fact]
    public void WhatIsLentComesBackWhenARegionFails()
    {
        LinuxMachineOptions options = new() { Cpus = 2, SwapPages = 600, FailedRegion = 1 };
        ProgramRun run = new(TestBoards.Layout("two nodes"), Rfc3(), options);
        run.Play(Enumerable.Range(0, 5_000).Select(step => ProgramStep.Number(3, (ulong)step)));
        Assert.Equal(run.Machine.Memory.Blocks.Count, run.Machine.Memory.Blocks.ReservedBlocks);

        ProgramRun broken = new(TestBoards.Layout("two nodes"), Rfc3(),
            options with { Safeguards = Safeguards.All & ~Safeguards.TakeBackRegions });
        Assert.Contains(broken.Machine.Audit(), violation => violation.Law == "TAG-1");
    }

    [Fact]
    public void OnlyACmaAreaCanFailToComeOnline() => Assert.Throws<InputException>(() => new LinuxMachine(
        TestBoards.Layout("two nodes").Board, StorageFirst(),
            new LinuxMachineOptions { Geometry = TestBoards.Layout("two nodes").Geometry, FailedRegion = 1 }));

    [Fact]
    public void WithAllOfThemTheSameProgramHolds() => Play(Safeguards.All);

    // R26: one reference for a huge page lends its blocks when the first of its pages is freed.
    [Fact]
    public void BlocksCountPages() => Assert.Equal("TAG-2", FirstLaw(BlocksOf(1), Safeguards.CountByPage));

    // R25: with blocks of two pages, RFC v2 took a neighbour's blocks too and never gave them back.
    [Fact]
    public void AFolioTakesItsOwnBlocksOnly() => Assert.Equal("TAG-2", FirstLaw(BlocksOf(2), Safeguards.ExactBlockCount));

    [Fact]
    public void SplitHugePagesBalanceWithAllOfThem()
    {
        Assert.Null(FirstLaw(BlocksOf(1), Safeguards.None));
        Assert.Null(FirstLaw(BlocksOf(2), Safeguards.None));
    }

    // R21: the kernel looks at tags that have no storage, and finds somebody's data.
    [Fact]
    public void PtraceWithoutAFaultReadsWhatIsNotTags()
    {
        LinuxMachine machine = TestMachine.New(without: Safeguards.PtraceFaultsFirst);
        Process process = machine.Start("test");
        ulong at = process.Map(Page, Plain);
        process.Store(at, 1);
        Assert.True(process.Protect(at, Page, Tagged));

        process.PokeTags(at, (byte[])[3]);

        Assert.Contains(machine.Audit(), violation => violation.Law == "TAG-4");
    }

    /// <summary>A page in no area with tags, for which tags of 7 are saved by pfn.</summary>
    private static ulong MapWithSavedTags(LinuxMachine machine, Process process)
    {
        ulong at = process.Map(Page, Plain);
        process.Store(at, 1);
        machine.Kernel.SavedTags.Put(FrameOf(machine, process, at), [.. Enumerable.Repeat((byte)0x77, Page / 32)]);
        return at;
    }

    /// <summary>Pages that can be isolated before there are too many, after one page has been replaced.</summary>
    private static int IsolatedAtLimit(Safeguards left)
    {
        LinuxMachine machine = TestMachine.New(without: left);
        Process process = machine.Start("test");
        ulong at = MapPageOfStorage(machine, process);
        Assert.True(process.Protect(at, Page, Tagged));
        process.LoadTag(at);
        Assert.Equal(1, machine.Counters.ReplacedPages);

        FolioUsers users = machine.Kernel.Memory.System.Migration.Users;
        int isolated = 0;
        for (Frame frame = new(0); !users.AreTooManyIsolated; frame++)
        {
            isolated += machine.Memory.Frames[frame].Has(FrameFlags.Lru) && users.TryIsolate(frame) ? 1 : 0;
        }

        return isolated;
    }

    private static void EvictAll(LinuxMachine machine, LineView view)
    {
        for (int line = machine.Hardware.DirtyLines - 1; line >= 0; line = Math.Min(line, machine.Hardware.DirtyLines) - 1)
        {
            if (machine.Hardware.DirtyLine(line).View == view)
            {
                machine.Hardware.Evict(line);
            }
        }
    }

    private static IEnumerable<ulong> Words(Process process, ulong page) =>
        Enumerable.Range(0, Page / 8).Select(word => process.Load(page + ((ulong)word * 8)));

    /// <summary>Law that a tagged huge page breaks which is split and freed in part; null for none.</summary>
    private static string? FirstLaw(MemoryLayout layout, Safeguards left)
    {
        LinuxMachine machine = TestMachine.New(layout, left, huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(512 * Page, Tagged);
        process.Store(at, 1);
        process.Unmap(at, 64 * Page);
        IReadOnlyList<LawViolation> broken = machine.Audit();
        return broken.Count == 0 ? null : broken[0].Law;
    }

    private static MemoryLayout BlocksOf(int frames) =>
        TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, (ulong)(frames * Page));

    private static void Play(Safeguards safeguards)
    {
        LinuxMachineOptions options = new() { Cpus = 2, SwapPages = 600, Safeguards = safeguards };
        ProgramRun run = new(TestBoards.Layout("flat 8 MiB, small blocks"), Rfc3(), options);
        run.Play(Enumerable.Range(0, 20_000).Select(step => ProgramStep.Number(3, (ulong)step)));
    }
}
