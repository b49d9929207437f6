using Palimpsest.Lab.Facts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Facts;

/// <summary>Of what is told twice the better source is believed, and the other is refused or noted, never passed over.</summary>
public sealed class FactBookTests
{
    private const ulong MiB = 1 << 20;

    [Fact]
    public void SourcesAreRanked()
    {
        FactBook book = new();
        foreach (FactSource source in Enum.GetValues<FactSource>())
        {
            book.Add(FactKind.Cma, (ulong)source * MiB, source, source.ToString());
        }

        Assert.Equal(FactSource.Option, book.Best(FactKind.Cma)!.Source);
        Assert.Equal(Enum.GetValues<FactSource>().Reverse(), book.Facts.Select(fact => fact.Source));
        Assert.Equal(5, book.Settle().Count);
    }

    [Fact]
    public void AContradictionIsNotedOnce()
    {
        FactBook book = new();
        book.Add(FactKind.Release, (6 << 16) | 1, FactSource.KernelLog, "dmesg");
        book.Add(FactKind.Release, (6 << 16) | 12, FactSource.Option, "--kernel");
        book.Add(FactKind.Release, (6 << 16) | 12, FactSource.Recording, "the recording");

        Assert.Equal(
            ["Told twice: the release of Linux is 6.12 by --kernel, 6.1 by dmesg; the first is believed."], book.Settle());
    }

    [Fact]
    public void WhatNobodyTellsIsNoFact()
    {
        FactBook book = new();
        book.Add(FactKind.Release, null, FactSource.KernelLog, "dmesg");

        Assert.Null(book.Best(FactKind.Release));
        Assert.Empty(book.Settle());
    }

    [Fact]
    public void ADefaultGivesWayWithoutAWord()
    {
        FactBook book = new();
        book.Add(FactKind.PageSize, 4096, FactSource.Assumption, "nobody");
        book.Add(FactKind.PageSize, 16384, FactSource.Snapshot, "meminfo");

        Assert.Empty(book.Settle());
        Assert.Equal("16 KiB", book.Best(FactKind.PageSize)!.Text);
    }

    [Fact]
    public void TwoPageSizesAreRefused()
    {
        FactBook book = new();
        book.Add(FactKind.PageSize, 4096, FactSource.Option, "--page-size");
        book.Add(FactKind.PageSize, 16384, FactSource.Recording, "the recording");

        Assert.Equal(
            "--page-size: the page size is 4 KiB, but the recording says 16 KiB; give the --page-size of the recorded kernel, or "
                + "inputs of one "
            + "machine",
            Assert.Throws<InputException>(book.Settle).Message);
    }

    [Theory]
    [InlineData(2048, 2048, null)]
    [InlineData(2000, 2048, "note")]
    [InlineData(1800, 2048, "note")]
    [InlineData(1700, 2048, "two machines")]
    [InlineData(4096, 2048, "two machines")]
    [InlineData(512, 2048, "--page-size")]
    [InlineData(128, 2048, "--page-size")]
    [InlineData(8000, 2048, "--page-size")]
    public void RamIsOfOneMachine(ulong counted, ulong described, string? answer)
    {
        FactBook book = new();
        book.Add(FactKind.Ram, counted * MiB, FactSource.Snapshot, "zoneinfo");
        book.Add(FactKind.Ram, described * MiB, FactSource.DeviceTree, "board.dtb");
        if (answer is null or "note")
        {
            Assert.Equal(answer is null ? 0 : 1, book.Settle().Count);
        }
        else
        {
            Assert.Contains(answer, Assert.Throws<InputException>(book.Settle).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(2048, 0)]
    [InlineData(1900, 0)]
    [InlineData(1899, 1)]
    [InlineData(2049, 1)]
    public void ATreeLeavesRoomForWhatIsNotMapped(ulong counted, int notes)
    {
        FactBook book = new();
        book.Add(FactKind.Ram, counted * MiB, FactSource.Snapshot, "zoneinfo");
        book.Add(FactKind.Ram, 2048 * MiB, FactSource.DeviceTree, "board.dtb", least: 1900 * MiB);

        Assert.Equal(notes, book.Settle().Count);
    }

    [Fact]
    public void RamAtTwoPlacesIsRefused()
    {
        FactBook book = new();
        book.Add(FactKind.RamStart, 0x40000000, FactSource.Snapshot, "zoneinfo");
        book.Add(FactKind.RamStart, 0x80000000, FactSource.DeviceTree, "board.dtb");

        Assert.Contains("RAM begins at 0x40000000, but board.dtb says 0x80000000",
            Assert.Throws<InputException>(book.Settle).Message, StringComparison.Ordinal);
    }
}
