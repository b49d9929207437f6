using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Processes;

/// <summary>
/// A process of a simulated machine: its system calls and its loads and stores. Addresses may carry a logical tag in bits
/// 59:56. An access that ends with a signal throws <see cref="SignalException"/> and is recorded in <see cref="Signals"/>.
/// </summary>
public sealed partial class Process
{
    /// <summary>Where the break starts: below all that mmap hands out.</summary>
    private const ulong BreakPage = 0x1_0000;

    private readonly LinuxMachine _machine;
    private readonly RunningKernel _kernel;
    private readonly List<Signal> _signals = [];
    private readonly int _pageShift;
    private ulong _breakPages;

    internal Process(LinuxMachine machine, RunningKernel kernel, string name, int cpu)
    {
        _machine = machine;
        _kernel = kernel;
        _pageShift = kernel.Memory.Layout.Geometry.PageShift;
        Name = name;
        Cpu = cpu;
        Space = kernel.NewSpace();
    }

    public string Name { get; }

    /// <summary>CPU that it runs on.</summary>
    public int Cpu { get; set; }

    public IReadOnlyList<Signal> Signals => _signals;

    /// <summary>It has exited, or been killed.</summary>
    public bool HasEnded => Space.IsGone || Space.IsDying;

    public int ResidentPages => Space.ResidentPages;

    public int SwappedPages => Space.SwapEntries;

    /// <summary>
    /// prctl(PR_SET_TAGGED_ADDR_CTRL): what a tag check fault does. No checks until it is set, as on Linux.
    /// </summary>
    public TagFaultMode TagChecks
    {
        get;
        set
        {
            field = value;
            _prepared = null;
        }
    }

    /// <summary>Tags that IRG may choose, one bit a tag; none at first, so that it gives tag 0.</summary>
    public ushort TagsIncluded
    {
        get;
        set
        {
            field = value;
            _prepared = null;
        }
    }

    internal AddressSpace Space { get; }

    /// <summary>mmap of private anonymous memory.</summary>
    /// <returns>Its first address.</returns>
    /// <exception cref="InputException">There is no room, or PROT_MTE on a machine that cannot tag.</exception>
    public ulong Map(long bytes, Protection protection) => MapAt(bytes, protection, file: null, isShared: false, offset: 0);

    /// <summary>mmap of a file or of shared memory.</summary>
    public ulong Map(SharedFile file, long bytes, Protection protection, bool isShared, long offset = 0) =>
        MapAt(bytes, protection, file.Object, isShared, offset);

    public void Unmap(ulong address, long bytes)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        _kernel.Mappings.Unmap(Space, start, end, Cpu).Now();
    }

    /// <summary>mprotect. False: PROT_MTE is not allowed there (-EINVAL).</summary>
    public bool Protect(ulong address, long bytes, Protection protection)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        return _kernel.Mappings.Protect(Space, start, end, protection, Cpu).Now();
    }

    /// <summary>mremap with MREMAP_MAYMOVE: the area, or the part of it, moves to a place of a new size.</summary>
    /// <returns>Its new address; 0 when it could not be moved.</returns>
    public ulong Move(ulong address, long bytes, long newBytes)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        ulong? place = _kernel.Mappings.Move(Space, start, end, PageCount(newBytes), Cpu).Now();
        return (place ?? 0) << _pageShift;
    }

    /// <summary>MADV_DONTNEED.</summary>
    public void Discard(ulong address, long bytes)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        _kernel.Mappings.Discard(Space, start, end, Cpu).Now();
    }

    /// <summary>MADV_FREE: private pages may be thrown away when memory is wanted, unless they are written before.</summary>
    public void FreeLazily(ulong address, long bytes)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        _kernel.Mappings.FreeLazily(Space, start, end).Now();
    }

    /// <summary>MADV_HUGEPAGE, or MADV_NOHUGEPAGE.</summary>
    public void AdviseHugePages(ulong address, long bytes, bool wanted)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        _kernel.Mappings.AdviseHuge(Space, start, end, wanted, Cpu).Now();
    }

    /// <summary>MADV_POPULATE_WRITE: faults every page in for writing.</summary>
    public void Populate(ulong address, long bytes)
    {
        (ulong start, ulong end) = PagesOf(address, bytes);
        for (ulong page = start; page < end; page++)
        {
            Pte entry = Space.Tables.Get(page);
            if (!entry.IsAccessible || !entry.Has(Pte.WritableBit))
            {
                Resolve(new AccessFault(FaultKind.Translation, IsWrite: true, page << _pageShift)).Now();
            }
        }
    }

    /// <summary>brk: the program's break, from a fixed place on, gets a size.</summary>
    /// <returns>Its first address.</returns>
    public ulong SetBreak(long bytes)
    {
        ulong pages = PageCount(bytes);
        if (pages > _breakPages)
        {
            Protection protection = Protection.Read | Protection.Write;
            _kernel.Mappings.Map(Space, pages - _breakPages, protection, file: null, 0, isShared: false, BreakPage + _breakPages).Now();
        }
        else if (pages < _breakPages)
        {
            _kernel.Mappings.Unmap(Space, BreakPage + pages, BreakPage + _breakPages, Cpu).Now();
        }

        _breakPages = pages;
        return BreakPage << _pageShift;
    }

    /// <summary>fork. Null: no memory for the child.</summary>
    public Process? Fork()
    {
        Process child = _machine.Start(Name);
        child.Cpu = Cpu;
        child.TagChecks = TagChecks;
        child.TagsIncluded = TagsIncluded;
        child._breakPages = _breakPages;
        if (_kernel.Fork.Copy(Space, child.Space, Cpu).Now())
        {
            return child;
        }

        child.Exit();
        return null;
    }

    public void Exit()
    {
        if (!Space.IsGone)
        {
            UnpinAll();
            _kernel.EndSpace(Space, Cpu).Now();
            _machine.Ended(this);
        }
    }

    private ulong MapAt(long bytes, Protection protection, FileObject? file, bool isShared, long offset)
    {
        bool allowsTags = _kernel.CanTag && (file is null || file.IsShared);
        if ((protection & Protection.Mte) != 0 && !allowsTags)
        {
            throw new InputException($"{Name}: PROT_MTE cannot be had there");
        }

        int first = (int)(offset >> _pageShift);
        ulong? start = _kernel.Mappings.Map(Space, PageCount(bytes), protection, file, first, isShared, at: null).Now();
        return start is { } page ? page << _pageShift : throw new InputException($"{Name}: no room for {bytes:N0} bytes");
    }

    private ulong PageCount(long bytes) => ((ulong)bytes + (1UL << _pageShift) - 1) >> _pageShift;

    private (ulong Start, ulong End) PagesOf(ulong address, long bytes)
    {
        ulong start = LogicalTag.With(address, 0) >> _pageShift;
        return (start, start + PageCount(bytes));
    }
}
