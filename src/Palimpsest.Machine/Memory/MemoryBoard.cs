using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>One bank of DRAM as the machine describes it.</summary>
/// <param name="Node">NUMA node id; 0 where the tree names none.</param>
public sealed record MemoryBank(PhysicalRange Range, int Node);

/// <summary>A piece of RAM that firmware keeps.</summary>
/// <param name="NoMap">Removed from the kernel's memory altogether.</param>
/// <param name="Name">Node name, for messages.</param>
public sealed record ReservedRange(PhysicalRange Range, bool NoMap, string Name);

/// <summary>A contiguous memory area for device drivers ("shared-dma-pool" with "reusable").</summary>
/// <param name="IsDynamic">The tree gives a size only; the place was decided at boot and is our assumption.</param>
public sealed record CmaPool(PhysicalRange Range, bool IsDynamic, string Name);

/// <summary>
/// Tag storage and the memory whose tags it holds. The page at offset x of <paramref name="Covered"/> has its tags
/// in page x/32 of <paramref name="Storage"/>, rounded down to a block.
/// </summary>
/// <param name="BlockBytes">The block-size property: smallest multiple of 4 KiB whose tags belong to one contiguous range.</param>
/// <param name="IsAssumed">True where the tree has none and the default carve-out was placed above the bank.</param>
public sealed record TagStorageSpan(PhysicalRange Storage, PhysicalRange Covered, ulong BlockBytes, bool IsAssumed, string Name)
{
    /// <summary>Frames taken or given back at once: lcm(page size, block size) / page size.</summary>
    public int BlockFrames(PageGeometry geometry) => TagBlockSize.Frames(geometry.PageBytes, BlockBytes);
}

/// <summary>Physical memory of a machine: what the designs divide. Ranges are sorted and do not overlap within a list.</summary>
/// <param name="Banks">All RAM, tag storage included.</param>
/// <param name="Dialect">Name of the tag-storage dialect found, or "none".</param>
public sealed record MemoryBoard(
    string Model,
    IReadOnlyList<MemoryBank> Banks,
    IReadOnlyList<ReservedRange> Reserved,
    IReadOnlyList<CmaPool> CmaPools,
    IReadOnlyList<TagStorageSpan> TagStorage,
    string Dialect,
    IReadOnlyList<string> Notes)
{
    public ulong CarveOutBytes => TagStorage.Aggregate(0UL, (sum, span) => sum + span.Storage.Bytes);

    /// <summary>RAM without the carve-out: what the recorded kernel saw.</summary>
    public ulong DataBytes => Banks.Aggregate(0UL, (sum, bank) => sum + bank.Range.Bytes) - CarveOutBytes;
}
