using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Pages whose tag storage is active, kept apart from the buddy lists in the masks of their blocks. The allocator asks for them where
/// a request is tagged, and gives them back when they are freed. Caller holds the zone lock.
/// </summary>
internal interface IActiveBlocks
{
    /// <summary>Can a folio of an order lie in one block? A larger one comes from the buddy lists.</summary>
    bool Fits(int order);

    /// <summary>2^order frames of an active block, off its mask; none where no block has them.</summary>
    Frame Take(Zone zone, CpuId cpu, int order);

    /// <summary>Makes a block active that has 2^order frames free and whose storage is free; false where there is none.</summary>
    bool TryActivate(Zone zone, CpuId cpu, int order);

    /// <summary>A frame for data, from the block that is given back next; none where all are needed, or kept from the type.</summary>
    Frame Borrow(Zone zone, MigrateType type);

    /// <summary>Frames of an active block are free again, whoever had them.</summary>
    void Free(Frame frame, int order);

    /// <summary>A range is about to be isolated: what is free in blocks that it touches goes to the buddy lists.</summary>
    void Vacate(Frame start, Frame end);
}
