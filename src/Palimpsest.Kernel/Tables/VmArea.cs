using Palimpsest.Kernel.PageCache;

namespace Palimpsest.Kernel.Tables;

/// <summary>What a mapping allows (PROT_* of mmap).</summary>
[Flags]
public enum Protection : byte
{
    /// <summary>PROT_NONE: every access faults.</summary>
    None = 0,

    /// <summary>PROT_READ.</summary>
    Read = 1,

    /// <summary>PROT_WRITE.</summary>
    Write = 2,

    /// <summary>PROT_MTE: Normal-Tagged. Once set it stays.</summary>
    Mte = 4,

    /// <summary>PROT_EXEC.</summary>
    Execute = 8,
}

/// <summary>What is said of an area beside its rights (VM_* of include/linux/mm.h, 6.12).</summary>
[Flags]
internal enum AreaTraits : ushort
{
    None = 0,

    /// <summary>VM_LOCKED: reclaim leaves its pages where they are.</summary>
    Locked = 1,

    /// <summary>VM_LOCKONFAULT: pages are locked as they come, none is brought for it.</summary>
    LockedOnFault = 2,

    /// <summary>VM_SEALED: neither its place, its rights nor its being there can be changed any more.</summary>
    Sealed = 4,

    /// <summary>VM_DROPPABLE: under pressure its pages are thrown away instead of swapped.</summary>
    Droppable = 8,

    /// <summary>VM_DONTCOPY: a child does not get it.</summary>
    NotForked = 16,

    /// <summary>VM_WIPEONFORK: a child gets it empty.</summary>
    WipedOnFork = 32,

    /// <summary>VM_UFFD_MISSING: first accesses wait for whoever watches.</summary>
    MissingTold = 64,

    /// <summary>VM_UFFD_WP: writes to pages that are marked wait for whoever watches.</summary>
    WritesTold = 128,

    /// <summary>Without VM_MAYWRITE: shared, of a file that may not be written.</summary>
    NeverWritten = 256,

    /// <summary>VM_MERGEABLE: equal pages may become one (KSM).</summary>
    Mergeable = 512,

    /// <summary>VM_LOCKED_MASK.</summary>
    Locks = Locked | LockedOnFault,

    /// <summary>Faults that somebody watches (__VM_UFFD_FLAGS).</summary>
    Told = MissingTold | WritesTold,
}

/// <summary>Whoever is told of faults in areas and resolves them (struct userfaultfd_ctx).</summary>
internal interface IFaultWatcher
{
    /// <summary>A fault waits from now on.</summary>
    /// <param name="isProtected">The page is there, and marked as not to be written.</param>
    void Tell(ulong page, bool isWrite, bool isProtected);
}

/// <summary>A run of virtual pages with one backing and one set of rights (struct vm_area_struct).</summary>
/// <param name="start">First virtual page number.</param>
/// <param name="end">One past the last.</param>
/// <param name="file">What it maps; null for private anonymous memory.</param>
/// <param name="fileStart">Index in the file of the first page.</param>
/// <param name="isShared">MAP_SHARED: stores go to the file's own pages.</param>
internal sealed class VmArea(ulong start, ulong end, Protection protection, FileObject? file, int fileStart, bool isShared)
{
    public ulong Start { get; set; } = start;

    public ulong End { get; set; } = end;

    public Protection Protection { get; set; } = protection;

    public FileObject? Backing { get; } = file;

    public int FileStart { get; set; } = fileStart;

    public bool IsShared { get; } = isShared;

    public AreaTraits Traits { get; set; }

    /// <summary>Whoever is told of faults, where <see cref="Traits"/> say so.</summary>
    public IFaultWatcher? Watcher { get; set; }

    /// <summary>Where its first page lay when it was mapped first; the identity of anonymous pages (vm_pgoff).</summary>
    public ulong Origin { get; private init; } = start;

    /// <summary>MADV_HUGEPAGE (true), MADV_NOHUGEPAGE (false), or the machine's default.</summary>
    public bool? WantsHuge { get; set; }

    public bool IsTagged => (Protection & Protection.Mte) != 0;

    public bool IsWritable => (Protection & Protection.Write) != 0;

    /// <summary>VM_MTE_ALLOWED: anonymous memory and RAM-based files (arm64, arch_calc_vm_flag_bits).</summary>
    public bool AllowsTags => Backing is null || Backing.IsShared;

    public ulong Pages => End - Start;

    public bool Has(AreaTraits any) => (Traits & any) != 0;

    public bool Contains(ulong page) => page >= Start && page < End;

    /// <summary>Index in the file of a page.</summary>
    public int IndexOf(ulong page) => FileStart + (int)(page - Start);

    /// <summary>The part from a page on; this one ends there.</summary>
    public VmArea SplitAt(ulong page)
    {
        VmArea upper = Copy(page, End, IndexOf(page));
        End = page;
        if (Backing is not null)
        {
            Backing.Users++;
        }

        return upper;
    }

    public VmArea Copy() => Copy(Start, End, FileStart);

    /// <summary>The same at another place, where it may be longer.</summary>
    public VmArea MovedTo(ulong from, ulong to) => Copy(from, to, FileStart, Origin);

    /// <summary>The next area goes on with what this one is: one would do (can_vma_merge_after, mm/vma.c, 6.12).</summary>
    public bool IsContinuedBy(VmArea next) =>
        next.Start == End && (next.Protection, next.IsShared, next.Traits, next.WantsHuge) == (Protection, IsShared, Traits, WantsHuge)
        && ReferenceEquals(next.Backing, Backing) && ReferenceEquals(next.Watcher, Watcher)
        && (Backing is null ? next.Origin == Origin + Pages : next.FileStart == IndexOf(End));

    private VmArea Copy(ulong from, ulong to, int fileFrom) => Copy(from, to, fileFrom, Origin + (from - Start));

    private VmArea Copy(ulong from, ulong to, int fileFrom, ulong origin) =>
        new(from, to, Protection, Backing, fileFrom, IsShared)
        {
            WantsHuge = WantsHuge, Traits = Traits, Watcher = Watcher, Origin = origin,
        };
}
