using System.Runtime.InteropServices;

namespace Palimpsest.Machine.Cores;

/// <summary>
/// What an access needs at hand to be performed at once, for memory whose tags are one line of tags. Places are of pinned
/// arrays, which live as long as the memory.
/// </summary>
/// <remarks>
/// Comparing takes no branch but the last: the key of an access, exclusive-or that of the entry, is <see cref="Checked"/> or 0
/// where the entry is the right one; the tags that lie at <see cref="Tags"/> can always be read.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
public unsafe struct ShortWay
{
    /// <summary>Bytes of an entry.</summary>
    public const int Bytes = 32;

    /// <summary>Logarithm of the bytes that an entry is of: <see cref="Dram.TagMap.DataBytesPerTagLine"/>.</summary>
    public const int Shift = 11;

    /// <summary>Entries of a CPU, as long as no engine runs on it.</summary>
    public const int Count = 4096;

    /// <summary>An address shifted right by this, masked to the entries there are, is the place of its entry in bytes.</summary>
    public const int AddressShift = Shift - 5;

    /// <summary>Low bits of a key whose tags are checked: of a tag, and of the granule that an access ends in.</summary>
    public const ulong Checked = 31;

    /// <summary>No access's key: the long way has to be taken.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>Bits 55:11 of the addresses that can be loaded from, and <see cref="Checked"/>, or <see cref="None"/>.</summary>
    public ulong Read;

    /// <summary>As <see cref="Read"/>, of stores.</summary>
    public ulong Write;

    /// <summary>What bits 55:0 of an address are added to.</summary>
    public byte* Data;

    /// <summary>What bits 10:5 of an address are added to, for two cached tags to check against.</summary>
    public byte* Tags;
}
