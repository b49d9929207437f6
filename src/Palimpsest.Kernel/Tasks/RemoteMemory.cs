using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>
/// Bytes of a process as somebody else reaches them, without its CPU: /proc/PID/mem, process_vm_readv (access_remote_vm,
/// mm/memory.c, 6.12). Tags of addresses are taken off, and not checked.
/// </summary>
internal sealed class RemoteMemory(Process process, KernelEntry kernel)
{
    private const int MostFaults = 100;

    private readonly int _pageShift = kernel.Memory.System.Layout.Geometry.PageShift;

    private AddressSpace Space => process.Space;

    /// <param name="isForced">FOLL_FORCE: also what may not be read.</param>
    /// <returns>Bytes before the first that cannot be reached.</returns>
    public async ValueTask<int> Read(ulong address, Memory<byte> into, bool isForced)
    {
        int done = 0;
        while (done < into.Length && await FrameOf(address + (ulong)done, isWrite: false, isForced) is { IsNone: false } frame)
        {
            (int within, int count) = Piece(address + (ulong)done, into.Length - done);
            kernel.Memory.Bytes.Read(frame.Index, within, into.Span.Slice(done, count));
            done += count;
        }

        return done;
    }

    /// <param name="isForced">FOLL_FORCE: also private memory that may not be written, which is copied first and stays so.</param>
    /// <inheritdoc cref="Read"/>
    public async ValueTask<int> Write(ulong address, ReadOnlyMemory<byte> from, bool isForced)
    {
        int done = 0;
        while (done < from.Length && await FrameOf(address + (ulong)done, isWrite: true, isForced) is { IsNone: false } frame)
        {
            (int within, int count) = Piece(address + (ulong)done, from.Length - done);
            kernel.Memory.Bytes.Write(frame.Index, within, from.Span.Slice(done, count));
            kernel.Memory.Frames[kernel.Folios.HeadOf(frame)].Set(FrameFlags.Dirty);
            done += count;
        }

        return done;
    }

    /// <summary>The frame behind an address, faulted in; none where that cannot be had (__get_user_pages).</summary>
    private async ValueTask<Frame> FrameOf(ulong address, bool isWrite, bool isForced)
    {
        ulong page = LogicalTag.Canonical(address) >> _pageShift;
        for (int faults = 0; faults < MostFaults && !Space.IsDying; faults++)
        {
            Pte entry = Space.Tables.Get(page);
            if (Space.Areas.Find(page) is { } area && MayReach(area, isWrite, isForced) && IsReached(area, entry, isWrite))
            {
                return Space.Tables.FrameIn(entry, page);
            }

            FaultOutcome outcome = await kernel.Faults.Handle(Space, page, isWrite, process.Cpu, isForced: isForced);
            if (outcome is not (FaultOutcome.Done or FaultOutcome.Retry))
            {
                break;
            }
        }

        return Frame.None;
    }

    private static bool MayReach(VmArea area, bool isWrite, bool isForced) => isForced
        || (area.Protection & (isWrite ? Protection.Write : Protection.Read)) != 0;

    /// <summary>can_follow_write_pte: an entry that may not be written serves where the page is this process's alone.</summary>
    private bool IsReached(VmArea area, Pte entry, bool isWrite)
    {
        if (!entry.IsPresent || entry.Has(Pte.FaultOnAccessBit))
        {
            return false;
        }

        if (!isWrite)
        {
            return true;
        }

        // A fault makes a clean entry dirty, so that nobody drops the page unseen.
        if (!entry.Has(Pte.DirtyBit) || entry.Has(Pte.WritableBit))
        {
            return entry.Has(Pte.DirtyBit);
        }

        Frame folio = kernel.Folios.HeadOf(entry.Frame);
        bool isAnonymous = !entry.Has(Pte.SpecialBit) && !kernel.Memory.Frames[folio].Has(FrameFlags.FileCached);
        return !area.IsShared && !area.IsWritable && isAnonymous && kernel.Folios[folio].References == 1;
    }

    private (int Within, int Count) Piece(ulong address, int left)
    {
        int within = (int)(address & ((1UL << _pageShift) - 1));
        return (within, Math.Min(left, (1 << _pageShift) - within));
    }
}
