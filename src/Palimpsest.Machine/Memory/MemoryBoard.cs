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

    /// <summary>The block of storage frames that holds the tags of a covered frame.</summary>
    public PfnRange BlockOf(Pfn dataFrame, PageGeometry geometry)
    {
        ulong offset = (dataFrame - geometry.PfnOf(Covered.Start)) / TagGeometry.DataFramesPerStorageFrame;
        var block = (ulong)BlockFrames(geometry);
        Pfn first = geometry.PfnOf(Storage.Start) + offset / block * block;
        return new PfnRange(first, first + block);
    }
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
    // Leaves room for the carve-out below the end of 52-bit addresses.
    private const ulong MaxRamBytes = 1UL << 50;

    /// <summary>Address bits of the least capable bus: what decides where ZONE_DMA ends.</summary>
    public int DmaAddressBits { get; init; } = 32;

    /// <summary>The command line says transparent_hugepage=never.</summary>
    public bool NoHugePages { get; init; }

    /// <summary>A device tree describes it.</summary>
    public bool IsOfTree { get; init; }

    /// <summary>Release that placed what has no address of its own.</summary>
    public KernelRelease Release { get; init; } = KernelRelease.Linux61;

    /// <summary>First address above ZONE_DMA.</summary>
    public ulong DmaLimit => ZoneLayout.Limit(Banks, DmaAddressBits);

    /// <summary>Zones that are not empty, in ascending order; holes between banks are part of them.</summary>
    public IReadOnlyList<ZoneSpan> Zones => ZoneLayout.For(Banks, DmaAddressBits);

    /// <summary>Bytes of all tag storage.</summary>
    public ulong CarveOutBytes => TagStorage.Aggregate(0UL, (sum, span) => sum + span.Storage.Bytes);

    /// <summary>RAM without the carve-out: what the recorded kernel saw.</summary>
    public ulong DataBytes => Banks.Aggregate(0UL, (sum, bank) => sum + bank.Range.Bytes) - CarveOutBytes;

    /// <summary>One bank and its default carve-out: the machine of a user who gives only its RAM.</summary>
    /// <exception cref="InputException">The RAM is not whole pages, or passes the end of addresses.</exception>
    public static MemoryBoard Flat(ulong ramBytes, PageGeometry geometry, ulong baseAddress = 0x4000_0000)
    {
        var ram = new PhysicalRange(new PhysicalAddress(baseAddress), ramBytes);
        if (ramBytes == 0 || (ramBytes | baseAddress) % (ulong)geometry.PageBytes != 0)
        {
            throw new InputException($"RAM of {ramBytes:N0} bytes at 0x{baseAddress:x} is not whole pages; correct --ram");
        }

        if (ramBytes > MaxRamBytes || baseAddress > MaxRamBytes)
        {
            throw new InputException($"RAM of {ByteText.Of(ramBytes)} at 0x{baseAddress:x} is too much to model; correct --ram");
        }

        return OfRam([ram], geometry, $"{ByteText.Of(ramBytes)} without a device tree", "--ram");
    }

    /// <summary>Banks, and the default carve-out above each: a machine of which only its memory map is known.</summary>
    /// <param name="ram">In ascending order and apart; whole pages.</param>
    /// <param name="source">What told, for messages.</param>
    public static MemoryBoard OfRam(IReadOnlyList<PhysicalRange> ram, PageGeometry geometry, string model, string source)
    {
        IReadOnlyList<MemoryBank> data = [.. ram.Select(range => new MemoryBank(range, Node: 0))];
        List<TagStorageSpan> spans = DefaultCarveOut.Above(data, geometry);
        List<string> notes = [DefaultCarveOut.Note(spans)];
        IReadOnlyList<MemoryBank> banks = DefaultCarveOut.WithStorage(data, spans, source, notes);
        var board = new MemoryBoard(model, banks, [], [], spans, "none", notes);
        return board with { TagStorage = ZoneSplit.Apply(spans, board.Zones, geometry, source) };
    }
}
