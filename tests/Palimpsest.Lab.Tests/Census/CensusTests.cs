using System.IO.Compression;
using System.Text.Json;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Lab.Trials;
using static Palimpsest.Lab.Tests.Census.CensusFolder;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>A census counts blocks of 32 aligned frames, whatever else is in them and wherever memory lies.</summary>
public sealed class CensusTests
{
    private static string Sample => Path.Combine(AppContext.BaseDirectory, "Census", "Sample");

    [Fact]
    public void OnePageInABlockReservesItsTagPage()
    {
        using CensusFolder folder = Of(Frames(128, (0, Anonymous), (31, Anonymous), (32, Anonymous), (127, Anonymous)));
        CensusResult census = folder.Run();

        Assert.Equal((4, 3, 1), (census.All.Pages, census.All.TagPages, census.All.IdealTagPages));
        Assert.Equal((3.0, 4.0 / 3), (census.All.OverIdeal, census.All.MeanFill));
        Assert.Equal((2, 1), (census.All.Fill[1], census.All.Fill[2]));
        Assert.Equal((128, 4, 25.0, 75.0), (census.Frames, census.CarveOutPages, census.GivenBackPercent, census.IdealGivenBackPercent));
    }

    [Fact]
    public void WhereNothingIsAnonymousAllIsGivenBackAndThereIsNoRatio()
    {
        using CensusFolder folder = Of(Frames(64, (0, Slab)));
        CensusResult census = folder.Run();

        Assert.Equal((0, null, 100.0), (census.All.Pages, census.All.OverIdeal, census.GivenBackPercent));
        Assert.Contains(census.Notes, note => note.StartsWith("No page is anonymous", StringComparison.Ordinal));
    }

    [Fact]
    public void HolesAreNoFramesAndBanksAreDrawnApart()
    {
        ulong[] flags = [.. Enumerable.Repeat(NoPage, 64), .. Frames(64, (1, Anonymous)), .. Enumerable.Repeat(NoPage, 1 << 16),
            .. Frames(32, (0, Anonymous), (1, Anonymous))];
        using CensusFolder folder = Of(flags);
        CensusResult census = folder.Run();

        Assert.Equal((96, 3, 2), (census.Frames, census.CarveOutPages, census.All.TagPages));
        Assert.Equal([64UL, 128UL + (1 << 16)], census.Map.Banks.Select(bank => bank.FirstPfn));
        Assert.Equal([[2, 1], [3]], census.Map.Banks.Select(bank => bank.Cells));
    }

    [Fact]
    public void AFrameWithoutFlagsInAHoleIsNone()
    {
        using CensusFolder folder = Of([.. Frames(40), .. new ulong[24], .. Frames(64, (3, Anonymous), (9, 0))]);
        folder.Write("iomem", "00000000-00027fff : System RAM\n00040000-0007ffff : System RAM\n");
        CensusResult census = folder.Run();

        Assert.Equal((104, 4), (census.Frames, census.CarveOutPages));
        Assert.Equal(1, census.Kinds.Single(kind => kind.Kind == PageKind.Kernel).Scatter.Pages);
    }

    [Fact]
    public void WithoutIomemZoneinfoCountsTheFrames()
    {
        using CensusFolder folder = Of([.. Frames(64), .. new ulong[64], .. Frames(64, (3, Anonymous))]);
        folder.WriteZone(0, 192, present: 128);
        CensusResult census = folder.Run();

        Assert.Equal((128, 4), (census.Frames, census.CarveOutPages));
        Assert.Contains(census.Notes, note => note.StartsWith("64 entries more", StringComparison.Ordinal));
    }

    [Fact]
    public void HugePagesAreCountedApart()
    {
        ulong[] flags = Frames(1024, (0, Anonymous), (40, Anonymous));
        flags.AsSpan(512, 512).Fill(Anonymous | Huge);
        flags[600] = Anonymous | Huge | Ksm;
        using CensusFolder folder = Of(flags);
        CensusResult census = folder.Run();

        Assert.Equal((514, 18), (census.All.Pages, census.All.TagPages));
        Assert.Equal((3, 3), (census.Base.Pages, census.Base.TagPages));
        Assert.Equal((511, 16, 16), (census.Huge.Pages, census.Huge.TagPages, census.Huge.IdealTagPages));
    }

    [Fact]
    public void EachPageIsOfOneKindAndNeighboursAreTold()
    {
        using CensusFolder folder = Of(Frames(64, (0, Anonymous), (1, Lru), (2, Slab), (3, Lru | SwapBacked), (4, Reserved), (5, 0),
            (6, Anonymous | Ksm), (40, Slab)));
        CensusResult census = folder.Run();

        Assert.Equal(
            [(PageKind.Anonymous, 1), (PageKind.Ksm, 1), (PageKind.Shmem, 1), (PageKind.File, 1), (PageKind.Slab, 2),
                (PageKind.Kernel, 1), (PageKind.Reserved, 1), (PageKind.Free, 56)],
            census.Kinds.Select(kind => (kind.Kind, kind.Scatter.Pages)));
        Assert.Equal(30, census.Neighbours.Sum(kind => kind.Pages));
        Assert.Equal(1, census.Neighbours.Single(kind => kind.Kind == PageKind.Slab).Pages);
    }

