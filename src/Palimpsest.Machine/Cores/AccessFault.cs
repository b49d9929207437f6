namespace Palimpsest.Machine.Cores;

/// <summary>Why an access was not performed, or, asynchronously, not as it should.</summary>
public enum FaultKind : byte
{
    /// <summary>The access was performed.</summary>
    None,

    /// <summary>No valid entry maps the address.</summary>
    Translation,

    /// <summary>The entry does not allow it.</summary>
    Permission,

    /// <summary>Logical and allocation tag differ, and the mode says abort.</summary>
    TagCheck,

    /// <summary>The address is no multiple of what the access demands.</summary>
    Alignment,

    /// <summary>Tags of tag storage were accessed on a machine where that faults.</summary>
    TagStorage,
}

/// <summary>Why an access was not performed; default when it was. The kernel resolves it and tries again.</summary>
/// <param name="Address">First byte that could not be accessed, with the top byte that the program gave.</param>
/// <param name="IsFetch">An instruction was to be executed.</param>
public readonly record struct AccessFault(FaultKind Kind, bool IsWrite, ulong Address, bool IsFetch = false)
{
    /// <summary>The access was performed.</summary>
    public bool IsNone => Kind == FaultKind.None;
}
