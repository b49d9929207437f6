using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Userland.Calls;

/// <summary>mremap (mm/mremap.c, 6.12).</summary>
internal static class RemapCalls
{
    private const int MayMove = 1;
    private const int MoveFixed = 2;
    private const int DontUnmap = 4;

    public static void AddTo(CallTable table) => table[216] = Remap;

    private static long Remap(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        (ulong bytes, ulong newBytes, int flags) = (MemoryCalls.PageUp(arguments[1]), MemoryCalls.PageUp(arguments[2]), arguments.Int(3));
        GuestMemory memory = thread.Process.Memory;
        bool keeps = (flags & DontUnmap) != 0;
        bool isConfused = (flags & ~7) != 0 || ((flags & (MoveFixed | DontUnmap)) != 0 && (flags & MayMove) == 0)
            || (keeps && bytes != newBytes);
        if (address % GuestMemory.PageBytes != 0 || newBytes == 0 || isConfused)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (memory.AreaAt(address) is not { } area)
        {
            return CallTable.Error(Errno.EFAULT);
        }

        if (area.Has(AreaTraits.Sealed))
        {
            return CallTable.Error(Errno.EPERM);
        }

        if ((flags & (MoveFixed | DontUnmap)) != 0)
        {
            return MoveTo(memory, address, bytes, newBytes, (flags & MoveFixed) != 0, arguments[4], keeps);
        }

        return newBytes <= bytes ? Shrink(memory, address, bytes, newBytes)
            : Grow(memory, area, address, bytes, newBytes, (flags & MayMove) != 0);
    }

    private static long Shrink(GuestMemory memory, ulong address, ulong bytes, ulong newBytes)
    {
        if (newBytes == bytes)
        {
            return memory.IsMapped(address, bytes) ? (long)address : CallTable.Error(Errno.EFAULT);
        }

        Cut(memory, address + newBytes, bytes - newBytes);
        return (long)address;
    }

    /// <summary>In place where nothing is behind it, else at another place.</summary>
    private static long Grow(GuestMemory memory, VmArea area, ulong address, ulong bytes, ulong newBytes, bool mayMove)
    {
        ulong end = area.End * GuestMemory.PageBytes;
        RequireOneArea(area, address, bytes);
        if (bytes == 0)
        {
            return !mayMove ? CallTable.Error(Errno.ENOMEM) : Again(memory, area, address, newBytes, at: null);
        }

        bool isInPlace = address + bytes == end && memory.Expand(end, newBytes - bytes);
        ulong? place = isInPlace ? address : mayMove ? memory.Move(address, bytes, newBytes, to: null, keeps: false) : null;
        if (place is { } start && area.Has(AreaTraits.Locked) && !area.Has(AreaTraits.LockedOnFault))
        {
            Population.Bring(memory, start + bytes, newBytes - bytes);
        }

        return place is { } found ? (long)found : CallTable.Error(Errno.ENOMEM);
    }

    /// <param name="to">Where it has to go, or would go best.</param>
    private static long MoveTo(GuestMemory memory, ulong address, ulong bytes, ulong newBytes, bool isFixed, ulong to, bool keeps)
    {
        if (to % GuestMemory.PageBytes != 0 || memory.IsBeyond(to, newBytes) || (to < address + bytes && address < to + newBytes))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (isFixed)
        {
            Cut(memory, to, newBytes);
        }

        if (newBytes < bytes)
        {
            Cut(memory, address + newBytes, bytes - newBytes);
            bytes = newBytes;
        }

        VmArea area = memory.AreaAt(address)!;
        RequireOneArea(area, address, bytes);
        ulong? wanted = isFixed || (to != 0 && !memory.IsInUse(to, newBytes)) ? to : null;
        return bytes == 0 ? Again(memory, area, address, newBytes, wanted)
            : memory.Move(address, bytes, newBytes, wanted, keeps) is { } place ? (long)place : CallTable.Error(Errno.ENOMEM);
    }

    /// <summary>Of nothing: shared memory is mapped a second time.</summary>
    private static long Again(GuestMemory memory, VmArea area, ulong address, ulong bytes, ulong? at)
    {
        long offset = (long)area.IndexOf(address / GuestMemory.PageBytes) * GuestMemory.PageBytes;
        ulong? place = memory.Map(bytes, area.Protection, area.Backing, offset, isShared: true, at, area.Traits);
        return place is { } found ? (long)found : CallTable.Error(Errno.ENOMEM);
    }

    /// <exception cref="CallException">EFAULT: it reaches out of its area. EINVAL: of nothing, and private.</exception>
    private static void RequireOneArea(VmArea area, ulong address, ulong bytes)
    {
        if (bytes == 0 && !area.IsShared)
        {
            throw new CallException(Errno.EINVAL);
        }

        if (bytes > (area.End * GuestMemory.PageBytes) - address)
        {
            throw new CallException(Errno.EFAULT);
        }
    }

    /// <exception cref="CallException">EINVAL: it ends behind the address space. EPERM: some of it is sealed. ENOMEM: a huge page
    /// cannot be split.</exception>
    private static void Cut(GuestMemory memory, ulong address, ulong bytes)
    {
        if (memory.IsBeyond(address, bytes))
        {
            throw new CallException(Errno.EINVAL);
        }

        if (memory.IsSealed(address, bytes) || !memory.Unmap(address, bytes))
        {
            throw new CallException(memory.IsSealed(address, bytes) ? Errno.EPERM : Errno.ENOMEM);
        }
    }
}
