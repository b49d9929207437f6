namespace Palimpsest.Kernel.Steps;

/// <summary>What happens next at a scheduling point: each is a place where a real kernel can be interleaved.</summary>
public enum StepKind
{
    /// <summary>A user instruction reads or writes bytes or tags.</summary>
    UserAccess,

    /// <summary>A page-table entry is written.</summary>
    WritePte,

    /// <summary>The entries of a folio are replaced by migration or swap entries.</summary>
    Unmap,

    /// <summary>Data of a folio are copied.</summary>
    CopyData,

    /// <summary>Tags of a folio are copied or saved.</summary>
    CopyTags,

    /// <summary>A folio is taken off the LRU or the buddy lists of a pageblock are isolated.</summary>
    Isolate,

    /// <summary>The presence of a block is tested.</summary>
    TestBlock,

    /// <summary>A block is taken from, or given to, the allocator.</summary>
    MoveBlock,

    /// <summary>The reserved flag of a folio is read.</summary>
    TestReserved,

    /// <summary>The reserved flag of a folio is written.</summary>
    SetReserved,

    /// <summary>Saved tags are written into tag storage.</summary>
    RestoreTags,

    /// <summary>Tags are put into, or taken out of, a store of saved tags.</summary>
    SaveTags,

    /// <summary>Cache lines are invalidated.</summary>
    InvalidateLines,

    /// <summary>A folio goes to the swap device, or comes back.</summary>
    SwapInOut,

    /// <summary>A lock of the free path is held, and nothing is done yet: the moment for an interrupt.</summary>
    Locked,

    /// <summary>Something sleeps or tries again.</summary>
    Wait,

    /// <summary>The kernel begins something of its own accord.</summary>
    Begin,

    /// <summary>A thread of a real program executes its next instructions.</summary>
    Execute,

    /// <summary>It has made a system call.</summary>
    SystemCall,
}
