using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Userland.Calls;

/// <summary>Whether pages are there, are to stay, or are on disk: mincore, mlock and its kin, mseal, msync. A guest is root, whom
/// RLIMIT_MEMLOCK does not bind (CAP_IPC_LOCK).</summary>
internal static class ResidencyCalls
{
    private const int OnFault = 1;
    private const int AllNow = 1;
    private const int AllToCome = 2;
    private const int AllOnFault = 4;

    public static void AddTo(CallTable table)
    {
        table[227] = Synchronize;
        table[228] = (thread, arguments) => Lock(thread, arguments[0], arguments[1], AreaTraits.Locked);
        table[229] = (thread, arguments) => Lock(thread, arguments[0], arguments[1], AreaTraits.None);
        table[284] = (thread, arguments) => (arguments.Int(2) & ~OnFault) != 0 ? CallTable.Error(Errno.EINVAL)
            : Lock(thread, arguments[0], arguments[1], arguments.Int(2) == 0 ? AreaTraits.Locked : AreaTraits.Locks);
        table[230] = LockAll;
        table[231] = UnlockAll;
        table[232] = Mincore;
        table[462] = Seal;
    }

    private static long Mincore(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong address = LogicalTag.Canonical(arguments[0]);
        if (address % GuestMemory.PageBytes != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong pages = GuestMemory.PagesOf(arguments[1]);
        if (!memory.IsMapped(address, arguments[1]))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        byte[] present = new byte[pages];
        for (ulong page = 0; page < pages; page++)
        {
            present[page] = memory.Space.Tables.Get((address >> 12) + page).IsPresent ? (byte)1 : (byte)0;
        }

        memory.Write(arguments[2], present);
        return 0;
    }

    /// <summary>msync: shared memory is the file itself, so that there is nothing to write.</summary>
    private static long Synchronize(GuestThread thread, CallArguments arguments)
    {
        const int asynchronous = 1;
        const int invalidate = 2;
        const int synchronous = 4;
        GuestMemory memory = thread.Process.Memory;
        ulong address = LogicalTag.Canonical(arguments[0]);
        int flags = arguments.Int(2);
        bool isBoth = (flags & (asynchronous | synchronous)) == (asynchronous | synchronous);
        if ((flags & ~7) != 0 || isBoth || address % GuestMemory.PageBytes != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        bool isLocked = (flags & invalidate) != 0
            && memory.Pieces(address, arguments[1]).Any(piece => piece.Area.Has(AreaTraits.Locked));
        return isLocked ? CallTable.Error(Errno.EBUSY) : memory.IsMapped(address, arguments[1]) ? 0 : CallTable.Error(Errno.ENOMEM);
    }

    /// <summary>mlock, mlock2, munlock: what lies before a hole is done (apply_vma_lock_flags, mm/mlock.c, 6.12).</summary>
    private static long Lock(GuestThread thread, ulong start, ulong length, AreaTraits locks)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong address = LogicalTag.Canonical(start);
        ulong bytes = MemoryCalls.PageUp(length + (address % GuestMemory.PageBytes));
        address &= ~(ulong)(GuestMemory.PageBytes - 1);
        if (address + bytes < address)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong at = address;
        foreach ((VmArea area, ulong from, ulong count) in memory.Pieces(address, bytes))
        {
            if (from != at)
            {
                break;
            }

            memory.Mark(from, count, area.Has(AreaTraits.Droppable) ? AreaTraits.None : locks, AreaTraits.Locks);
            at = from + count;
        }

        // What may not be accessed cannot be brought either (__mlock_posix_error_return).
        bool isThere = at == address + bytes && (locks != AreaTraits.Locked || Population.Bring(memory, address, bytes) is null);
        return isThere ? 0 : CallTable.Error(Errno.ENOMEM);
    }

    private static long LockAll(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        int flags = arguments.Int(0);
        if (flags is 0 or AllOnFault || (flags & ~(AllNow | AllToCome | AllOnFault)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        AreaTraits locks = (flags & AllOnFault) != 0 ? AreaTraits.Locks : AreaTraits.Locked;
        memory.FutureTraits = (flags & AllToCome) != 0 ? locks : AreaTraits.None;
        if ((flags & AllNow) == 0)
        {
            return 0;
        }

        MarkAll(memory, locks);
        if (locks == AreaTraits.Locked)
        {
            foreach ((_, ulong from, ulong count) in memory.Pieces(0, memory.EndAddress))
            {
                // What cannot be brought is no error here.
                _ = Population.Bring(memory, from, count);
            }
        }

        return 0;
    }

    private static long UnlockAll(GuestThread thread, CallArguments arguments)
    {
        thread.Process.Memory.FutureTraits = AreaTraits.None;
        MarkAll(thread.Process.Memory, AreaTraits.None);
        return 0;
    }

    private static void MarkAll(GuestMemory memory, AreaTraits locks)
    {
        foreach ((VmArea area, ulong from, ulong count) in memory.Pieces(0, memory.EndAddress))
        {
            memory.Mark(from, count, area.Has(AreaTraits.Droppable) ? AreaTraits.None : locks, AreaTraits.Locks);
        }
    }

    /// <summary>mseal: all of it or nothing (mm/mseal.c, 6.12).</summary>
    private static long Seal(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong address = LogicalTag.Canonical(arguments[0]);
        ulong bytes = MemoryCalls.PageUp(arguments[1]);
        if (arguments[2] != 0 || address % GuestMemory.PageBytes != 0 || (arguments[1] != 0 && bytes == 0) || address + bytes < address)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        return memory.IsMapped(address, bytes) && memory.Mark(address, bytes, AreaTraits.Sealed, AreaTraits.None)
            ? 0 : CallTable.Error(Errno.ENOMEM);
    }
}
