using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>
/// What Linux's placement would reserve if the candidates were tagged where they lie now: a tag page for each block with any.
/// </summary>
/// <param name="Name">Last part of where the kpageflags is.</param>
/// <param name="PageBytes">Of the machine.</param>
/// <param name="Frames">That have a page.</param>
/// <param name="CarveOutPages">Tag pages for all of them: blocks with any frame.</param>
/// <param name="Chosen">The processes that were asked for, as they were named; all where there is none.</param>
/// <param name="All">The candidates.</param>
/// <param name="Base">Those in folios of one page.</param>
/// <param name="Huge">Those in large folios; a block with both kinds counts for both.</param>
/// <param name="Kinds">All pages by kind, candidates or not.</param>
/// <param name="Neighbours">What else lies in the blocks that hold candidates.</param>
/// <param name="Processes">Whose the candidates are, most tag pages first; empty for a copy.</param>
/// <param name="Notes">What was assumed, in sentences.</param>
public sealed record CensusResult(
    string Name, int PageBytes, long Frames, long CarveOutPages, CensusCandidates Candidates, IReadOnlyList<string> Chosen, Scatter All,
    Scatter Base, Scatter Huge, IReadOnlyList<KindScatter> Kinds, IReadOnlyList<KindPages> Neighbours,
    IReadOnlyList<ProcessScatter> Processes, CensusMap Map, IReadOnlyList<string> Notes)
{
    /// <summary>Of the carve-out, where the candidates are tagged as they lie.</summary>
    public double GivenBackPercent => Percent(All.TagPages);

    /// <summary>The same where they lie side by side.</summary>
    public double IdealGivenBackPercent => Percent(All.IdealTagPages);

    /// <summary>Pages in MiB.</summary>
    public double Mebibytes(long pages) => (double)pages * PageBytes / (1 << 20);

    private double Percent(long reserved) => 100.0 * (CarveOutPages - reserved) / CarveOutPages;
}
