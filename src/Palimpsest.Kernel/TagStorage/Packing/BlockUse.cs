namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>What becomes of the free data frames that a block covers.</summary>
// Lent     → Masked    its storage is taken, or a page of it was tagged where it lay
// Masked   → Emptying  the worker chose it, or somebody isolates its pageblock
// Lent     → Emptying  a huge page covers it, or a page on a per-CPU list is in it
// Emptying → Masked    when a page of it is freed or could not be moved, and nothing reaches out of it any more
// Masked, Emptying → Lent  with its last tagged page
internal enum BlockUse : byte
{
    /// <summary>Its storage is lent, and its frames are ordinary memory.</summary>
    Lent,

    /// <summary>Its free frames are bits of its mask, on no list.</summary>
    Masked,

    /// <summary>Its storage is active, but its free frames are on the buddy lists: no tagged page comes to it.</summary>
    Emptying,
}
