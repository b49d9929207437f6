using CsCheck;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Written events are read back equal, and damage is never more than a refusal.</summary>
public sealed class FtraceTextLaws
{
    private static readonly string[] _samples =
    [
        "irqinfo.txt", "tgid.txt", "noirq.txt", "latfmt.txt", "fields.txt", "stack.txt", "tsc.txt", "nocontext.txt",
        "pressure.txt", "contig.txt", "probes.txt", "overwritten.txt", "raw.txt", "trace-cmd-report.txt", "perf-script.txt",
    ];

    private static readonly (string Name, GfpFlags Flags)[] _flags =
    [
        ("GFP_HIGHUSER_MOVABLE", GfpFlags.HighUserMovable), ("GFP_KERNEL", GfpFlags.KernelDefault), ("__GFP_ZERO", GfpFlags.Zero),
        ("__GFP_COMP", GfpFlags.Comp), ("__GFP_ZEROTAGS", GfpFlags.ZeroTags), ("__GFP_NOWARN", GfpFlags.NoWarn),
            ("GFP_ATOMIC", GfpFlags.AtomicDefault),
    ];

    // A leading space cannot be told from the padding.
    private static readonly Gen<TraceTask> _task =
        Gen.Select(Gen.Int[0, 4_194_304], Gen.Char["-:()[]<>/.,#=0123 ae$é"].Array[0, 14],
            (pid, letters) => new TraceTask(pid, Comm(new string(letters))));

    private static readonly Gen<(string Text, GfpFlags Flags)> _gfp =
        Gen.Int[0, _flags.Length - 1].Array[1, 5].Select(picks => (
            string.Join('|', picks.Select(pick => _flags[pick].Name)),
            picks.Aggregate(GfpFlags.None, (all, pick) => all | _flags[pick].Flags)));

    private static readonly Gen<RecordedEvent> _event =
        from kind in Gen.OneOf(TraceEventKind.Allocate, TraceEventKind.AllocateFailed, TraceEventKind.Free, TraceEventKind.FreeBatched,
            TraceEventKind.Refill, TraceEventKind.Drain)
        from task in _task
        from cpu in Gen.Frequency((4, Gen.Int[0, 3]), (1, Gen.Int[0, 4095]))
        from pfn in Gen.Frequency((4, Gen.ULong[0, 0xfffff]), (1, Gen.ULong[0, Pfn.MaxValue]))
        from order in Gen.Int[0, 11]
        from type in Gen.Int[0, 6]
        from gfp in _gfp
        select new RecordedEvent(kind, task, cpu, kind == TraceEventKind.AllocateFailed ? 0 : pfn, order, type, gfp.Text, gfp.Flags);

    private static readonly Gen<RecordingStyle> _style =
        from clock in Gen.OneOf(TraceClock.Time, TraceClock.Ticks, TraceClock.Counter)
        from first in Gen.Long[0, 9_000_000_000_000]
        from letters in Gen.OneOf(0, 4, 5)
        from hasGroup in Gen.Bool
        from hasHex in Gen.Bool
        select new RecordingStyle(clock, first, letters, hasGroup, hasHex);

    [Fact]
    public void WrittenEventsAreReadBackEqual() =>
        FixedDraws.Of(Gen.Select(_style, _event.Array[1, 40]), 400, drawn =>
        {
            (RecordingStyle style, RecordedEvent[] events) = drawn;
            Trace trace = SampleText.Read(FtraceTextWriter.Write(style, [.. events, _last]));

            Assert.Equal(events.Length + 1, trace.Events.Count);
            for (int i = 0; i < events.Length; i++)
            {
                Assert.Equal(events[i], Back(trace, i, events[i]));
                long time = FtraceTextWriter.TimeOf(style, i);
                Assert.Equal(style.Clock == TraceClock.Time ? time * 1000 : time, trace.Events[i].TimeNs);
            }

            Assert.Equal(style.Clock, trace.Clock);
        });

    [Fact]
    public void DamagedTextIsReadOrRefused() =>
        FixedDraws.Of(Gen.Select(Gen.OneOf(_samples), Damage.Any), 1500,
            drawn => ReadOrRefuse(drawn.Item2.Apply(SampleText.Bytes(drawn.Item1))));

    [Fact]
    public void DamagedCompressionIsReadOrRefused() =>
        FixedDraws.Of(Gen.Select(Gen.OneOf("gzip", "zstd"), Damage.Any), 300, drawn =>
            ReadOrRefuse(drawn.Item2.Apply(TraceFileTests.Compress(drawn.Item1, SampleText.Bytes("irqinfo.txt")))));

    private static readonly RecordedEvent _last = new(TraceEventKind.Free, new TraceTask(1, "init"), 0, 1, 0, 0, "", GfpFlags.None);

    // What a file claims must not be believed before it is there.
    internal static void ReadOrRefuse(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SampleText.Read(bytes);
        }
        catch (InputException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 << 20);
    }

    // What the events do not say is taken from the original.
    private static RecordedEvent Back(Trace trace, int index, RecordedEvent original)
    {
        TraceEvent item = trace.Events[index];
        bool hasGfp = item.Kind is TraceEventKind.Allocate or TraceEventKind.AllocateFailed;
        bool hasType = item.Kind is not (TraceEventKind.Free or TraceEventKind.FreeBatched);
        return new RecordedEvent(item.Kind, trace.Tasks[item.Task], item.Cpu, item.Pfn.Value, item.Order,
            hasType ? item.MigrateType : original.MigrateType, original.Gfp, hasGfp ? trace.GfpSets[item.Gfp] : original.Flags);
    }

    // The kernel pads by bytes and cuts at 15 of them; é is the only letter here with two.
    private static string Comm(string letters)
    {
        string comm = letters.TrimStart(' ');
        return comm.Contains('é', StringComparison.Ordinal) ? comm[..Math.Min(comm.Length, 7)] : comm;
    }
}
