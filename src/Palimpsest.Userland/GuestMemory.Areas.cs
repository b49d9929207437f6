using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland;

/// <summary>Its areas, changed by mmap and its kin. As on Linux, and other than in scripts of the model, they merge.</summary>
internal sealed partial class GuestMemory
{
    /// <summary>Room that the stack has above all that mmap hands out (MIN_GAP of arch_pick_mmap_layout).</summary>
    private const ulong StackGap = 128 << 20;

    /// <summary>What mlockall(MCL_FUTURE) gives to areas that come.</summary>
    public AreaTraits FutureTraits { get; set; }

    /// <summary>PR_SET_MEMORY_MERGE: all that is anonymous may be merged.</summary>
    public bool MergesAll { get; set; }

    /// <summary>A fault that has been told of and waits, until somebody takes it.</summary>
    public FaultWait? LastWait { get; set; }

    /// <summary>Calls wait where a copy meets a fault that waits; else such a copy ends early.</summary>
    public bool CallsWait { get; set; }

    /// <summary>Without the CPU of its process: /proc/PID/mem, process_vm_readv.</summary>
    public RemoteMemory Remote => new(Process, kernel);

    /// <summary>process_vm_readv: bytes before the first that cannot be read.</summary>
    /// <exception cref="FaultWaitException">The caller, of whatever process, waits for a userfaultfd.</exception>
    public int ReadRemotely(ulong address, Memory<byte> into) =>
        Untold(Remote.Read(address, into, isForced: false).Now());

    /// <summary>process_vm_writev: bytes before the first that cannot be written.</summary>
    /// <inheritdoc cref="ReadRemotely"/>
    public int WriteRemotely(ulong address, ReadOnlyMemory<byte> from) =>
        Untold(Remote.Write(address, from, isForced: false).Now());

    /// <summary>Maps at a place, over whatever is there; or where there is room.</summary>
    /// <param name="at">Page-aligned address; null for anywhere.</param>
    /// <returns>The address; null when there is no room.</returns>
    public ulong? Map(
        ulong bytes, Protection protection, FileObject? file, long offset, bool isShared, ulong? at,
        AreaTraits traits = AreaTraits.None)
    {
        ulong pages = PagesOf(bytes);
        if (at is { } place)
        {
            Unmap(place, bytes);
        }

        ulong? page = at >> PageShift ?? PlaceFor(pages);
        traits |= FutureTraits | (MergesAll && !isShared ? AreaTraits.Mergeable : AreaTraits.None);
        ulong? start = kernel.Mappings.Map(
            Space, pages, protection, file, (int)(offset >> PageShift), isShared, page, traits).Now();
        if (start is { } first)
        {
            kernel.Marks.Merge(Space, first, first + pages).Now();
        }

        return start << PageShift;
    }