    [Fact]
    public void TaggedPagesMayBeAskedFor()
    {
        using CensusFolder folder = Of(Frames(64, (0, Anonymous), (33, Anonymous | Tagged), (34, Lru | Tagged)));
        CensusResult census = new CensusTrial { Path = folder.Path, Candidates = CensusCandidates.Tagged }.Finish();

        Assert.Equal((2, 1), (census.All.Pages, census.All.TagPages));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void TheSizeOfAPageIsToldByMeminfoAndZoneinfo(int pageBytes)
    {
        using CensusFolder folder = Of(Frames(8192, (0, Anonymous)));
        folder.WriteZone(0, 8192);
        folder.Write("meminfo", $"MemTotal: {8000L * pageBytes / 1024} kB\n");
        CensusResult census = folder.Run();

        Assert.Equal((pageBytes, 1, 256), (census.PageBytes, census.All.TagPages, census.CarveOutPages));
        Assert.Equal(pageBytes / 128.0, census.Mebibytes(census.Frames));
        Assert.Empty(census.Notes);
    }

    [Fact]
    public void ACopyFromRamOnHasItsAddresses()
    {
        ulong[] flags = Frames(64, (33, Anonymous));
        flags.AsSpan(0, 20).Clear();
        using CensusFolder folder = Of(flags);
        folder.WriteZone(0x40000, 64);
        folder.Write("iomem", "40000000-4003ffff : System RAM\n");
        CensusResult census = folder.Run();

        Assert.Equal((64, 1, 0x40000UL), (census.Frames, census.All.TagPages, census.Map.Banks[0].FirstPfn));
    }

    [Theory]
    [InlineData("kpageflags")]
    [InlineData("kpageflags.gz")]
    public void TheFileItselfMayBeGivenAndBePacked(string name)
    {
        using CensusFolder folder = new();
        using (FileStream file = File.Create(folder[name]))
        {
            using Stream packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
            packed.Write(Bytes(Frames(8192, (0, Anonymous))));
        }

        Assert.Equal(1, new CensusTrial { Path = folder[name] }.Finish().All.Pages);
        Assert.Equal(1, folder.Run().All.Pages);
    }

    // Counted by another program over the same copy.
    [Fact]
    public void AMachineThatBuildsHasTheseFigures()
    {
        CensusResult census = new CensusTrial { Path = Sample }.Finish();

        Assert.Equal((1_310_720, 40_960, 4096), (census.Frames, census.CarveOutPages, census.PageBytes));
        Assert.Equal((8_002, 1_472, 251), (census.All.Pages, census.All.TagPages, census.All.IdealTagPages));
        Assert.Equal([0, 177, 290, 147, 202, 89, 101, 68, 82, 61, 69, 38, 42, 14, 28, 21, 13, 10, 9, 2, 7, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
            0], census.All.Fill);
        Assert.Equal(1_310_720, census.Kinds.Sum(kind => kind.Scatter.Pages));
        Assert.Equal(1_472 * 32, census.Neighbours.Sum(kind => kind.Pages) + census.All.Pages);
        Assert.Equal(1_472, census.Map.Banks.Sum(bank => bank.Cells.Count(cell => cell > CensusMap.Untouched)));
        Assert.Empty(census.Notes);
    }

    [Fact]
    public void AMapOfManyBlocksHasCellsOfSeveral()
    {
        ulong[] flags = Frames(1 << 24, (0, Anonymous), (1, Anonymous), (32, Anonymous));
        using CensusFolder folder = Of(flags);
        CensusMap map = folder.Run().Map;

        Assert.Equal((2, 1 << 18), (map.CellBlocks, map.Banks[0].Cells.Length));
        Assert.Equal(CensusMap.Untouched + 2, map.Banks[0].Cells[0]);
    }

    [Fact]
    public void WhatIsReadBackIsTheSame()
    {
        CensusTrial trial = new() { Path = Sample, Candidates = CensusCandidates.Anonymous, PageBytes = 4096 };
        CensusTrial kept = JsonSerializer.Deserialize(JsonSerializer.Serialize(trial, TrialJson.Default.CensusTrial),
            TrialJson.Default.CensusTrial)!;
        string result = JsonSerializer.Serialize(kept.Finish(), TrialJson.Default.CensusResult);

        Assert.Equal(JsonSerializer.Serialize(trial.Finish(), TrialJson.Default.CensusResult), result);
        Assert.Equal(result, JsonSerializer.Serialize(JsonSerializer.Deserialize(result, TrialJson.Default.CensusResult),
            TrialJson.Default.CensusResult));
        Assert.Equal(CensusTrial.OwnMachine, JsonSerializer.Deserialize("{}", TrialJson.Default.CensusTrial)!.Path);
    }
}
