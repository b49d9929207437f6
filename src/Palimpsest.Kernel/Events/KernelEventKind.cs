namespace Palimpsest.Kernel.Events;

/// <summary>What happened, in the words of the kernel's tracepoints where it has one, and in ours where it has none.</summary>
public enum KernelEventKind : byte
{
    /// <summary>kmem:mm_page_alloc: somebody was given a folio.</summary>
    PageAllocated,

    /// <summary>kmem:mm_page_alloc without a page.</summary>
    AllocationFailed,

    /// <summary>kmem:mm_page_free.</summary>
    PageFreed,

    /// <summary>kmem:mm_page_alloc_zone_locked: a folio came from the buddy lists; the value is 1 when a per-CPU list is refilled with
    /// it.</summary>
    ZoneLocked,

    /// <summary>kmem:mm_page_pcpu_drain: a folio went from a per-CPU list to the buddy lists.</summary>
    PerCpuDrained,

    /// <summary>kmem:mm_page_alloc_extfrag: a request took from another migratetype; the frame is the chunk's, the order the
    /// request's.</summary>
    ExternalFragmentation,

    /// <summary>cma:cma_alloc_finish: a driver was given a range; the value is its frames.</summary>
    RangeAllocated,

    /// <summary>vmscan:mm_vmscan_kswapd_wake; the order is that of the request.</summary>
    KswapdWoken,

    /// <summary>vmscan:mm_vmscan_direct_reclaim_begin: a request reclaims for itself, and drains the per-CPU lists when it has.</summary>
    DirectReclaim,

    /// <summary>A folio was moved; the value is the frame it came from. No demand of anybody: a replay moves what it must by
    /// itself.</summary>
    FolioMoved,

    /// <summary>A block of tag storage was taken for tags; the frame is its first, the value its frames.</summary>
    BlockReserved,

    /// <summary>A block of tag storage was lent again; the frame is its first, the value its frames.</summary>
    BlockReleased,

    /// <summary>The storage of a folio could not be had.</summary>
    StorageBusy,

    /// <summary>An access met a page of a PROT_MTE area that had no storage yet.</summary>
    FaultOnAccess,

    /// <summary>The tags of a folio are valid from now on (PG_mte_tagged).</summary>
    PageTagged,

    /// <summary>The tags of a folio are forgotten.</summary>
    PageUntagged,

    /// <summary>A tag check failed; the value is the address within the page.</summary>
    TagFault,
}
