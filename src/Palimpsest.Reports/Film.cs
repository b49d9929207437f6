using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Traces;

namespace Palimpsest.Reports;

/// <summary>A design that was run, with how memory fared.</summary>
public sealed record FilmDesign(DesignFacts Design, StorageFigures Storage, MemoryCourse Course);

/// <summary>What a slider over memory shows when all has run.</summary>
/// <param name="Designs">Those that ran and whose course was kept.</param>
/// <param name="Unfit">Those that did not.</param>
/// <param name="Best">Label of the design to begin with; null where none is known.</param>
/// <param name="Clock">What times are measured in.</param>
public sealed record Film(IReadOnlyList<FilmDesign> Designs, IReadOnlyList<UnfitDesign> Unfit, string? Best, TraceClock Clock)
{
    /// <summary>What the page's slider needs of a comparison, named as its rows are.</summary>
    public static Film Of(ComparisonResult result) => new(
        [.. result.Designs.Where(design => design.Course is not null)
            .Select(design => new FilmDesign(design.Design, design.Storage, design.Course!))],
        result.Unfit, new Ranking(result).Best?.Design.Label, result.Recording.Clock);

    /// <summary>Of the first seed.</summary>
    public static Film Of(LoopStudy study) => new(
        [.. study.First.Designs.Where(design => design.Course is not null)
            .Select(design => new FilmDesign(design.Design, design.Storage, design.Course!))],
        study.First.Unfit, study.Best?.Design.Label, TraceClock.Time);
}
