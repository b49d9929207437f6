using System.Buffers.Binary;
using Palimpsest.Testing.Recordings;

namespace Palimpsest.Traces.Tests;

/// <summary>A perf.data says the same as perf script prints of it.</summary>
public sealed class PerfDataTests
{
    [Theory]
    [InlineData("perf-plain.data.zst", "perf-plain.data.txt.zst")]
    [InlineData("perf-g.data.zst", "perf-g.data.txt.zst")]
    [InlineData("perf-z.data", "perf-plain.data.txt.zst")]
    public void EveryKindSaysWhatPerfScriptSays(string sample, string text)
    {
        Trace trace = SampleText.ReadSample(sample);

        SameRecording.Assert(SampleText.ReadSample(text), trace);
        Assert.Equal(("perf.data", "6.18.44-fc-v595", 25), (trace.Format, trace.KernelRelease, trace.LostEvents));
    }

    [Fact]
    public void BuffersThatWereWrittenOneAfterTheOtherAreSorted()
    {
        byte[] bytes = TraceDatTests.Unpack("perf-plain.data.zst");
        (int start, int end) = Records(bytes);
        List<byte[]> records = [];
        for (int at = start; at < end; at += records[^1].Length)
        {
            records.Add(bytes[at..(at + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 6)))]);
        }

        byte[][] backwards = [.. records.Where(IsSample).Reverse(), .. records.Where(record => !IsSample(record))];
        int next = start;
        foreach (byte[] record in backwards)
        {
            record.CopyTo(bytes, next);
            next += record.Length;
        }

        long[] times = [.. SampleText.Read(bytes).All().Select(item => item.TimeNs)];
        Assert.Equal(times.Order(), times);
        Assert.True(times.Length > 700);
    }

    [Fact]
    public void WhatWasWrittenToAPipeSaysWhatPerfScriptSays()
    {
        Trace trace = SampleText.ReadSample("perf-pipe.data.zst");

        SameRecording.Assert(SampleText.ReadSample("perf-pipe.data.txt.zst"), trace);
        Assert.Equal(("perf.data", "6.18.44-fc-v669", null), (trace.Format, trace.KernelRelease, trace.CutOff));
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void WhatWasWrittenToAPipeIsReadToTheBreak(double share)
    {
        byte[] bytes = TraceDatTests.Unpack("perf-pipe.data.zst");
        Trace whole = SampleText.Read(bytes);
        Trace cut = SampleText.Read(bytes[..(int)(share * bytes.Length)]);

        Assert.InRange(cut.Events.Count, 1, whole.Events.Count - 1);
        Assert.Contains("was cut off there", cut.CutOff, StringComparison.Ordinal);
        Assert.Empty(SameRecording.Lines(cut).Except(SameRecording.Lines(whole)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public void AHeadOfAnotherSizeIsRefused(byte size)
    {
        byte[] bytes = TraceDatTests.Unpack("perf-pipe.data.zst");
        bytes[8] = size;

        Assert.Contains($"a head of {size} bytes", SampleText.Refusal(bytes[..80]), StringComparison.Ordinal);
    }

    [Fact]
    public void APipeThatEndsBeforeItSaysWhatItMeansIsRefused() =>
        Assert.Contains("no tracepoint was recorded, or perf ended", SampleText.Refusal(TraceDatTests.Unpack("perf-pipe.data.zst")[..300]),
            StringComparison.Ordinal);

    [Fact]
    public void ATruncatedFileIsRefusedBecauseItsMeaningIsGone()
    {
        byte[] bytes = TraceDatTests.Unpack("perf-plain.data.zst");

        Assert.Contains("was cut off", SampleText.Refusal(bytes[..(bytes.Length / 3)]), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatPerfDidNotFinishIsRefused()
    {
        byte[] bytes = TraceDatTests.Unpack("perf-plain.data.zst");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), 0);

        Assert.Contains("did not finish", SampleText.Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedFilesAreReadOrRefused() =>
        TraceDatLaws.ReadOrRefuse([TraceDatTests.Unpack("perf-plain.data.zst"), TraceDatTests.Unpack("perf-g.data.zst"),
            SampleText.Bytes("perf-z.data"), TraceDatTests.Unpack("perf-pipe.data.zst")], 800);

    private static bool IsSample(byte[] record) => BinaryPrimitives.ReadUInt32LittleEndian(record) == 9;

    private static (int Start, int End) Records(byte[] bytes)
    {
        int start = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        return (start, start + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(48)));
    }
}
