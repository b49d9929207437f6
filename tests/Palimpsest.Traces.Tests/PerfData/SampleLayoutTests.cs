using CsCheck;
using Palimpsest.Traces.PerfData;

namespace Palimpsest.Traces.Tests.PerfData;

/// <summary>Where a sample of perf keeps its values: each that is recorded moves those behind it by eight bytes.</summary>
public sealed class SampleLayoutTests
{
    private const ulong Ip = 1;
    private const ulong Tid = 2;
    private const ulong Time = 4;
    private const ulong Addr = 8;
    private const ulong ReadValues = 16;
    private const ulong CallChain = 32;
    private const ulong Id = 64;
    private const ulong Cpu = 128;
    private const ulong Period = 256;
    private const ulong StreamId = 512;
    private const ulong Raw = 1024;
    private const ulong Identifier = 1 << 16;
    private const ulong Needed = Tid | Time | Cpu | Raw;

    [Theory]
    [InlineData(Needed, 4, 8, 16, 24)]
    [InlineData(Needed | Ip, 12, 16, 24, 32)]
    [InlineData(Needed | Identifier | Ip, 20, 24, 32, 40)]
    [InlineData(Needed | Addr | Id | StreamId, 4, 8, 40, 48)]
    [InlineData(Needed | Period, 4, 8, 16, 32)]
    public void ValuesStandInTheOrderOfTheKernel(ulong samples, int thread, int time, int cpu, int end)
    {
        SampleLayout layout = new(samples, readFormat: 0, hasTrailers: false);

        Assert.Equal((thread, time, cpu, end), (layout.ThreadAt, layout.TimeAt, layout.CpuAt, layout.FixedBytes));
        Assert.True(layout.IsComplete);
        Assert.Equal((samples & Identifier) != 0, layout.HasIdentifier);
    }

    [Theory]
    [InlineData(Needed & ~Tid)]
    [InlineData(Needed & ~Time)]
    [InlineData(Needed & ~Cpu)]
    [InlineData(Needed & ~Raw)]
    public void WithoutAnyOfTheFourASampleSaysTooLittle(ulong samples) =>
        Assert.False(new SampleLayout(samples, 0, hasTrailers: false).IsComplete);

    [Theory]
    [InlineData(Needed, true, 24, 8)]
    [InlineData(Needed | Identifier | Id | StreamId | Ip | Period, true, 48, 8)]
    [InlineData(Time, true, 8, 0)]
    [InlineData(Needed, false, 0, 0)]
    public void OtherRecordsEndWithTheSameValues(ulong samples, bool hasTrailers, int bytes, int time)
    {
        SampleLayout layout = new(samples, 0, hasTrailers);

        Assert.Equal((bytes, time), (layout.TrailerBytes, layout.TrailerTimeAt));
    }

    [Theory]
    [InlineData(0UL, 0, 0)]
    [InlineData(CallChain, 0, 0)]
    [InlineData(CallChain, 7, 0)]
    [InlineData(ReadValues, 0, 0)]
    [InlineData(ReadValues | CallChain, 3, 1 | 2 | 4)]
    [InlineData(ReadValues, 0, 8)]
    [InlineData(ReadValues | CallChain, 2, 8 | 1 | 4 | 16)]
    public void TheRecordStandsBehindValuesAndFrames(ulong more, int frames, int readFormat)
    {
        byte[] record = [.. Enumerable.Range(1, 20).Select(n => (byte)n)];
        SampleLayout layout = new(Needed | more, (ulong)readFormat, hasTrailers: false);
        byte[] sample = Sample(more, frames, (ulong)readFormat, record);

        Assert.True(layout.TryFindRecord(sample, out ReadOnlySpan<byte> found));
        Assert.Equal(record, found.ToArray());
        for (int length = 0; length < sample.Length; length++)
        {
            Assert.False(layout.TryFindRecord(sample.AsSpan(0, length), out _), $"{length}");
        }
    }

    [Fact]
    public void NoSampleIsReadBeyondItsEnd() =>
        Law.Holds(Gen.Select(Gen.Byte.Array[0, 120], Gen.Bool, Gen.Bool, Gen.ULong[0, 31]), 3_000, drawn =>
        {
            (byte[] sample, bool hasValues, bool hasChain, ulong readFormat) = drawn;
            ulong more = (hasValues ? ReadValues : 0) | (hasChain ? CallChain : 0);
            if (new SampleLayout(Needed | more, readFormat, hasTrailers: false).TryFindRecord(sample, out ReadOnlySpan<byte> found))
            {
                Assert.InRange(found.Length, 0, sample.Length - 28);
            }
        });

    private static byte[] Sample(ulong more, int frames, ulong readFormat, byte[] record)
    {
        List<byte> bytes = [.. new byte[24]];
        if ((more & ReadValues) != 0)
        {
            int times = (int)ulong.PopCount(readFormat & 3);
            int each = 1 + (int)ulong.PopCount(readFormat & (4 | 16));
            bool isGroup = (readFormat & 8) != 0;
            bytes.AddRange(isGroup ? BitConverter.GetBytes(3UL) : []);
            bytes.AddRange(new byte[8 * (times + ((isGroup ? 3 : 1) * each))]);
        }

        if ((more & CallChain) != 0)
        {
            bytes.AddRange(BitConverter.GetBytes((ulong)frames));
            bytes.AddRange(new byte[8 * frames]);
        }

        bytes.AddRange(BitConverter.GetBytes(record.Length));
        bytes.AddRange(record);
        return [.. bytes];
    }
}
