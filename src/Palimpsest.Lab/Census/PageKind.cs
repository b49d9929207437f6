namespace Palimpsest.Lab.Census;

/// <summary>What a page is used for, as /proc/kpageflags tells it. Each page is of one kind.</summary>
public enum PageKind
{
    /// <summary>Of a process's heap, stack or data, in a folio of one page.</summary>
    Anonymous,

    /// <summary>The same in a large folio: a transparent huge page of any size, or one of hugetlb.</summary>
    HugeAnonymous,

    /// <summary>Merged with equal ones (mm/ksm.c).</summary>
    Ksm,

    /// <summary>Of shmem: tmpfs, memfd, shared anonymous memory.</summary>
    Shmem,

    /// <summary>Of the page cache.</summary>
    File,

    /// <summary>Of hugetlb, free or of a file.</summary>
    HugeTlb,

    /// <summary>Objects of the slab allocator (KPF_SLAB).</summary>
    Slab,

    /// <summary>KPF_PGTABLE.</summary>
    PageTable,

    /// <summary>No flag says more: the kernel's own, vmalloc, drivers, and free pages on per-CPU lists.</summary>
    Kernel,

    /// <summary>Never managed: the kernel's image, what firmware and boot keep.</summary>
    Reserved,

    /// <summary>Given away to a hypervisor, or poisoned.</summary>
    Offline,

    /// <summary>On a list of the buddy allocator.</summary>
    Free,
}
