using Palimpsest.Lab.Census;

namespace Palimpsest.Reports.Columns;

/// <summary>All figures of pages that lie somewhere, whichever pages they are.</summary>
internal static class ScatterColumns
{
    public static IReadOnlyList<Column<Scatter>> All { get; } =
    [
        new("pages", "scatter", "pages", Unit.Count, "pages in memory", Better.Neither, scatter => scatter.Pages),
        new("tag_pages", "scatter", "tag pages", Unit.Count, "blocks of 32 frames that hold any of them: tag pages to reserve",
            Better.Lower, scatter => scatter.TagPages),
        new("ideal_tag_pages", "scatter", "ideal", Unit.Count, "tag pages that would do if they lay side by side", Better.Neither,
            scatter => scatter.IdealTagPages),
        new("ratio", "scatter", "ratio", Unit.Ratio, "tag pages for each that would do", Better.Lower, scatter => scatter.OverIdeal ?? 0)
        {
            Decimals = 2, IsMeasured = scatter => scatter.Pages > 0,
        },
        new("mean_fill", "scatter", "fill", Unit.Ratio, "pages in such a block, of 32", Better.Higher, scatter => scatter.MeanFill ?? 0)
        {
            IsMeasured = scatter => scatter.Pages > 0,
        },
    ];
}
