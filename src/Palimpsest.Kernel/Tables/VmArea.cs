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

    /// <summary>MADV_HUGEPAGE (true), MADV_NOHUGEPAGE (false), or the machine's default.</summary>
    public bool? WantsHuge { get; set; }

    public bool IsTagged => (Protection & Protection.Mte) != 0;

    public bool IsWritable => (Protection & Protection.Write) != 0;

    /// <summary>VM_MTE_ALLOWED: anonymous memory and RAM-based files (arm64, arch_calc_vm_flag_bits).</summary>
    public bool AllowsTags => Backing is null || Backing.IsShared;

    public ulong Pages => End - Start;

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

    public VmArea Copy(ulong from, ulong to, int fileFrom) =>
        new(from, to, Protection, Backing, fileFrom, IsShared) { WantsHuge = WantsHuge };
}
