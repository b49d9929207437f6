namespace Palimpsest.Lab.Courses;

/// <summary>Asks a trial to keep how memory fares, beside its figures.</summary>
public sealed record CourseRequest
{
    /// <summary>Even distances that a run is divided into, a divisor of 600; a moment at each of their ends.</summary>
    public int Distances { get; init; } = 120;

    /// <summary>Told a design's position in the list, its grid and each moment as it is reached, from any thread; null for nobody.</summary>
    public Action<int, CourseGrid, MemoryMoment>? Reached { get; init; }
}
