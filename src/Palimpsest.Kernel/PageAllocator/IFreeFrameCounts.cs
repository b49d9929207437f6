using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Told of every chunk that comes to the buddy lists or leaves them. Caller holds the zone lock.</summary>
internal interface IFreeFrameCounts
{
    /// <param name="change">Frames of the chunk; negative where it leaves.</param>
    void Changed(Frame chunk, int order, int change);
}

/// <summary>Which page of tag storage data get, where it is not the first of a list.</summary>
internal interface IStorageClaims
{
    /// <summary>A frame that is off the lists and not yet accounted, or none.</summary>
    Frame Claim(Zone zone);
}
