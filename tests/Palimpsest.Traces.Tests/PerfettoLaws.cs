using CsCheck;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Written traces are read back equal and in the order of time, and damage is never more than a refusal.</summary>
public sealed class PerfettoLaws
{
    private static readonly (uint Number, GfpFlags Flags)[] _gfp = [(0xcc0, GfpFlags.KernelDefault),
        (0x100dca | 0x800000, GfpFlags.HighUserMovable | GfpFlags.Zero | GfpFlags.ZeroTags)];

    private static readonly Gen<PerfettoEvent> _event =
        from kind in Gen.OneOf(TraceEventKind.Allocate, TraceEventKind.Free, TraceEventKind.FreeBatched, TraceEventKind.Drain,
            TraceEventKind.CmaRelease)
        from delta in Gen.ULong[1, 100_000]
        from cpu in Gen.Frequency((3, Gen.Const(0)), (1, Gen.OneOf(1, 2, 300)))
        from pid in Gen.Int[0, 1 << 22]
        from pfn in Gen.ULong[0, Pfn.MaxValue]
        from order in Gen.Int[0, 10]
        from type in Gen.Int[0, 5]
        from gfp in Gen.OneOf(_gfp)
        select new PerfettoEvent(kind, delta, cpu, pid, pfn, order, type, gfp.Number);

    private static readonly Gen<PerfettoStyle> _style =
        from encoding in Gen.OneOf(EventEncoding.Dedicated, EventEncoding.Described, EventEncoding.Generic)
        from descriptions in Gen.OneOf(65536u, 65636u, (1u << 29) - 100)
        from first in Gen.Bool
        from bundle in Gen.Int[1, 40]
        from most in Gen.Int[1, 100]
        from round in Gen.Int[1, 200]
        from packing in Gen.OneOf(PerfettoWriter.Plain, PerfettoWriter.Zlib, PerfettoWriter.Zstd)
        select new PerfettoStyle(encoding, descriptions, first, bundle, most, round, packing);

    [Fact]
    public void WrittenTracesAreReadBackMergedByTime() =>
        FixedDraws.Of(Gen.Select(_event.Array[0, 600], _style, Gen.ULong[0, 1UL << 60]), 150, drawn =>
        {
            PerfettoEvent[] events = At(drawn.Item3, drawn.Item1);
            Trace trace = SampleText.Read(PerfettoWriter.Write(drawn.Item2, events));

            Assert.Equal(events.Select(Text), trace.All().Select(item => Text(trace, item)));
            Assert.Equal(("perfetto", "6.1.0-56-arm64", 4096, 0), (trace.Format, trace.KernelRelease, trace.PageBytes, trace.LostEvents));
            Assert.DoesNotContain(trace.Notes, note => note.Contains("too far apart", StringComparison.Ordinal));
        });

    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        var random = new PCG(7);
        IEnumerable<byte[]> written = Enumerable.Range(0, 12).Select(_ =>
            PerfettoWriter.Write(_style.Generate(random, null, out Size? _),
                At(1, _event.Array[20, 200].Generate(random, null, out Size? _))));
        TraceDatLaws.ReadOrRefuse([.. PerfettoTests.Samples.Select(SampleText.Bytes), .. written], 1500);
    }

    [Fact]
    public void ATruncatedFileIsReadToTheBreak() =>
        FixedDraws.Of(Gen.Select(Gen.OneOf(PerfettoTests.Samples[1..]), Gen.Double[0.2, 0.99]), 60, drawn =>
        {
            byte[] bytes = SampleText.Bytes(drawn.Item1);
            Trace whole = SampleText.Read(bytes);
            Trace cut = SampleText.Read(bytes[..(int)(drawn.Item2 * bytes.Length)]);

            Assert.InRange(cut.Events.Count, 1, whole.Events.Count - 1);
            Assert.Contains("it was cut off there", cut.CutOff, StringComparison.Ordinal);
            Assert.Empty(SameRecording.Lines(cut).Except(SameRecording.Lines(whole)));
        });

    // An allocation to begin with, so that there is one; times that grow.
    private static PerfettoEvent[] At(ulong time, PerfettoEvent[] events) =>
        [.. events.Prepend(new PerfettoEvent(TraceEventKind.Allocate, 1, 0, 1, 1, 0, 0, 0xcc0))
            .Select(item => item with { Time = time += item.Time })];

    private static string Text(PerfettoEvent item)
    {
        bool hasOrder = item.Kind is not (TraceEventKind.FreeBatched or TraceEventKind.CmaRelease);
        bool hasType = item.Kind is TraceEventKind.Allocate or TraceEventKind.Drain;
        GfpFlags flags = item.Kind == TraceEventKind.Allocate ? _gfp.First(gfp => gfp.Number == item.Gfp).Flags : default;
        return $"{item.Time} [{item.Cpu}] {item.Pid} {item.Kind} {item.Pfn:x} {(hasOrder ? item.Order : 0)} "
            + $"{(hasType ? item.MigrateType : 0)} {flags} {(item.Kind == TraceEventKind.CmaRelease ? item.Order : 0)}";
    }

    private static string Text(Trace trace, TraceEvent item) =>
        $"{item.TimeNs} [{item.Cpu}] {trace.Tasks[item.Task].Pid} {item.Kind} {item.Pfn.Value:x} {item.Order} {item.MigrateType} "
            + $"{(item.Kind == TraceEventKind.Allocate ? trace.GfpSets[item.Gfp] : default)} {item.Value}";
}
