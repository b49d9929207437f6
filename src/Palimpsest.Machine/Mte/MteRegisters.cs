namespace Palimpsest.Machine.Mte;

/// <summary>What a tag check fault does (SCTLR_EL1.TCF0 for EL0, TCF for EL1).</summary>
public enum TagFaultMode : byte
{
    /// <summary>Mismatches are ignored.</summary>
    None = 0,

    /// <summary>Data abort before the access takes effect.</summary>
    Synchronous = 1,

    /// <summary>The access is performed and a sticky bit set.</summary>
    Asynchronous = 2,

    /// <summary>Synchronous for reads, asynchronous for writes (FEAT_MTE3).</summary>
    Asymmetric = 3,
}

/// <summary>Sticky bits of TFSR_EL1 and TFSRE0_EL1.</summary>
[Flags]
public enum TagFaultStatus : byte
{
    /// <summary>No field.</summary>
    None = 0,

    /// <summary>A mismatch in the low half of addresses.</summary>
    Tf0 = 1,

    /// <summary>A mismatch in the high half.</summary>
    Tf1 = 2,
}

/// <summary>
/// MTE state of one CPU. Registers keep the bits of the Arm ARM, so that MSR and MRS can reach them whole; fields have
/// names of their own. Reset leaves tag access disabled, as the architecture does.
/// </summary>
public sealed class MteRegisters
{
    private const int RrndBit = 16;
    private const int SeedShift = 8;
    private const int Tcf0Shift = 38;
    private const int TcfShift = 40;
    private const int Ata0Bit = 42;
    private const int AtaBit = 43;
    private const int Tcma0Bit = 57;
    private const int Tcma1Bit = 58;

    /// <summary>GCR_EL1: Exclude 15:0, RRND 16.</summary>
    public ulong Gcr { get; set; }

    /// <summary>RGSR_EL1: TAG 3:0, SEED 23:8.</summary>
    public ulong Rgsr { get; set; }

    /// <summary>SCTLR_EL1: TCF0 39:38, TCF 41:40, ATA0 42, ATA 43; other bits are kept and ignored.</summary>
    public ulong Sctlr { get; set; }

    /// <summary>TCR_EL1: TCMA0 57, TCMA1 58; other bits are kept and ignored.</summary>
    public ulong Tcr { get; set; }

    /// <summary>PSTATE.TCO: checks are off.</summary>
    public bool Tco { get; set; }

    /// <summary>TFSRE0_EL1: mismatches of EL0.</summary>
    public TagFaultStatus Tfsre0 { get; set; }

    /// <summary>TFSR_EL1: mismatches of EL1.</summary>
    public TagFaultStatus Tfsr { get; set; }

    /// <summary>Tags that IRG, ADDG and SUBG never choose, one bit a tag.</summary>
    public ushort Exclude
    {
        get => (ushort)Gcr;
        set => Gcr = (Gcr & ~0xFFFFUL) | value;
    }

    /// <summary>The include mask of prctl(PR_SET_TAGGED_ADDR_CTRL): the complement of <see cref="Exclude"/>.</summary>
    public ushort Include
    {
        get => (ushort)~Exclude;
        set => Exclude = (ushort)~value;
    }

    /// <summary>IRG may use a source of its own instead of the LFSR as the architecture writes it.</summary>
    public bool Rrnd
    {
        get => Has(Gcr, RrndBit);
        set => Gcr = With(Gcr, RrndBit, value);
    }

    /// <summary>RGSR_EL1.TAG: where the next IRG starts.</summary>
    public int StartTag
    {
        get => (int)Rgsr & 15;
        set => Rgsr = (Rgsr & ~15UL) | (uint)(value & 15);
    }

    /// <summary>RGSR_EL1.SEED: state of the LFSR.</summary>
    public ushort Seed
    {
        get => (ushort)(Rgsr >> SeedShift);
        set => Rgsr = (Rgsr & ~(0xFFFFUL << SeedShift)) | ((ulong)value << SeedShift);
    }

    /// <summary>SCTLR_EL1.TCF0: what a mismatch at EL0 does.</summary>
    public TagFaultMode Tcf0
    {
        get => (TagFaultMode)(Sctlr >> Tcf0Shift & 3);
        set => Sctlr = (Sctlr & ~(3UL << Tcf0Shift)) | ((ulong)value << Tcf0Shift);
    }

    /// <summary>SCTLR_EL1.TCF: what a mismatch at EL1 does.</summary>
    public TagFaultMode Tcf
    {
        get => (TagFaultMode)(Sctlr >> TcfShift & 3);
        set => Sctlr = (Sctlr & ~(3UL << TcfShift)) | ((ulong)value << TcfShift);
    }

    /// <summary>EL0 may access tags: without it loads give 0, stores are dropped, and nothing is checked.</summary>
    public bool Ata0
    {
        get => Has(Sctlr, Ata0Bit);
        set => Sctlr = With(Sctlr, Ata0Bit, value);
    }

    /// <summary>As <see cref="Ata0"/>, for EL1.</summary>
    public bool Ata
    {
        get => Has(Sctlr, AtaBit);
        set => Sctlr = With(Sctlr, AtaBit, value);
    }

    /// <summary>Low half: tag 0b0000 matches everything.</summary>
    public bool Tcma0
    {
        get => Has(Tcr, Tcma0Bit);
        set => Tcr = With(Tcr, Tcma0Bit, value);
    }

    /// <summary>High half: tag 0b1111 matches everything.</summary>
    public bool Tcma1
    {
        get => Has(Tcr, Tcma1Bit);
        set => Tcr = With(Tcr, Tcma1Bit, value);
    }

    /// <summary>True when software at the level may access tags.</summary>
    public bool AllowsTags(ExceptionLevel level) => level == ExceptionLevel.El0 ? Ata0 : Ata;

    /// <summary>What a mismatch at the level does.</summary>
    public TagFaultMode FaultMode(ExceptionLevel level) => level == ExceptionLevel.El0 ? Tcf0 : Tcf;

    private static bool Has(ulong register, int bit) => (register >> bit & 1) != 0;

    private static ulong With(ulong register, int bit, bool value) => value ? register | 1UL << bit : register & ~(1UL << bit);
}

/// <summary>Privilege of the software that accesses memory.</summary>
public enum ExceptionLevel : byte
{
    /// <summary>Programs.</summary>
    El0,

    /// <summary>The kernel.</summary>
    El1,
}
