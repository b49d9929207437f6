using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Workloads;

/// <summary>What the events tell about the start.</summary>
/// <param name="IsSeen">Does some event name this frame? If it was not in use, it was free.</param>
/// <param name="InUse">Frames that were in use.</param>
/// <param name="BlockTypes">Pageblocks that were not Movable.</param>
public sealed record StartEvidence(MemoryLayout Layout,
    Func<int, bool> IsSeen, IReadOnlyList<InitialPage> InUse, IReadOnlyList<PageBlockType> BlockTypes);

/// <summary>What is known about memory in use before the first event, besides the events.</summary>
public interface IStartState
{
    /// <summary>Pages in use that no event names.</summary>
    IEnumerable<InitialPage> Unseen(StartEvidence evidence);

    /// <summary>What does not fit the events, a sentence for the report; null when all does.</summary>
    string? Note => null;
}
