using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>Where among the lists of a zone tag storage with lists of its own is tried.</summary>
public enum StorageUse : byte
{
    /// <summary>Before the request's own type.</summary>
    First,

    /// <summary>First while more than half of the zone's free pages are tag storage (the CMA rule), else like AfterCma.</summary>
    Balanced,

    /// <summary>After the request's own type, before CMA.</summary>
    AfterOwnType,

    /// <summary>After CMA, before stealing from other types.</summary>
    AfterCma,

    /// <summary>Only when nothing else is left, stealing included.</summary>
    Last,
}

/// <summary>The moments at which a use draws.</summary>
internal static class StorageUses
{
    public static bool DrawsAt(this StorageUse use, DrawMoment moment, in DrawView view) => moment switch
    {
        DrawMoment.BeforeOwnType => use == StorageUse.First || (use == StorageUse.Balanced && view.FreeStorageFrames > view.FreeFrames / 2),
        DrawMoment.AfterOwnType => use == StorageUse.AfterOwnType,
        DrawMoment.AfterCma => use is StorageUse.AfterCma or StorageUse.Balanced,
        _ => use == StorageUse.Last,
    };
}
