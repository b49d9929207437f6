using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>The system calls of a task, each of which enters the kernel. Awaited, they can be interleaved with those of others.</summary>
public sealed class SystemCalls
{
    /// <summary>Where the break starts: below all that mmap hands out.</summary>
    private const ulong BreakPage = 0x1_0000;

    private readonly LinuxTask _task;
    private readonly KernelEntry _kernel;
    private readonly int _pageShift;

    internal SystemCalls(LinuxTask task, KernelEntry kernel)
    {
        _task = task;
        _kernel = kernel;
        _pageShift = kernel.Memory.System.Layout.Geometry.PageShift;
        Pins = new PagePins(task, kernel);
    }

    /// <summary>Pages that devices and other processes hold.</summary>
    public PagePins Pins { get; }

    private Process Process => _task.Process;

    private AddressSpace Space => _task.Space;

    /// <summary>mmap of private anonymous memory.</summary>
    /// <returns>Its first address.</returns>
    /// <exception cref="InputException">There is no room, or PROT_MTE on a machine that cannot tag.</exception>
    public ValueTask<ulong> Map(long bytes, Protection protection) => MapAt(bytes, protection, file: null, isShared: false, offset: 0);

    /// <summary>mmap of a file or of shared memory.</summary>
    /// <inheritdoc cref="Map(long, Protection)"/>
    public ValueTask<ulong> Map(SharedFile file, long bytes, Protection protection, bool isShared, long offset = 0) =>
        MapAt(bytes, protection, file.Object, isShared, offset);

    /// <summary>pread: through the page cache.</summary>
    /// <exception cref="InputException">There is no memory for a page of it.</exception>
    public ValueTask Read(SharedFile file, long offset, Memory<byte> into)
    {
        _task.EnterKernel();
        return file.ReadAt(offset, into, _task.Cpu);
    }

    /// <summary>pwrite: into the page cache, which writes it back when its memory is wanted.</summary>
    /// <inheritdoc cref="Read"/>
    public ValueTask Write(SharedFile file, long offset, ReadOnlyMemory<byte> from)
    {
        _task.EnterKernel();
        return file.WriteAt(offset, from, _task.Cpu);
    }

    /// <summary>munmap.</summary>
    public async ValueTask Unmap(ulong address, long bytes)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        await _kernel.Mappings.Unmap(Space, start, end, _task.Cpu);
    }

    /// <summary>mprotect. False: PROT_MTE is not allowed there (-EINVAL).</summary>
    public ValueTask<bool> Protect(ulong address, long bytes, Protection protection)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        return _kernel.Mappings.Protect(Space, start, end, protection, _task.Cpu);
    }

    /// <summary>mremap with MREMAP_MAYMOVE: the area, or the part of it, moves to a place of a new size.</summary>
    /// <returns>Its new address; 0 when it could not be moved.</returns>
    public async ValueTask<ulong> Move(ulong address, long bytes, long newBytes)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        ulong? place = await _kernel.Mappings.Move(Space, start, end, PageCount(newBytes), _task.Cpu);
        return (place ?? 0) << _pageShift;
    }

    /// <summary>MADV_DONTNEED.</summary>
    public ValueTask Discard(ulong address, long bytes)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        return _kernel.Mappings.Discard(Space, start, end, _task.Cpu);
    }

    /// <summary>MADV_FREE: private pages may be thrown away when memory is wanted, unless they are written before.</summary>
    public ValueTask FreeLazily(ulong address, long bytes)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        return _kernel.Mappings.FreeLazily(Space, start, end);
    }

    /// <summary>MADV_HUGEPAGE, or MADV_NOHUGEPAGE.</summary>
    public ValueTask AdviseHugePages(ulong address, long bytes, bool wanted)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        return _kernel.Mappings.AdviseHuge(Space, start, end, wanted, _task.Cpu);
    }

    /// <summary>MADV_POPULATE_WRITE: faults every page in for writing.</summary>
    public async ValueTask Populate(ulong address, long bytes)
    {
        (ulong start, ulong end) = Enter(address, bytes);
        for (ulong page = start; page < end; page++)
        {
            for (int faults = 0; !IsPopulated(Space.Tables.Get(page)); faults++)
            {
                await _task.Resolve(new AccessFault(FaultKind.Translation, IsWrite: true, page << _pageShift), faults);
            }
        }
    }

    /// <summary>brk: the program's break, from a fixed place on, gets a size.</summary>
    /// <returns>Its first address.</returns>
    public async ValueTask<ulong> SetBreak(long bytes)
    {
        _task.EnterKernel();
        ulong pages = PageCount(bytes);
        ulong had = Process.BreakPages;
        Process.BreakPages = pages;
        if (pages > had)
        {
            Protection protection = Protection.Read | Protection.Write;
            await _kernel.Mappings.Map(Space, pages - had, protection, file: null, 0, isShared: false, BreakPage + had);
        }
        else if (pages < had)
        {
            await _kernel.Mappings.Unmap(Space, BreakPage + pages, BreakPage + had, _task.Cpu);
        }

        return BreakPage << _pageShift;
    }

    /// <summary>fork. Null: no memory for the child.</summary>
    public async ValueTask<Process?> Fork()
    {
        _task.EnterKernel();
        Process child = Process.Others.Start(Process.Name, _task.Cpu);
        child.TagChecks = _task.TagChecks;
        child.TagsIncluded = _task.TagsIncluded;
        child.BreakPages = Process.BreakPages;
        if (await _kernel.Fork.Copy(Space, child.Space, _task.Cpu))
        {
            return child;
        }

        await child.Main.Calls.Exit();
        return null;
    }

    /// <summary>exit_group: the process ends, with all its tasks. One that has ended stays so.</summary>
    public async ValueTask Exit()
    {
        if (!Space.IsGone)
        {
            Process.UnpinAll();
            await Process.Others.End(Process, _task.Cpu);
        }
    }

    private async ValueTask<ulong> MapAt(long bytes, Protection protection, FileObject? file, bool isShared, long offset)
    {
        _task.EnterKernel();
        bool allowsTags = _kernel.Memory.CanTag && (file is null || file.IsShared);
        if ((protection & Protection.Mte) != 0 && !allowsTags)
        {
            throw new InputException($"{Process.Name}: PROT_MTE cannot be had there");
        }

        int first = (int)(offset >> _pageShift);
        ulong? start = await _kernel.Mappings.Map(Space, PageCount(bytes), protection, file, first, isShared, at: null);
        return start is { } page ? page << _pageShift : throw new InputException($"{Process.Name}: no room for {bytes:N0} bytes");
    }

    private static bool IsPopulated(Pte entry) => entry.IsAccessible && entry.Has(Pte.WritableBit);

    private ulong PageCount(long bytes) => ((ulong)bytes + (1UL << _pageShift) - 1) >> _pageShift;

    private (ulong Start, ulong End) Enter(ulong address, long bytes)
    {
        _task.EnterKernel();
        ulong start = LogicalTag.With(address, 0) >> _pageShift;
        return (start, start + PageCount(bytes));
    }
}
