using CsCheck;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Written ring buffers are read back equal, and damage is never more than a refusal.</summary>
public sealed class TraceDatLaws
{
    private static readonly string[] _samples = ["small.v6.dat.zst", "small.v7-none.dat.zst", "contig.v6.dat.zst"];
    private static readonly string[] _compressedSamples = ["small.v7-zstd.dat", "small.v7-zlib.dat"];

    private static readonly Gen<RingEvent> _event =
        from pfn in Gen.ULong[0, Pfn.MaxValue]
        from order in Gen.Int[0, 11]
        from pid in Gen.OneOf(0, 12, 13)
        from delta in Gen.UInt[0, 0x7ffffff]
        from prefix in Gen.Frequency(
            (6, Gen.Const(RingPrefix.None)),
                (1, Gen.OneOf(RingPrefix.TimeExtend, RingPrefix.AbsoluteTime, RingPrefix.Discarded, RingPrefix.NewPage)))
        from hasLongHeader in Gen.Bool
        select new RingEvent(pfn, order, pid, delta, prefix, hasLongHeader);

    [Fact]
    public void WrittenBuffersAreReadBackMergedByTime() =>
        FixedDraws.Of(Gen.Select(_event.Array[0, 400].Array[1, 5], Gen.ULong[0, 1UL << 50]), 100, drawn =>
        {
            (RingEvent[][] cpus, ulong start) = drawn;
            cpus[0] = [new RingEvent(1, 0, 12, 0, RingPrefix.None, HasLongHeader: false), .. cpus[0]];
            (byte[] bytes, List<ulong[]> times) = RawTraceDat.Write(cpus, start);
            Trace trace = SampleText.Read(bytes);

            IEnumerable<string> expected = cpus
                .SelectMany((events, cpu) => events.Select((item, index) => (Time: times[cpu][index], Cpu: cpu, Index: index, Item: item)))
                .OrderBy(all => all.Time).ThenBy(all => all.Cpu).ThenBy(all => all.Index)
                .Select(all => $"{all.Time} {all.Cpu} {CommOf(all.Item.Pid)} {all.Item.Pfn:x} {all.Item.Order}");
            Assert.Equal(expected, trace.All()
                .Select(item => $"{item.TimeNs} {item.Cpu} {trace.Tasks[item.Task].Comm} {item.Pfn.Value:x} {item.Order}"));
        });

    [Fact]
    public void DamagedFilesAreReadOrRefused() => ReadOrRefuse([.. _samples.Select(TraceDatTests.Unpack)], 800);

    [Fact]
    public void DamagedCompressedFilesAreReadOrRefused() => ReadOrRefuse([.. _compressedSamples.Select(SampleText.Bytes)], 400);

    // Half of the damage goes to the parts that say where the others are.
    internal static void ReadOrRefuse(byte[][] samples, int draws) =>
        FixedDraws.Of(Gen.Select(Gen.Int[0, samples.Length - 1], Damage.Any, Gen.Bool), draws, drawn =>
        {
            byte[] sample = samples[drawn.Item1];
            int head = drawn.Item3 ? Math.Min(sample.Length, 40_000) : sample.Length;
            FtraceTextLaws.ReadOrRefuse([.. drawn.Item2.Apply(sample[..head]), .. sample[head..]]);
        });

    private static string CommOf(int pid) => pid switch
    {
        0 => "<idle>",
        12 => "some thread",
        _ => "<...>",
    };
}
