namespace Palimpsest.Machine.Mte;

/// <summary>The tag in bits 59:56 of an address, with top byte ignore (Arm ARM, AArch64.AllocationTagFromAddress).</summary>
public static class LogicalTag
{
    private const int Shift = 56;
    private const ulong TopByte = 0xFFUL << Shift;

    /// <summary>Bits 59 to 56, 0 to 15.</summary>
    public static int Of(ulong address) => (int)(address >> Shift) & 15;

    /// <summary>The address with these bits replaced; of the tag its low four bits count.</summary>
    public static ulong With(ulong address, int tag) => (address & ~(15UL << Shift)) | ((ulong)(tag & 15) << Shift);

    /// <summary>True for the half of addresses that TTBR1_EL1 translates: the kernel's.</summary>
    public static bool IsHighHalf(ulong address) => (address >> 55 & 1) != 0;

    /// <summary>The address without its top byte: bits 63:56 copy bit 55.</summary>
    public static ulong Canonical(ulong address) => IsHighHalf(address) ? address | TopByte : address & ~TopByte;

    /// <summary>Bits 55:0, as translation takes them.</summary>
    public static ulong Untagged(ulong address) => address & ~TopByte;
}
