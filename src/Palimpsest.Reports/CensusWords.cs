using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports;

/// <summary>A census in words.</summary>
public static class CensusWords
{
    /// <summary>Borders of the classes that fills are shown in: each begins after the one before.</summary>
    internal static IReadOnlyList<int> FillClasses { get; } = [1, 2, 4, 8, 16, 24, 31, 32];

    /// <summary>The answer in a line.</summary>
    public static string Line(CensusResult census) => census.All.OverIdeal is { } ratio
        ? InvariantText.Of($"{census.All.Pages:N0} {Pages(census)} on {census.All.TagPages:N0} tag pages where ")
            + InvariantText.Of($"{census.All.IdealTagPages:N0} would do: {ratio:N2} times the ideal, ")
            + InvariantText.Of($"{census.GivenBackPercent:N1} % of the carve-out given back")
        : $"no {Pages(census)}";

    /// <summary>How the candidates are called in JSON and on the command line.</summary>
    public static string Name(CensusCandidates candidates) => candidates switch
    {
        CensusCandidates.MteAreas => "mt",
        CensusCandidates.Tagged => "tagged",
        _ => "anonymous",
    };

    /// <summary>What is taken to be tagged, after "if".</summary>
    internal static string Condition(CensusResult census) => (census.Candidates switch
    {
        CensusCandidates.MteAreas => "what lies in areas marked mt",
        CensusCandidates.Tagged => "what is tagged now",
        _ => "all anonymous memory",
    }) + (census.Chosen.Count > 0 ? OneLine.Of($" of {string.Join(", ", census.Chosen)}") : "");

    internal static string Memory(CensusResult census)
    {
        double mebibytes = census.Mebibytes(census.Frames);
        return (mebibytes >= 1024 ? InvariantText.Of($"{mebibytes / 1024:N2} GiB") : InvariantText.Of($"{mebibytes:N1} MiB"))
            + InvariantText.Of($" in pages of {census.PageBytes >> 10} KiB; carve-out {census.Mebibytes(census.CarveOutPages):N1} MiB, ")
            + InvariantText.Of($"{census.CarveOutPages:N0} tag pages");
    }

    internal static string Kind(PageKind kind) => kind switch
    {
        PageKind.Anonymous => "anonymous",
        PageKind.HugeAnonymous => "anonymous, huge",
        PageKind.Ksm => "anonymous, KSM",
        PageKind.Shmem => "shmem",
        PageKind.File => "page cache",
        PageKind.HugeTlb => "hugetlb pool",
        PageKind.Slab => "slab",
        PageKind.PageTable => "page tables",
        PageKind.Reserved => "reserved",
        PageKind.Offline => "offline",
        PageKind.Free => "free",
        _ => "other kernel",
    };

    /// <summary>A class of fills: from and to, both in it.</summary>
    internal static IEnumerable<(int From, int To, long Blocks)> Fills(Scatter scatter) =>
        FillClasses.Select((to, index) => (From: index == 0 ? 1 : FillClasses[index - 1] + 1, To: to))
            .Select(fill => (fill.From, fill.To, scatter.Fill.Take(fill.To + 1).Skip(fill.From).Sum()));

    private static string Pages(CensusResult census) => census.Candidates switch
    {
        CensusCandidates.MteAreas => "pages in areas marked mt",
        CensusCandidates.Tagged => "tagged pages",
        _ => "anonymous pages",
    };
}