    public bool Unmap(ulong address, ulong bytes) =>
        kernel.Mappings.Unmap(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), Cpu).Now();

    /// <returns>False: PROT_MTE is not allowed there.</returns>
    public bool Protect(ulong address, ulong bytes, Protection protection)
    {
        (ulong start, ulong end) = Range(address, bytes);
        bool allowed = kernel.Mappings.Protect(Space, start, end, protection, Cpu).Now();
        kernel.Marks.Merge(Space, start, end).Now();
        return allowed;
    }

    /// <summary>mremap: the pages move to another place.</summary>
    /// <param name="keeps">MREMAP_DONTUNMAP.</param>
    public ulong? Move(ulong address, ulong bytes, ulong newBytes, ulong? to, bool keeps)
    {
        (ulong start, ulong end) = Range(address, bytes);
        to ??= PlaceFor(PagesOf(newBytes)) << PageShift;
        ulong? place = kernel.Mappings.Move(Space, start, end, PagesOf(newBytes), Cpu, to >> PageShift, keeps).Now();
        kernel.Marks.Merge(Space, start, end).Now();
        if (place is { } first)
        {
            kernel.Marks.Merge(Space, first, first + PagesOf(newBytes)).Now();
        }

        return place << PageShift;
    }

    /// <summary>mremap in place: what ends at an address goes on.</summary>
    public bool Expand(ulong end, ulong bytes)
    {
        bool isDone = kernel.Mappings.Expand(Space, end >> PageShift, PagesOf(bytes)).Now();
        kernel.Marks.Merge(Space, end >> PageShift, (end >> PageShift) + PagesOf(bytes)).Now();
        return isDone;
    }

    public bool Mark(ulong address, ulong bytes, AreaTraits set, AreaTraits clear)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return kernel.Marks.Mark(Space, start, end, set, clear, Cpu).Now();
    }

    public void Discard(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        kernel.Mappings.Discard(Space, start, end, Cpu).Now();
    }

    public void FreeLazily(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        kernel.Mappings.FreeLazily(Space, start, end).Now();
    }

    public void AdviseHuge(ulong address, ulong bytes, bool isWanted)
    {
        (ulong start, ulong end) = Range(address, bytes);
        kernel.Mappings.AdviseHuge(Space, start, end, isWanted, Cpu).Now();
        kernel.Marks.Merge(Space, start, end).Now();
    }

    /// <summary>Who is told of faults from now on, and of which.</summary>
    public bool Watch(ulong address, ulong bytes, IFaultWatcher watcher, AreaTraits faults)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return kernel.Marks.Watch(Space, start, end, watcher, faults, Cpu).Now();
    }

    /// <summary>Nobody is told any more, and nothing is marked.</summary>
    public bool Unwatch(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return kernel.Filling.Protect(Space, start, end, isProtected: false, Cpu).Now()
            && kernel.Marks.Watch(Space, start, end, watcher: null, AreaTraits.None, Cpu).Now();
    }

    /// <summary>UFFDIO_WRITEPROTECT.</summary>
    public bool ProtectWatched(ulong address, ulong bytes, bool isProtected)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return kernel.Filling.Protect(Space, start, end, isProtected, Cpu).Now();
    }

    /// <summary>A page for a place that is watched: with bytes, or of zeros. Null: no memory; false: something is there.</summary>
    public bool? Fill(ulong address, ReadOnlyMemory<byte>? bytes, bool isProtected) => bytes is { } given
        ? kernel.Filling.Copy(Space, address >> PageShift, given, isProtected, Cpu).Now()
        : kernel.Filling.Zero(Space, address >> PageShift, Cpu).Now();

    /// <summary>It goes before its process does, which is being killed.</summary>
    public void Reap() => kernel.Unmapping.Reap(Space, Cpu).Now();

    /// <summary>The area of an address, or null.</summary>
    public VmArea? AreaAt(ulong address) => Space.Areas.Find(address >> PageShift);

    /// <summary>Pieces of a range by area, lowest first; holes have none.</summary>
    public List<(VmArea Area, ulong Address, ulong Bytes)> Pieces(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return [.. Space.Areas.Within(start, end).Select(area => (area,
            Math.Max(start, area.Start) << PageShift,
            (Math.Min(end, area.End) - Math.Max(start, area.Start)) << PageShift))];
    }

    /// <summary>Whether every page of a range lies in some area.</summary>
    public bool IsMapped(ulong address, ulong bytes)
    {
        (ulong page, ulong end) = Range(address, bytes);
        while (page < end && Space.Areas.Find(page) is { } area)
        {
            page = area.End;
        }

        return page >= end;
    }

    /// <summary>Whether any page of a range lies in an area.</summary>
    public bool IsInUse(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return Space.Areas.Within(start, end).Any();
    }

    /// <summary>Whether mseal forbids to change what lies in a range.</summary>
    public bool IsSealed(ulong address, ulong bytes)
    {
        (ulong start, ulong end) = Range(address, bytes);
        return Space.Areas.Within(start, end).Any(area => area.Has(AreaTraits.Sealed));
    }

    /// <summary>After a fault of a copy: whoever has to wait for it leaves the call, which is made again.</summary>
    /// <returns>The copy cannot go on.</returns>
    private bool MustWait()
    {
        if (LastWait is not { } wait)
        {
            return false;
        }

        LastWait = null;
        return CallsWait ? throw new FaultWaitException(wait) : true;
    }

    private int Untold(int count)
    {
        FaultWait? wait = LastWait;
        LastWait = null;
        return wait is null ? count : throw new FaultWaitException(wait);
    }

    /// <summary>
    /// The highest free place below the stack (arch_get_unmapped_area_topdown); what is whole huge pages lies as they do
    /// (thp_get_unmapped_area). Null: none is left there.
    /// </summary>
    private ulong? PlaceFor(ulong pages)
    {
        ulong huge = (ulong)Space.Tables.PagesPerTable;
        return Space.Areas.FindGapBelow((EndAddress - StackGap) >> PageShift, pages, pages % huge == 0 ? huge : 1, from: 16);
    }

    private static (ulong Start, ulong End) Range(ulong address, ulong bytes) =>
        (address >> PageShift, (address >> PageShift) + PagesOf(bytes));
}
