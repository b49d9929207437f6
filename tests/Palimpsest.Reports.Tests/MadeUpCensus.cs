using Palimpsest.Lab.Census;

namespace Palimpsest.Reports.Tests;

/// <summary>A census made by hand.</summary>
internal static class MadeUpCensus
{
    public const string Nasty = "</style><script>&\"'<!--\u001b";

    public static Scatter Lying(params (int Pages, long Blocks)[] fills)
    {
        long[] fill = new long[33];
        foreach ((int pages, long blocks) in fills)
        {
            fill[pages] = blocks;
        }

        return new Scatter(fill);
    }

    /// <summary>16 MiB in pages of 16 KiB, 1,024 of them and 32 blocks, with a large hole in the middle.</summary>
    public static CensusResult Result { get; } = new(
        "a/copy", 16384, 1024, 32, CensusCandidates.Anonymous, [], Lying((1, 5), (2, 1), (32, 2)), Lying((1, 5), (2, 1)), Lying((32, 2)),
        [new(PageKind.Anonymous, Lying((1, 5), (2, 1))), new(PageKind.Free, Lying((32, 20)))],
        [new(PageKind.Slab, 100), new(PageKind.Free, 85)],
        [], new CensusMap(1, [new(0, [1, 2, 3, 33]), new(1UL << 20, [0, 1])]), []);

    public static CensusResult Empty { get; } = Result with
    {
        All = Lying(), Base = Lying(), Huge = Lying(), Neighbours = [], Notes = ["No page is anonymous."],
        Map = new CensusMap(4, [new(0, [1, 1])]),
    };

    public static CensusResult Hostile { get; } = Result with
    {
        Name = Nasty, Chosen = [Nasty], Notes = [Nasty],
        Processes = [.. Enumerable.Range(1, 60).Select(pid => new ProcessScatter(pid, Nasty, Lying((3, pid))))],
    };
}
