using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>Pages that a program gives to places whose faults it watches (mfill_atomic, mwriteprotect_range of mm/userfaultfd.c,
/// 6.12).</summary>
internal sealed class Filling(PhysicalMemory memory, SpaceTables tables, NewPages pages, AnonymousMemory anonymous, Unmapping unmapping)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <summary>UFFDIO_COPY of one page, whose tags are zeros.</summary>
    /// <param name="isProtected">It is not to be written until its watcher says so.</param>
    /// <returns>Null: no memory. False: something is there already.</returns>
    public async ValueTask<bool?> Copy(AddressSpace space, ulong page, ReadOnlyMemory<byte> bytes, bool isProtected, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock, shared: true);
        bool? done = await CopyLocked(space, page, bytes, isProtected, cpu);
        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        return done;
    }

    /// <summary>UFFDIO_ZEROPAGE of one page.</summary>
    /// <inheritdoc cref="Copy"/>
    public async ValueTask<bool?> Zero(AddressSpace space, ulong page, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock, shared: true);
        bool? done = await ZeroLocked(space, page, cpu);
        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        return done;
    }

    /// <summary>UFFDIO_WRITEPROTECT: pages that are there, or on the swap device, are marked; a mark that goes leaves the next write to a
    /// fault.</summary>
    /// <returns>False: a huge page could not be split.</returns>
    public async ValueTask<bool> Protect(AddressSpace space, ulong start, ulong end, bool isProtected, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock, shared: true);
        bool done = true;
        for (ulong page = space.Tables.NextMapped(start, end); done && page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            VmArea area = space.Areas.Find(page)!;
            done = await unmapping.SplitAt(space, area, page, cpu) && await unmapping.SplitAt(space, area, page + 1, cpu);
            Pte entry = space.Tables.Get(page);
            if (done && !entry.IsNone)
            {
                tables.Entries.Write(space, page, isProtected
                    ? entry.Without(Pte.WritableBit).With(Pte.WriteToldBit) : entry.Without(Pte.WriteToldBit));
            }
        }

        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        return done;
    }

    private async ValueTask<bool?> CopyLocked(
        AddressSpace space, ulong page, ReadOnlyMemory<byte> bytes, bool isProtected, CpuId cpu)
    {
        VmArea area = space.Areas.Find(page)!;
        if (!await HasTable(space, page, cpu))
        {
            return null;
        }

        if (!space.Tables.Get(page).IsNone)
        {
            return false;
        }

        Frame frame = await pages.Zeroed(area, Order.Zero, cpu);
        if (frame.IsNone)
        {
            return null;
        }

        memory.Bytes.Write(frame.Index, 0, bytes.Span);
        await anonymous.MapPage(new Fault(space, area, page, IsWrite: true, cpu), frame);
        if (isProtected)
        {
            tables.Entries.Write(space, page, space.Tables.Get(page).Without(Pte.WritableBit).With(Pte.WriteToldBit));
        }

        return true;
    }

    private async ValueTask<bool?> ZeroLocked(AddressSpace space, ulong page, CpuId cpu)
    {
        VmArea area = space.Areas.Find(page)!;
        Pte zero = tables.Ptes.Zero(area);
        return !await HasTable(space, page, cpu) ? null
            : zero.IsNone ? await CopyLocked(space, page, ReadOnlyMemory<byte>.Empty, isProtected: false, cpu)
            : await tables.Entries.TryReplace(space, page, Pte.None, zero);
    }

    private async ValueTask<bool> HasTable(AddressSpace space, ulong page, CpuId cpu) =>
        !space.Tables.NeedsTable(page) || !space.Tables.Get(page).IsNone || await tables.Pages.Add(space, page, cpu);
}
