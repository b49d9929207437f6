using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Recordings;

/// <summary>What was done about tag storage, or failed.</summary>
public enum StorageEventKind : byte
{
    /// <summary>A block of tag storage was taken for tags.</summary>
    Reserved,

    /// <summary>A block of tag storage was lent again.</summary>
    Released,

    /// <summary>A folio was moved.</summary>
    Moved,

    /// <summary>An access met a page that had no storage yet.</summary>
    FaultOnAccess,

    /// <summary>The storage of a folio could not be had.</summary>
    Busy,

    /// <summary>A page that was to be tagged stayed untagged.</summary>
    Untagged,

    /// <summary>A request got no memory.</summary>
    NoMemory,
}

/// <summary>One of them.</summary>
/// <param name="TimeNs">Since the first event or step.</param>
/// <param name="ModelledNs">How long it took, by the cost table: a model, where the time is one of the recording.</param>
/// <param name="Pfn">First page frame of the block or folio; null where there is none.</param>
/// <param name="FromPfn">Where a folio was before; null for others.</param>
/// <param name="Frames">Frames of the block or folio, or that were asked for.</param>
/// <param name="Reason">Why it failed, for people, without a full stop; null for what did not.</param>
public sealed record StorageEvent(
    StorageEventKind Kind, long TimeNs, long ModelledNs, CpuId Cpu, ulong? Pfn, ulong? FromPfn, int Frames, string? Reason);

/// <summary>What was done about tag storage in a run.</summary>
/// <param name="Events">In order of time; no two of one CPU at a time.</param>
/// <param name="More">Events that came after these and are not kept.</param>
public sealed record StorageEvents(IReadOnlyList<StorageEvent> Events, long More);
