using Palimpsest.Lab.Snapshots;

namespace Palimpsest.Lab.Census;

/// <summary>Tells kinds of pages by their flags; the first that fits counts.</summary>
internal static class PageKinds
{
    public const int Count = (int)PageKind.Free + 1;

    /// <param name="flags">Of a frame that has a page.</param>
    public static PageKind Of(ulong flags) =>
        (flags & (PageFlags.Offline | PageFlags.Poisoned)) != 0 ? PageKind.Offline
        : (flags & PageFlags.Buddy) != 0 ? PageKind.Free
        : (flags & PageFlags.Anonymous) != 0 ? OfAnonymous(flags)
        : (flags & PageFlags.Slab) != 0 ? PageKind.Slab
        : (flags & PageFlags.Reserved) != 0 ? PageKind.Reserved
        : (flags & PageFlags.HugeTlb) != 0 ? PageKind.HugeTlb
        : (flags & PageFlags.PageTable) != 0 ? PageKind.PageTable
        : (flags & PageFlags.ZeroPage) != 0 ? PageKind.Kernel
        : (flags & (PageFlags.Lru | PageFlags.Mapped)) == 0 ? PageKind.Kernel
        : (flags & PageFlags.SwapBacked) != 0 ? PageKind.Shmem
        : PageKind.File;

    private static PageKind OfAnonymous(ulong flags) =>
        (flags & PageFlags.Ksm) != 0 ? PageKind.Ksm
        : (flags & (PageFlags.Huge | PageFlags.HugeTlb)) != 0 ? PageKind.HugeAnonymous
        : PageKind.Anonymous;
}
