using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Courses;

/// <summary>Memory at one moment of a run.</summary>
/// <param name="Figures">Time in nanoseconds since the first event or step, and counts in frames.</param>
/// <param name="Steps">Steps of the run that were done.</param>
/// <param name="Chunks">Free chunks on the buddy lists of all zones: migratetype after migratetype, each from order 0 on.</param>
/// <param name="Cells">A <see cref="MemoryCell"/> each, as the grid of the course has them.</param>
public sealed record MemoryMoment(TimePoint Figures, int Steps, int[] Chunks, byte[] Cells);

/// <summary>Why a moment of a course is worth a look.</summary>
public enum CourseMarkKind : byte
{
    /// <summary>Least of the carve-out is given back.</summary>
    LeastGivenBack,

    /// <summary>Most blocks are reserved beyond those that packed tagged pages would need.</summary>
    MostOverIdeal,

    /// <summary>Fewest frames are free.</summary>
    LeastFree,
}

/// <param name="Moment">Its place among the moments of the course.</param>
public sealed record CourseMark(CourseMarkKind Kind, int Moment);

/// <summary>What a failure was.</summary>
public enum FailureKind : byte
{
    /// <summary>A request got no memory.</summary>
    NoMemory,

    /// <summary>A page that was to be tagged stayed untagged.</summary>
    Untagged,

    /// <summary>The tag storage of a folio could not be had; the kernel may find another place for it.</summary>
    StorageBusy,
}

/// <param name="TimeNs">Since the first event or step.</param>
/// <param name="Pfn">Page frame number of the folio; null where there is none.</param>
/// <param name="Order">Buddy order of the request or the folio.</param>
/// <param name="Reason">For people, without a full stop.</param>
/// <param name="Moment">Moment of the course that shows it, or the one before it.</param>
public sealed record MemoryFailure(long TimeNs, FailureKind Kind, ulong? Pfn, int Order, string Reason, int Moment);
