using System.Buffers.Binary;
using Palimpsest.Testing.Recordings;
using ZstdSharp;

namespace Palimpsest.Traces.Tests;

/// <summary>A trace.dat says the same as the kernel's text of the same recording.</summary>
public sealed class TraceDatTests
{
    // The first page of the sample's first CPU.
    private const int FirstPage = 36_864;
    private const int PageBytes = 4096;

    private static readonly byte[] _plain = Unpack("small.v6.dat.zst");

    internal static byte[] Unpack(string sample)
    {
        using var stream = new DecompressionStream(new MemoryStream(SampleText.Bytes(sample)));
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [Theory]
    [InlineData("small.v6.dat.zst", "small.dat.txt.zst")]
    [InlineData("small.v7-none.dat.zst", "small.dat.txt.zst")]
    [InlineData("small.v7-zstd.dat", "small.dat.txt.zst")]
    [InlineData("small.v7-zlib.dat", "small.dat.txt.zst")]
    [InlineData("contig.v6.dat.zst", "contig.dat.txt.zst")]
    [InlineData("small612.v6.dat.zst", "small612.dat.txt.zst")]
    public void EveryVersionSaysWhatTheTextSays(string sample, string text)
    {
        Trace trace = SampleText.ReadSample(sample);

        SameRecording.Assert(SampleText.ReadSample(text), trace);
        Assert.Equal("trace.dat", trace.Format);
        Assert.Equal(4096, trace.PageBytes);
        Assert.Equal(TraceClock.Time, trace.Clock);
        Assert.Null(trace.CutOff);
    }

    [Fact]
    public void TheKernelIsNamedWhereTheFileNamesIt()
    {
        Assert.Equal("6.1.0-56-arm64", SampleText.ReadSample("small.v7-zlib.dat").KernelRelease);
        Assert.Null(SampleText.ReadSample("small.v6.dat.zst").KernelRelease);
    }

    [Fact]
    public void FlagsWithoutATableMeanWhatTheReleaseSays()
    {
        byte[] bytes = Unpack("small612.v6.dat.zst");
        for (int at; (at = bytes.AsSpan().IndexOf("__print_flags(REC->gfp_flags"u8)) >= 0;)
        {
            bytes[at] = (byte)'x';
        }

        Trace told = TraceFile.Read(new MemoryStream(bytes), "sample", new TraceReadOptions { KernelRelease = "6.12.95" });

        Assert.Equal(SameRecording.Lines(SampleText.ReadSample("small612.dat.txt.zst")), SameRecording.Lines(told));
        Assert.Contains(told.Notes, note => note.Contains("table of Linux 6.12", StringComparison.Ordinal));
        Assert.Contains(SampleText.Read(bytes).Notes,
            note => note.Contains("table of Linux 6.1 (right for 5.18 to 6.3", StringComparison.Ordinal));
    }

    [Fact]
    public void MissingEventsAreLost()
    {
        byte[] damaged = [.. _plain];
        SetMissed(damaged, FirstPage, stored: 17);
        SetMissed(damaged, FirstPage + PageBytes, stored: null);
        Trace trace = SampleText.Read(damaged);

        Assert.Equal(18, trace.LostEvents);
        Assert.Contains(trace.Notes, note => note.StartsWith("18 events were lost", StringComparison.Ordinal));
        Assert.Contains(trace.Notes, note => note.StartsWith("At 1 places", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void ATruncatedFileIsReadToTheBreak(double share)
    {
        Trace whole = SampleText.Read(_plain);
        Trace cut = SampleText.Read(_plain[..(int)(share * _plain.Length)]);

        Assert.InRange(cut.Events.Count, 1, whole.Events.Count - 1);
        Assert.Contains("was cut off there", cut.CutOff, StringComparison.Ordinal);
        Assert.Empty(SameRecording.Lines(cut).Except(SameRecording.Lines(whole)));
    }

    [Fact]
    public void ACompressedFileThatBreaksOffIsSaidToBe()
    {
        byte[] packed = TraceFileTests.Compress("gzip", _plain);
        Trace cut = SampleText.Read(packed[..(packed.Length * 3 / 4)]);

        Assert.Contains("gzip stream breaks off", cut.CutOff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small.v7-zstd.dat", 0.6)]
    [InlineData("small.v7-zstd.dat", 0.8)]
    [InlineData("small.v7-zstd.dat", 0.95)]
    [InlineData("small.v7-zstd.dat", 0.994)]
    [InlineData("small.v7-none.dat.zst", 0.4)]
    [InlineData("small.v7-none.dat.zst", 0.9)]
    public void WhatThereIsOfATruncatedVersion7IsFoundWithoutWhatWasWrittenLast(string sample, double share)
    {
        byte[] bytes = sample.EndsWith(".zst", StringComparison.Ordinal) ? Unpack(sample) : SampleText.Bytes(sample);
        Trace whole = SampleText.Read(bytes);
        Trace cut = SampleText.Read(bytes[..(int)(share * bytes.Length)]);

        Assert.InRange(cut.Events.Count, 1, whole.Events.Count - (share > 0.99 ? 0 : 1));
        Assert.Contains("was cut off there", cut.CutOff, StringComparison.Ordinal);
        Assert.Empty(SameRecording.Lines(cut).Except(SameRecording.Lines(whole)));
    }

    [Fact]
    public void AVersion7WithoutAnyEventsIsRefused() =>
        Assert.Contains("the file has no events", SampleText.Refusal(SampleText.Bytes("small.v7-zstd.dat")[..5_500]),
            StringComparison.Ordinal);

    [Fact]
    public void CpusWhoseSizesHaveNoSumAreRefused()
    {
        RingEvent[] events = [new RingEvent(1, 0, 12, 0, RingPrefix.None, HasLongHeader: false)];
        byte[] bytes = RawTraceDat.Write([events, events, events], 1).Bytes;
        int extents = bytes.AsSpan().IndexOf("flyrecord\0"u8) + "flyrecord\0".Length;
        for (int cpu = 0; cpu < 3; cpu++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(extents + (cpu * 16) + 8), long.MaxValue / 2);
        }

        Assert.Contains("which cannot be", SampleText.Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void PagesLargerThanAWindowAreRead()
    {
        byte[] bytes = [.. _plain];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 1 << 20);

        Assert.True(SampleText.Read(bytes).EventCount > 0);
    }

    [Fact]
    public void BigEndianMachinesAreRefused()
    {
        byte[] bytes = [.. _plain];
        bytes[12] = 1;

        Assert.Contains("big-endian", SampleText.Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void MachinesOf32BitsAreRefused()
    {
        byte[] bytes = [.. _plain];
        int size = bytes.AsSpan().IndexOf("commit;\toffset:8;\tsize:8"u8);
        bytes[size + 23] = (byte)'4';

        Assert.Contains("32 bits", SampleText.Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void EventsWithoutAPageNumberAreRefused()
    {
        byte[] bytes = [.. _plain];
        int format = bytes.AsSpan().IndexOf("name: mm_page_alloc\n"u8);
        bytes[format + bytes.AsSpan(format).IndexOf("long pfn;"u8) + 5] = (byte)'x';

        Assert.Contains("has no field pfn", SampleText.Refusal(bytes), StringComparison.Ordinal);
    }

    private static void SetMissed(byte[] bytes, int page, long? stored)
    {
        ulong commit = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(page + 8));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(page + 8), commit | (1UL << 31) | (stored is null ? 0 : 1UL << 30));
        if (stored is { } count)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(page + 16 + (int)commit), count);
        }
    }
}
