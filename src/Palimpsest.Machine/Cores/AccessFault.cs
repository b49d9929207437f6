namespace Palimpsest.Machine.Cores;

public enum FaultKind : byte
{
    /// <summary>The access was performed.</summary>
    None,
    Translation,
    Permission,

    /// <summary>Logical and allocation tag differ, and the mode says abort.</summary>
    TagCheck,
    Alignment,

    /// <summary>Tags of tag storage were accessed on a machine where that faults.</summary>
    TagStorage,
}

/// <summary>Why an access was not performed; default when it was. The kernel resolves it and tries again.</summary>
/// <param name="Address">First byte that could not be accessed, with the top byte that the program gave.</param>
/// <param name="IsFetch">An instruction was to be executed.</param>
public readonly record struct AccessFault(FaultKind Kind, bool IsWrite, ulong Address, bool IsFetch = false)
{
    public bool IsNone => Kind == FaultKind.None;
}
