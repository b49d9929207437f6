using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>brk, mmap and its kin, on the modelled areas.</summary>
internal sealed class MemoryCalls(GuestSystem system)
{
    private const int Shared = 1;
    private const int SharedValidate = 3;
    private const int Fixed = 0x10;
    private const int Anonymous = 0x20;
    private const int HugePages = 0x40000;
    private const int FixedNoReplace = 0x100000;
    private const int Populate = 0x8000;
    private const int Locked = 0x2000;
    private const int Droppable = 8;
    private const int KnownRights = 0x37 | 0x01000000 | 0x02000000;

    public void AddTo(CallTable table)
    {
        table[214] = SetBreak;
        table[222] = Map;
        table[215] = Unmap;
        table[226] = Protect;
    }

    private long SetBreak(GuestThread thread, CallArguments arguments)
    {
        GuestProcess process = thread.Process;
        ulong wanted = arguments[0];
        if (wanted < process.BreakStart || wanted - process.BreakStart > 1UL << 36)
        {
            return (long)process.Break;
        }

        ulong had = PageUp(process.Break);
        ulong wants = PageUp(wanted);
        if (wants > had)
        {
            if (process.Memory.IsInUse(had, wants - had))
            {
                return (long)process.Break;
            }

            process.Memory.Map(wants - had, Protection.Read | Protection.Write, file: null, 0, false, had);
            BringLocked(process.Memory, had, wants - had);
        }
        else if (wants < had)
        {
            if (process.Memory.IsSealed(wants, had - wants))
            {
                return (long)process.Break;
            }

            process.Memory.Unmap(wants, had - wants);
        }

        process.Break = wanted;
        return (long)wanted;
    }

