using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>The memory of one process (struct mm_struct): its areas, its tables, and what they hold.</summary>
internal sealed class AddressSpace(int id, PageGeometry geometry)
{
    public int Id { get; } = id;

    public VmAreaList Areas { get; } = new();

    public PageTables Tables { get; } = new(geometry);

    /// <summary>mmap_lock: faults share it, changes of the areas own it.</summary>
    public StepLock MmapLock { get; } = new("mmap_lock", KernelLocks.MmapRank, sleeps: true, nests: true);

    /// <summary>Present pages, huge ones counted by their size (MM_ANONPAGES, MM_FILEPAGES, MM_SHMEMPAGES).</summary>
    public int ResidentPages { get; set; }

    /// <summary>Entries that name a slot of the swap device (MM_SWAPENTS).</summary>
    public int SwapEntries { get; set; }

    /// <summary>The process has ended, or been killed; nothing is mapped any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>A fatal signal is pending: sleeping operations end early (fatal_signal_pending).</summary>
    public bool IsDying { get; set; }
}
