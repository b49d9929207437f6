using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>How pages lie in blocks: the 32 aligned frames whose tags fill one page of tag storage.</summary>
/// <param name="Fill">
/// Blocks by how many of the pages they hold, 0 to 32. A block without one needs no tag page and is not counted: the first is 0.
/// </param>
public sealed record Scatter(IReadOnlyList<long> Fill)
{
    /// <summary>All that were counted.</summary>
    public long Pages => Fill.Index().Sum(fill => fill.Index * fill.Item);

    /// <summary>Blocks with any of them: tag pages that must be reserved where they lie.</summary>
    public long TagPages => Fill.Sum();

    /// <summary>Tag pages that would do if they lay side by side.</summary>
    public long IdealTagPages => (Pages + TagGeometry.DataFramesPerStorageFrame - 1) / TagGeometry.DataFramesPerStorageFrame;

    /// <summary>Tag pages for each that would do; null where there is no page.</summary>
    public double? OverIdeal => Pages == 0 ? null : (double)TagPages / IdealTagPages;

    /// <summary>Pages a tag page, of 32; null where there is no page.</summary>
    public double? MeanFill => Pages == 0 ? null : (double)Pages / TagPages;
}

/// <summary>Pages of a kind, and how they lie.</summary>
public sealed record KindScatter(PageKind Kind, Scatter Scatter);

/// <summary>Pages of a kind.</summary>
public sealed record KindPages(PageKind Kind, long Pages);

/// <summary>Pages of a process, and how they lie; what two processes share counts for both.</summary>
/// <param name="Name">As /proc/PID/comm has it, which the process chooses.</param>
public sealed record ProcessScatter(int Pid, string Name, Scatter Scatter);
