using System.Buffers.Binary;
using CsCheck;
using Palimpsest.Traces.TraceDat;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests.TraceDat;

/// <summary>The ring buffer of one CPU: times that add up, records by their lengths, losses, and pages that cannot be.</summary>
public sealed class CpuStreamTests
{
    private const int PageBytes = 4096;
    private const uint MissedEvents = 1u << 31;
    private const uint MissedStored = 1u << 30;

    [Fact]
    public void TimesAddUpFromThatOfThePage()
    {
        byte[] page = Page(1_000, Event(5, 1), Event(7, 2), Extend(3, 1), Event(1, 3));

        Assert.Equal([(1_005, 1), (1_012, 2), (1_012 + 3 + (1L << 27) + 1, 3)], Read(page));
    }

    [Fact]
    public void AnAbsoluteTimeKeepsTheHighestBitsOfThePages()
    {
        ulong high = 1UL << 60;
        byte[] page = Page(high + 5, Words(31 | (77u << 5), 2), Event(1, 9));

        Assert.Equal([((long)(high + 77 + (2UL << 27) + 1), 9)], Read(page));
    }

    [Fact]
    public void ALongRecordSaysItsLengthItself()
    {
        byte[] record = [.. Words(4u << 5, 8), .. BitConverter.GetBytes(42)];

        Assert.Equal([(1_004, 42), (1_005, 1)], Read(Page(1_000, record, Event(1, 1))));
    }

    [Fact]
    public void WhatWasDiscardedTakesItsTimeAndIsNoEvent()
    {
        byte[] discarded = [.. Words(29 | (10u << 5), 12), .. new byte[8]];

        Assert.Equal([(1_011, 1)], Read(Page(1_000, discarded, Event(1, 1))));
    }

    [Fact]
    public void PaddingEndsAPage() => Assert.Equal([(1_001, 1)], Read(Page(1_000, Event(1, 1), Words(29, 0), Event(1, 2))));

    [Fact]
    public void EachPageBeginsWithATimeOfItsOwn() => Assert.Equal(
        [(1_001, 1), (502, 2)], Read([.. Page(1_000, Event(1, 1)), .. Page(500, Event(2, 2))]));

    [Fact]
    public void EmptyPagesArePassedOver() => Assert.Equal(
        [(1_001, 1)], Read([.. Page(5), .. Page(6), .. Page(1_000, Event(1, 1)), .. Page(7)]));

    [Fact]
    public void LossesAreCountedWhereTheKernelSaysThem()
    {
        byte[] stored = Page(1_000, Event(1, 1));
        Flag(stored, MissedEvents | MissedStored);
        BinaryPrimitives.WriteUInt64LittleEndian(stored.AsSpan(16 + 8), 1_880);
        byte[] unknown = Page(2_000, Event(1, 2));
        Flag(unknown, MissedEvents);
        CpuStream stream = Stream([.. stored, .. unknown]);
        int events = 0;
        while (stream.MoveNext())
        {
            events++;
        }

        Assert.Equal((2, 1_881UL, 1L), (events, stream.LostEvents, stream.LossesOfUnknownSize));
    }

    [Theory]
    [InlineData("record longer than its page")]
    [InlineData("data longer than the page")]
    [InlineData("length too small")]
    [InlineData("page without a head")]
    [InlineData("time without its word")]
    public void APageThatCannotBeIsRefusedByItsPlaceAndItsCpu(string how)
    {
        byte[] page = how switch
        {
            "record longer than its page" => Page(1_000, Words(28 | (1u << 5), 0)),
            "length too small" => Page(1_000, Words(0, 3)),
            "page without a head" => new byte[8],
            "time without its word" => Page(1_000, BitConverter.GetBytes(30u)),
            _ => Page(1_000, Event(1, 1)),
        };
        if (how == "data longer than the page")
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(8), PageBytes);
        }

        Assert.Equal("made-up: byte 0: in this page of CPU 3: lengths do not fit into it; the file is damaged, copy it again",
            Assert.Throws<InputException>(() => Read(page)).Message);
    }

    [Fact]
    public void WhateverBytesAPageHoldsNothingIsReadBeyondIt() => Law.Holds(Gen.Byte.Array[0, 200], 2_000, bytes =>
    {
        byte[] page = Page(1_000, bytes);
        try
        {
            CpuStream stream = Stream(page);
            while (stream.MoveNext())
            {
                Assert.InRange(stream.Record.Length, 0, bytes.Length);
            }
        }
        catch (InputException refused)
        {
            Assert.StartsWith("made-up: byte 0: in this page of CPU 3: ", refused.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void PagesOfAFileThatEndsTooEarlyAreReadAsFarAsTheyAreWhole()
    {
        byte[] pages = [.. Page(1_000, Event(1, 1)), .. Page(2_000, Event(1, 2)), .. Page(3_000, Event(1, 3))];
        byte[] cut = pages[..(2 * PageBytes + 100)];
        RandomBytes bytes = new(new MemoryStream(cut), "made-up");
        CpuStream stream = new(new CpuPages(bytes, new CpuExtent(3, 0, pages.Length), PageBytes, PageBytes, codec: null), 3, 16, bytes);

        Assert.Equal([(1_001, 1), (2_001, 2)], Read(stream));
        Assert.True(stream.IsCutOff);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(PageBytes)]
    [InlineData(3 * PageBytes)]
    [InlineData(1 << 20)]
    public void TheWindowThroughWhichPagesAreReadDoesNotMatter(int window)
    {
        byte[] file = [9, 9, 9, .. Enumerable.Range(0, 7).SelectMany(n => Page((ulong)(1_000 * n), Event(1, n)))];
        RandomBytes bytes = new(new MemoryStream(file), "made-up");
        CpuStream stream = new(new CpuPages(bytes, new CpuExtent(3, 3, 7 * PageBytes), PageBytes, window, codec: null), 3, 16, bytes);

        Assert.Equal(Enumerable.Range(0, 7).Select(n => ((1_000L * n) + 1, n)), Read(stream));
        Assert.False(stream.IsCutOff);
    }

    private static List<(long Time, int Value)> Read(byte[] pages) => Read(Stream(pages));

    private static List<(long Time, int Value)> Read(CpuStream stream)
    {
        List<(long, int)> all = [];
        while (stream.MoveNext())
        {
            all.Add(((long)stream.Time, BinaryPrimitives.ReadInt32LittleEndian(stream.Record)));
        }

        return all;
    }

    private static CpuStream Stream(byte[] pages)
    {
        RandomBytes bytes = new(new MemoryStream(pages), "made-up");
        return new CpuStream(new CpuPages(bytes, new CpuExtent(3, 0, pages.Length), PageBytes, PageBytes, codec: null), 3, 16, bytes);
    }

    private static byte[] Page(ulong time, params byte[][] data)
    {
        byte[] page = new byte[PageBytes];
        byte[] all = [.. data.SelectMany(bytes => bytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(page, time);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(8), (ulong)all.Length);
        all.CopyTo(page, 16);
        return page;
    }

    private static void Flag(byte[] page, uint flags) => BinaryPrimitives.WriteUInt64LittleEndian(
        page.AsSpan(8), BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(8)) | flags);

    /// <summary>An event of four bytes.</summary>
    private static byte[] Event(uint delta, int value) => Words(1 | (delta << 5), (uint)value);

    private static byte[] Extend(uint low, uint high) => Words(30 | (low << 5), high);

    private static byte[] Words(uint first, uint second) => [.. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second)];
}
