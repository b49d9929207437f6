using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>Asks a trial to keep how memory fares, beside its figures.</summary>
public sealed record CourseRequest
{
    /// <summary>Even distances that a run is divided into, a divisor of 600; a moment at each of their ends.</summary>
    public int Distances { get; init; } = 120;

    /// <summary>Keeps what is done about tag storage one by one, too: reservations, moves and failures.</summary>
    public bool KeepsEvents { get; init; }

    /// <summary>Told once what is about to run; null for nobody.</summary>
    public Action<CourseStart>? Begun { get; init; }

    /// <summary>Told a design's position in the list and each moment as it is reached, from any thread; null for nobody.</summary>
    public Action<int, MemoryMoment>? Reached { get; init; }

    /// <summary>
    /// Told a design's position in the list when it begins, and what opens its moments while it runs; from any thread, null for nobody.
    /// </summary>
    public Action<int, RunningCourse>? Followed { get; init; }

    /// <summary>Pages whose use is kept of a design that is followed, a byte each: of the last moments, as many as fit.</summary>
    public long KeptPages { get; init; } = 16 << 20;
}

/// <summary>What is about to run.</summary>
/// <param name="Designs">In the order asked; some may turn out to be unfit.</param>
/// <param name="StorageFrames">Frames of the whole carve-out.</param>
/// <param name="Orders">Orders of free chunks, from 0 on.</param>
public sealed record CourseStart(
    IReadOnlyList<DesignFacts> Designs, CourseGrid Grid, TraceClock Clock, int PageBytes, int StorageFrames, int Orders, long DurationNs)
{
    internal static CourseStart Of(IReadOnlyList<DesignFacts> designs, MemoryLayout layout, TraceClock clock, long durationNs) => new(
        designs, CourseGrid.Of(layout), clock, layout.Geometry.PageBytes, layout.Storage.Sum(run => run.Frames),
        layout.Geometry.LargestOrder + 1, durationNs);
}
