using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>A request for 2^order contiguous frames.</summary>
/// <param name="Cpu">CPU that asks; below the machine's number of CPUs.</param>
/// <param name="IsTagged">The page will be mapped PROT_MTE (__GFP_ZEROTAGS, or a tag source's word for it).</param>
/// <param name="Owner">Cookie kept with the folio and handed to <see cref="Migration.IOwnerMap"/> when it moves.</param>
/// <param name="Effort">How far it goes when memory is short.</param>
/// <param name="Node">Whose memory is asked first, and alone with __GFP_THISNODE: that of the CPU, or of a page that moves.</param>
/// <param name="MayBorrow">Data may lie in an active block; not what was moved out of one.</param>
/// <param name="NeedsStorage">Tags come with it: a page without storage for them is looked past as long as the design looks at all.</param>
public readonly record struct AllocationRequest(
    GfpFlags Gfp, Order Order, CpuId Cpu, bool IsTagged, int Owner, AllocationEffort Effort = AllocationEffort.WithoutReclaim,
    bool NeedsStorage = false, int Node = 0, bool MayBorrow = true)
{
    /// <summary>gfp_migratetype() of include/linux/gfp.h, 6.1; both bits together are a kernel bug and read as Unmovable.</summary>
    public MigrateType Type
    {
        get
        {
            int bits = ((int)Gfp >> 3) & 3;
            return (MigrateType)(bits == 3 ? 0 : bits);
        }
    }
}

/// <summary>How far an allocation goes when memory is short.</summary>
public enum AllocationEffort : byte
{
    /// <summary>
    /// All that can be had without reclaim, reserves included: for a replay, whose recorded frees already contain what
    /// reclaim freed.
    /// </summary>
    WithoutReclaim,

    /// <summary>Down to the low watermark.</summary>
    LowWatermark,

    /// <summary>Down to the min watermark, and as far below as the flags allow.</summary>
    MinWatermark,

    /// <summary>Whatever is free (PF_MEMALLOC).</summary>
    Reserves,
}

/// <summary>How an allocation ended.</summary>
public enum AllocationOutcome : byte
{
    /// <summary>The pages are the caller's.</summary>
    Done,

    /// <summary>Memory was found, but no storage for its tags: the page is in use and untagged.</summary>
    Untagged,

    /// <summary>No frames, even below the watermarks.</summary>
    NoMemory,
}

/// <param name="Frame">First frame, or none without memory.</param>
public readonly record struct AllocationResult(AllocationOutcome Outcome, Frame Frame);
