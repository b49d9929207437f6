using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Calls;

/// <summary>madvise (mm/madvise.c, 6.12).</summary>
internal sealed class AdviceCalls(GuestSystem system)
{
    private const int DontNeed = 4;
    private const int Free = 8;
    private const int DontFork = 10;
    private const int DoFork = 11;
    private const int Mergeable = 12;
    private const int Unmergeable = 13;
    private const int Huge = 14;
    private const int NoHuge = 15;
    private const int WipeOnFork = 18;
    private const int KeepOnFork = 19;
    private const int Cold = 20;
    private const int PageOutNow = 21;
    private const int PopulateRead = 22;
    private const int PopulateWrite = 23;
    private const int DontNeedLocked = 24;
    private const int Collapse = 25;

    public void AddTo(CallTable table) => table[233] = Advise;

    private long Advise(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        ulong bytes = MemoryCalls.PageUp(arguments[1]);
        int advice = arguments.Int(2);
        GuestMemory memory = thread.Process.Memory;
        bool isKnown = advice is 0 or 1 or 2 or 3 or DontNeed or Free or DontFork or DoFork or Mergeable or Unmergeable
            or Huge or NoHuge or 16 or 17 or WipeOnFork or KeepOnFork or Cold or PageOutNow or PopulateRead or PopulateWrite
            or DontNeedLocked or Collapse;
        if (!isKnown || address % GuestMemory.PageBytes != 0 || (arguments[1] != 0 && bytes == 0) || address + bytes < address)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (advice is PopulateRead or PopulateWrite)
        {
            return Population.Advised(memory, address, bytes, advice == PopulateWrite) is { } failed ? CallTable.Error(failed) : 0;
        }

        bool hasHole = !memory.IsMapped(address, bytes);
        foreach ((VmArea area, ulong at, ulong count) in memory.Pieces(address, bytes))
        {
            if (Refusal(area, advice) is { } refused)
            {
                return CallTable.Error(refused);
            }

            if (Apply(memory, area, advice, at, count) is { } error)
            {
                return CallTable.Error(error);
            }
        }

        return hasHole ? CallTable.Error(Errno.ENOMEM) : 0;
    }

    /// <summary>What an area is too much locked, sealed or shared for.</summary>
    private static Errno? Refusal(VmArea area, int advice)
    {
        bool isSealed = area.Has(AreaTraits.Sealed) && area.Backing is null && !area.IsWritable;
        bool isLocked = area.Has(AreaTraits.Locked);
        return advice switch
        {
            DontNeed or Free or DontNeedLocked or DontFork or WipeOnFork when isSealed => Errno.EPERM,
            DontNeed or Free or Cold or PageOutNow when isLocked => Errno.EINVAL,
            Free or WipeOnFork when area.Backing is not null => Errno.EINVAL,
            KeepOnFork when area.Has(AreaTraits.Droppable) => Errno.EINVAL,
            _ => null,
        };
    }

    private Errno? Apply(GuestMemory memory, VmArea area, int advice, ulong address, ulong bytes)
    {
        switch (advice)
        {
            case DontNeed or DontNeedLocked:
                memory.Discard(address, bytes);
                break;
            case Free:
                memory.FreeLazily(address, bytes);
                break;
            case DontFork or DoFork:
                memory.Mark(address, bytes, advice == DontFork ? AreaTraits.NotForked : 0, AreaTraits.NotForked);
                break;
            case WipeOnFork or KeepOnFork:
                memory.Mark(address, bytes, advice == WipeOnFork ? AreaTraits.WipedOnFork : 0, AreaTraits.WipedOnFork);
                break;
            case Huge or NoHuge:
                memory.AdviseHuge(address, bytes, advice == Huge);
                break;
            case Mergeable:
                memory.Mark(address, bytes, AreaTraits.Mergeable, AreaTraits.None);
                break;
            case Unmergeable:
                return Unmerge(system, memory, address, bytes);
            case PageOutNow:
                PageOut(memory, address, bytes);
                break;
            case Collapse:
                return area.WantsHuge == false || !JoinAll(memory, address, bytes) ? Errno.EINVAL : null;
            default:
                break;
        }

        return null;
    }

    /// <summary>MADV_UNMERGEABLE: what is shared with equal pages is so no more.</summary>
    public static Errno? Unmerge(GuestSystem system, GuestMemory memory, ulong address, ulong bytes)
    {
        ulong first = address / GuestMemory.PageBytes;
        memory.Mark(address, bytes, AreaTraits.None, AreaTraits.Mergeable);
        return system.Machine.Kernel.SamePages.Unmerge(
            memory.Space, first, first + GuestMemory.PagesOf(bytes), CpuId.Boot).Now() ? null : Errno.ENOMEM;
    }

    /// <summary>MADV_COLLAPSE: every whole huge page within becomes one.</summary>
    private bool JoinAll(GuestMemory memory, ulong address, ulong bytes)
    {
        ulong huge = (ulong)memory.Space.Tables.PagesPerTable * GuestMemory.PageBytes;
        bool isDone = true;
        for (ulong at = (address + huge - 1) / huge * huge; at + huge <= address + bytes; at += huge)
        {
            isDone &= memory.Space.Tables.Get(at / GuestMemory.PageBytes).Has(Pte.HugeBit) || system.Machine.Collapse(memory.Process, at);
        }

        return isDone;
    }

    /// <summary>MADV_PAGEOUT: reclaims until none of the pages is left, or nothing more goes.</summary>
    private void PageOut(GuestMemory memory, ulong address, ulong bytes)
    {
        const int mostRounds = 16;
        PageTables tables = memory.Space.Tables;
        ulong end = (address + bytes) / GuestMemory.PageBytes;
        for (int round = 0; round < mostRounds; round++)
        {
            ulong page = tables.NextMapped(address / GuestMemory.PageBytes, end);
            while (page < end && !tables.Get(page).IsPresent)
            {
                page = tables.NextMapped(page + 1, end);
            }

            if (page >= end || system.Machine.Reclaim(Math.Max(64, (int)GuestMemory.PagesOf(bytes))) == 0)
            {
                return;
            }
        }
    }
}
