namespace Palimpsest.Machine.Mte;

/// <summary>Kinds of access that differ in whether tags are checked.</summary>
public enum AccessKind : byte
{
    /// <summary>A load or store through a register; the one kind that is checked.</summary>
    Data,

    /// <summary>Base register SP with an immediate offset.</summary>
    StackImmediate,

    /// <summary>PC-relative load: never checked.</summary>
    Literal,

    /// <summary>Never checked.</summary>
    InstructionFetch,

    /// <summary>The walk of translation tables: never checked.</summary>
    TableWalk,

    /// <summary>DC, IC and the like: never checked.</summary>
    CacheMaintenance,

    /// <summary>LDG, STG and the like.</summary>
    TagInstruction,

    /// <summary>The kernel's copy from or to user space, for which it sets PSTATE.TCO.</summary>
    UserCopy,
}

/// <summary>What follows from a mismatch.</summary>
public enum MismatchEffect : byte
{
    /// <summary>The access is performed as if the tags matched.</summary>
    None,

    /// <summary>Data abort; the access is not performed.</summary>
    Abort,

    /// <summary>The access is performed, and noted in the sticky bit.</summary>
    Sticky,
}

/// <summary>When logical and allocation tag are compared, and what a mismatch does (Arm ARM, AArch64.CheckTag).</summary>
public static class TagCheck
{
    /// <param name="isTaggedMapping">The translation says Normal-Tagged.</param>
    public static bool IsChecked(
        MteRegisters registers, ulong address, bool isTaggedMapping, AccessKind kind = AccessKind.Data,
            ExceptionLevel level = ExceptionLevel.El0) =>
        isTaggedMapping && kind == AccessKind.Data && !registers.Tco && registers.AllowsTags(level) && !MatchesAll(registers, address);

    /// <summary>What follows in a mode; of the asymmetric one reads abort and writes are noted.</summary>
    /// <param name="isWrite">It writes and does not read: an atomic access that does both is a read here (AArch64.TagCheckFault).</param>
    public static MismatchEffect EffectOf(TagFaultMode mode, bool isWrite) => mode switch
    {
        TagFaultMode.None => MismatchEffect.None,
        TagFaultMode.Synchronous => MismatchEffect.Abort,
        TagFaultMode.Asynchronous => MismatchEffect.Sticky,
        _ => isWrite ? MismatchEffect.Sticky : MismatchEffect.Abort,
    };

    /// <summary>Sets the sticky bit of a mismatch that was not reported at once.</summary>
    public static void Note(MteRegisters registers, ulong address, ExceptionLevel level)
    {
        TagFaultStatus bit = LogicalTag.IsHighHalf(address) ? TagFaultStatus.Tf1 : TagFaultStatus.Tf0;
        if (level == ExceptionLevel.El0)
        {
            registers.Tfsre0 |= bit;
        }
        else
        {
            registers.Tfsr |= bit;
        }
    }

    private static bool MatchesAll(MteRegisters registers, ulong address) => LogicalTag.IsHighHalf(address)
        ? registers.Tcma1 && LogicalTag.Of(address) == 15
        : registers.Tcma0 && LogicalTag.Of(address) == 0;
}
