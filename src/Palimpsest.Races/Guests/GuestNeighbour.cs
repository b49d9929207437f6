namespace Palimpsest.Races.Guests;

/// <summary>What acts beside the threads of a program: the hardware, or the kernel of its own accord.</summary>
public enum GuestNeighbour
{
    /// <summary>Caches write back and drop all their dirty lines, twice, at any moment or never.</summary>
    Cache,

    /// <summary>kswapd reclaims pages.</summary>
    Reclaim,

    /// <summary>kcompactd compacts a part of memory.</summary>
    Compaction,

    /// <summary>The worker of active blocks moves tagged pages together, under a design that has one.</summary>
    Packing,
}
