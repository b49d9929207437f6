using Palimpsest.Lab.Facts;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A machine by all that its inputs tell, settled.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Facts">What more than one input may tell, the best source of each kind first.</param>
public sealed record RecordedMachine(MemoryBoard Board, PageGeometry Geometry, string Name, IReadOnlyList<Fact> Facts)
{
    /// <summary>Release of the recorded kernel; null where nothing tells.</summary>
    public KernelRelease? Release { get; init; }

    /// <summary>Rules that its allocator gets.</summary>
    public RulesUsed Rules => RulesUsed.For(Release);

    /// <summary>What was contradicted, passed over or given up, a sentence each; the carve-out that is assumed has its own.</summary>
    public IEnumerable<string> Notes => Board.Notes.Where(note => !note.StartsWith("assumed:", StringComparison.Ordinal));
}
