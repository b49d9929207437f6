using Palimpsest.Lab.Census;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Vocabulary;
using static Palimpsest.Lab.Tests.Census.CensusFolder;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>Pages of processes, by a folder that looks like /proc.</summary>
public sealed class ProcessCensusTests : IDisposable
{
    private const ulong Shared = 1UL << 61;

    private readonly CensusFolder _proc = Of(Frames(256, (1, Anonymous), (33, Anonymous), (34, Anonymous), (65, Anonymous), (97, Lru),
        (130, 0), (200, Anonymous)));

    public ProcessCensusTests()
    {
        // One shares page 34 with the other, maps a file, has the zero page, and a page that is not there.
        _proc.WriteProcess(11, "server", "ac", Page(33), Page(34), 0, Page(97) | Shared, Page(130), 0x4321);
        _proc.WriteProcess(7, "sh", "mt ac", Page(1), Page(34), Page(65), Page(97) | Shared);
        _proc.WriteProcess(12, "idle", "ac");
        _proc.Write("self/comm", "no process\n");
    }

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void EachProcessHasItsPages()
    {
        CensusResult census = _proc.Run();

        Assert.Equal((5, 4), (census.All.Pages, census.All.TagPages));
        Assert.Equal([(7, "sh", 3, 3), (11, "server", 2, 1)], census.Processes.Select(process =>
            (process.Pid, process.Name, (int)process.Scatter.Pages, (int)process.Scatter.TagPages)));
    }

    [Theory]
    [InlineData("server", 2, 1)]
    [InlineData("s*", 4, 3)]
    [InlineData("7", 3, 3)]
    [InlineData("idle", 0, 0)]
    public void OnlySomeMayBeMeant(string name, int pages, int tagPages)
    {
        CensusResult census = new CensusTrial { Path = _proc.Path, Processes = [name] }.Finish();

        Assert.Equal((pages, tagPages), (census.All.Pages, census.All.TagPages));
        Assert.Equal([name], census.Chosen);
    }

    [Fact]
    public void AreasMarkedMtMayBeMeantWhateverLiesInThem()
    {
        CensusResult census = new CensusTrial { Path = _proc.Path, Candidates = CensusCandidates.MteAreas }.Finish();

        Assert.Equal((4, 4), (census.All.Pages, census.All.TagPages));
        Assert.Equal([7], census.Processes.Select(process => process.Pid));
    }

    [Fact]
    public void WhatIsTaggedMayBeShared()
    {
        _proc.WriteProcess(14, "shares", "mt ac", Page(201) | Shared, Page(200));
        File.WriteAllBytes(_proc["kpageflags"], Bytes(Frames(256, (33, Anonymous), (200, Anonymous), (201, Lru | SwapBacked | Tagged))));
        _proc.Write("14/smaps", "10000-12000 rw-s 00000000 00:00 0\nRss:   8 kB\nAnonymous:   0 kB\n");
        CensusResult census = new CensusTrial { Path = _proc.Path, Processes = ["shares"], Candidates = CensusCandidates.Tagged }.Finish();

        Assert.Equal((1, 1), (census.All.Pages, census.Processes.Single().Scatter.TagPages));
    }

    [Fact]
    public void ANameOfNobodyIsRefused() => Assert.Contains("--process nobody", Assert.Throws<InputException>(() =>
        new CensusTrial { Path = _proc.Path, Processes = ["nobody"] }.Finish()).Message, StringComparison.Ordinal);

    [Fact]
    public void AKernelThatHidesPlacesIsTold()
    {
        _proc.WriteProcess(13, "hidden", "ac", 1UL << 63);

        Assert.Contains("CAP_SYS_ADMIN", Assert.Throws<InputException>(() =>
            new CensusTrial { Path = _proc.Path, Processes = ["hidden"] }.Finish()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProcessThatEndsIsPassedOver()
    {
        File.Delete(_proc["7/pagemap"]);
        Directory.Delete(_proc["12"], recursive: true);

        Assert.Equal([11], _proc.Run().Processes.Select(process => process.Pid));
    }

    [Fact]
    public void MoreAddressesThanAreLookedAtAreTold()
    {
        _proc.Write("12/smaps", "10000-ffffffff0000 rw-p 00000000 00:00 0\nAnonymous:   4 kB\n");

        Assert.Contains(_proc.Run().Notes, note => note.Contains("1 TiB of addresses", StringComparison.Ordinal));
    }

    private static ulong Page(ulong pfn) => (1UL << 63) | pfn;
}