    private long Map(GuestThread thread, CallArguments arguments)
    {
        (ulong hint, ulong bytes, int rights, int flags) = (arguments[0], arguments[1], arguments.Int(2), arguments.Int(3));
        GuestMemory memory = thread.Process.Memory;
        bool isFixed = (flags & (Fixed | FixedNoReplace)) != 0;
        long offset = arguments.Long(5);
        if (bytes == 0 || (rights & ~KnownRights) != 0 || (flags & 15) == 0 || (isFixed && hint % GuestMemory.PageBytes != 0)
            || offset % GuestMemory.PageBytes != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        bytes = PageUp(bytes);
        if ((flags & Anonymous) == 0
            && (ulong)offset / GuestMemory.PageBytes > int.MaxValue - GuestMemory.PagesOf(Math.Min(bytes, 1 << 30)))
        {
            return CallTable.Error(Errno.EOVERFLOW);
        }

        if (bytes == 0 || (isFixed ? memory.IsBeyond(hint, bytes) : memory.IsBeyond(0, bytes)))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        bool isShared = (flags & 15) is Shared or SharedValidate;
        Protection protection = Rights(rights);
        if ((flags & HugePages) != 0)
        {
            // 6.12 has no PROT_MTE for hugetlb, and the model no hugetlb at all.
            return CallTable.Error((protection & Protection.Mte) != 0 ? Errno.EINVAL : Errno.ENOMEM);
        }

        AreaTraits traits = TraitsOf(thread, arguments, protection);
        FileObject? file = FileOf(thread, flags, arguments.Int(4), bytes, isShared && (protection & Protection.Write) != 0);
        if ((protection & Protection.Mte) != 0 && !(memory.CanTag && (file is null || file.IsShared)))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong? at = PlaceOf(memory, hint, bytes, flags);
        ulong? place = memory.Map(bytes, protection, file, offset, isShared, at, traits);
        if ((flags & Anonymous) != 0 && file is not null)
        {
            file.Users--;
        }

        if (place is { } start)
        {
            // What cannot be brought is no error of mmap.
            _ = (flags & Populate) != 0 ? Population.Bring(memory, start, bytes) : BringLocked(memory, start, bytes);
        }

        return place is { } address ? (long)address : CallTable.Error(Errno.ENOMEM);
    }

    /// <summary>mlockall(MCL_FUTURE) and MAP_LOCKED: the pages of what is new come at once.</summary>
    private static Errno? BringLocked(GuestMemory memory, ulong address, ulong bytes) =>
        memory.AreaAt(address) is { } area && area.Has(AreaTraits.Locked) && !area.Has(AreaTraits.LockedOnFault)
            ? Population.Bring(memory, address, bytes) : null;

    /// <exception cref="CallException">EACCES: PR_SET_MDWE. EINVAL: droppable memory is anonymous and not locked.</exception>
    private static AreaTraits TraitsOf(GuestThread thread, CallArguments arguments, Protection protection)
    {
        const Protection both = Protection.Write | Protection.Execute;
        int flags = arguments.Int(3);
        bool isAnonymous = (flags & Anonymous) != 0;
        bool isDroppable = (flags & 15) == Droppable;
        if (thread.Process.RefusesToGainExecution && (protection & both) == both)
        {
            throw new CallException(Errno.EACCES);
        }

        bool isLocked = (flags & Locked) != 0;
        if (isDroppable && (!isAnonymous || isLocked || (thread.Process.Memory.FutureTraits & AreaTraits.Locked) != 0))
        {
            throw new CallException(Errno.EINVAL);
        }

        bool mayWrite = (flags & 15) is not (Shared or SharedValidate) || isAnonymous
            || thread.Process.Files[arguments.Int(4)] is { CanWrite: true, Node: not FileNode { IsWriteSealed: true } };
        return (isDroppable ? AreaTraits.Droppable | AreaTraits.WipedOnFork : 0) | (isLocked ? AreaTraits.Locked : 0)
            | (mayWrite ? 0 : AreaTraits.NeverWritten);
    }

    private static ulong? PlaceOf(GuestMemory memory, ulong hint, ulong bytes, int flags)
    {
        if ((flags & FixedNoReplace) != 0 && memory.IsInUse(hint, bytes))
        {
            throw new CallException(Errno.EEXIST);
        }

        bool isFixed = (flags & (Fixed | FixedNoReplace)) != 0;
        if (isFixed && memory.IsSealed(hint, bytes))
        {
            throw new CallException(Errno.EPERM);
        }

        ulong place = hint & ~(ulong)(GuestMemory.PageBytes - 1);
        bool isFree = place != 0 && !memory.IsBeyond(place, bytes) && !memory.IsInUse(place, bytes);
        return isFixed || isFree ? place : null;
    }

    /// <param name="writes">Stores are to reach the file.</param>
    private FileObject? FileOf(GuestThread thread, int flags, int descriptor, ulong bytes, bool writes)
    {
        if ((flags & Anonymous) != 0)
        {
            // Shared anonymous memory is a file of tmpfs that nobody else can name.
            return (flags & 15) is Shared or SharedValidate
                ? system.Machine.Kernel.Files.Create((int)GuestMemory.PagesOf(bytes), isShared: true) : null;
        }

        OpenFile open = thread.Process.Files[descriptor];
        return !open.CanRead || (writes && !open.CanWrite) ? throw new CallException(Errno.EACCES)
            : writes && open.Node is FileNode { IsWriteSealed: true } ? throw new CallException(Errno.EPERM)
            : open.Node is FileNode node ? node.Object
            : open.Node is DeviceNode { Kind: DeviceKind.Zero } ? null
            : throw new CallException(Errno.ENODEV);
    }

    private long Unmap(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        ulong bytes = PageUp(arguments[1]);
        if (address % GuestMemory.PageBytes != 0 || bytes == 0 || thread.Process.Memory.IsBeyond(address, bytes))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        return thread.Process.Memory.IsSealed(address, bytes) ? CallTable.Error(Errno.EPERM)
            : thread.Process.Memory.Unmap(address, bytes) ? 0 : CallTable.Error(Errno.ENOMEM);
    }

    private long Protect(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        (ulong bytes, int rights) = (PageUp(arguments[1]), arguments.Int(2));
        GuestMemory memory = thread.Process.Memory;
        if (address % GuestMemory.PageBytes != 0 || (rights & ~KnownRights) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        // Rounded up or added to its start, it wraps.
        if (arguments[1] != 0 && address + bytes <= address)
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        ulong at = address;
        foreach ((VmArea area, ulong start, ulong count) in memory.Pieces(address, bytes))
        {
            // What lies before a hole, or before an area that refuses, has changed.
            if (start != at || RefusalOf(thread.Process, area, Rights(rights)) is not null)
            {
                return CallTable.Error(start != at ? Errno.ENOMEM : RefusalOf(thread.Process, area, Rights(rights))!.Value);
            }

            if (!memory.Protect(start, count, Rights(rights)))
            {
                return CallTable.Error(Errno.EINVAL);
            }

            at = start + count;
        }

        return at == address + bytes ? 0 : CallTable.Error(Errno.ENOMEM);
    }

    /// <summary>mprotect_fixup, map_deny_write_exec.</summary>
    private static Errno? RefusalOf(GuestProcess process, VmArea area, Protection wanted)
    {
        bool gains = (wanted & Protection.Execute) != 0
            && ((wanted & Protection.Write) != 0 || (area.Protection & Protection.Execute) == 0);
        return process.RefusesToGainExecution && gains ? Errno.EACCES
            : area.Has(AreaTraits.NeverWritten) && (wanted & Protection.Write) != 0 ? Errno.EACCES
            : area.Has(AreaTraits.Sealed) ? Errno.EPERM : null;
    }

    private static Protection Rights(int rights) => (Protection)((rights & 3) | (rights & 4) << 1 | (rights & 0x20) >> 3);

    public static ulong PageUp(ulong address) => (address + GuestMemory.PageBytes - 1) & ~(ulong)(GuestMemory.PageBytes - 1);
}
