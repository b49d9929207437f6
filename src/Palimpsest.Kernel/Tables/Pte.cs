using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>A page-table entry, as far as Linux and the walk of a CPU look at it. Zero is none.</summary>
// Value 63:16: frame, or slot of the swap device. A present entry is accessible unless one of NoAccess and
// FaultOnAccess is set (PROT_NONE; the proposal's software bit 60 with PROT_NONE).
internal readonly record struct Pte(ulong Bits)
{
    public const ulong PresentBit = 1;
    public const ulong WritableBit = 1 << 1;
    public const ulong DirtyBit = 1 << 2;
    public const ulong YoungBit = 1 << 3;

    /// <summary>Normal-Tagged.</summary>
    public const ulong TaggedBit = 1 << 4;

    /// <summary>In a PROT_MTE area, without storage for its tags yet.</summary>
    public const ulong FaultOnAccessBit = 1 << 5;

    public const ulong NoAccessBit = 1 << 6;

    /// <summary>The zero page, which has no reverse map.</summary>
    public const ulong SpecialBit = 1 << 7;

    /// <summary>Maps a whole huge page; stands for each of its pages.</summary>
    public const ulong HugeBit = 1 << 8;

    /// <summary>Instructions may be fetched (UXN is clear).</summary>
    public const ulong ExecutableBit = 1 << 11;

    /// <summary>Read-only until whoever watches writes says otherwise (pte_uffd_wp).</summary>
    public const ulong WriteToldBit = 1 << 12;

    /// <summary>Shared with equal pages by KSM, so that a write must copy.</summary>
    public const ulong MergedBit = 1 << 13;

    private const ulong SwapBit = 1 << 9;
    private const ulong MigrationBit = 1 << 10;
    private const int ValueShift = 16;
    private const ulong Flags = (1UL << ValueShift) - 1;

    public static readonly Pte None;

    public bool IsNone => Bits == 0;

    public bool IsPresent => (Bits & PresentBit) != 0;

    /// <summary>The hardware lets a program through.</summary>
    public bool IsAccessible => (Bits & (PresentBit | FaultOnAccessBit | NoAccessBit)) == PresentBit;

    public bool IsSwap => (Bits & SwapBit) != 0;

    public bool IsMigration => (Bits & MigrationBit) != 0;

    /// <summary>Frame of a present or migration entry.</summary>
    public Frame Frame => new((int)(Bits >> ValueShift));

    /// <summary>Slot of a swap entry.</summary>
    public int Slot => (int)(Bits >> ValueShift);

    public static Pte Present(Frame frame, ulong bits) => new(((ulong)frame.Index << ValueShift) | PresentBit | bits);

    public static Pte Swap(int slot) => new(((ulong)slot << ValueShift) | SwapBit);

    /// <summary>Stands for an entry whose folio is on its way; keeps its bits.</summary>
    public static Pte Migration(Pte old) => new((old.Bits & ~PresentBit) | MigrationBit);

    public bool Has(ulong bits) => (Bits & bits) != 0;

    public Pte With(ulong bits) => new(Bits | bits);

    public Pte Without(ulong bits) => new(Bits & ~bits);

    /// <summary>Bits below the value that say how it is mapped.</summary>
    public ulong MappedAs => Bits & Flags & ~(PresentBit | SwapBit | MigrationBit);
}
