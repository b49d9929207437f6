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
    private const int MayMove = 1;
    private const int MoveFixed = 2;
    private const int DontUnmap = 4;
    private const int KnownRights = 0x37 | 0x01000000 | 0x02000000;

    public void AddTo(CallTable table)
    {
        table[214] = SetBreak;
        table[222] = Map;
        table[215] = Unmap;
        table[226] = Protect;
        table[216] = Remap;
        table[233] = Advise;
        table[279] = CreateMemoryFile;
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
        }
        else if (wants < had)
        {
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

        if (bytes == 0 || bytes > memory.EndAddress || (isFixed && (hint > memory.EndAddress || hint + bytes > memory.EndAddress)))
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

        FileObject? file = FileOf(thread, flags, arguments.Int(4), bytes, isShared && (protection & Protection.Write) != 0);
        if ((protection & Protection.Mte) != 0 && !(memory.CanTag && (file is null || file.IsShared)))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong? at = PlaceOf(memory, hint, bytes, flags);
        ulong? place = memory.Map(bytes, protection, file, offset, isShared, at);
        if ((flags & Anonymous) != 0 && file is not null)
        {
            file.Users--;
        }

        if (place is { } start && (flags & Populate) != 0)
        {
            PopulatePages(thread, start, bytes, isWrite: (protection & Protection.Write) != 0);
        }

        return place is { } address ? (long)address : CallTable.Error(Errno.ENOMEM);
    }

    private static ulong? PlaceOf(GuestMemory memory, ulong hint, ulong bytes, int flags)
    {
        if ((flags & FixedNoReplace) != 0 && memory.IsInUse(hint, bytes))
        {
            throw new CallException(Errno.EEXIST);
        }

        bool isFixed = (flags & (Fixed | FixedNoReplace)) != 0;
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
            : open.Node is FileNode node ? node.Object
            : open.Node is DeviceNode { Kind: DeviceKind.Zero } ? null
            : throw new CallException(Errno.ENODEV);
    }

    private long Unmap(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        ulong bytes = PageUp(arguments[1]);
        if (address % GuestMemory.PageBytes != 0 || bytes == 0 || address + bytes > thread.Process.Memory.EndAddress)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        return thread.Process.Memory.Unmap(address, bytes) ? 0 : CallTable.Error(Errno.ENOMEM);
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

        return bytes == 0 ? 0
            : !memory.IsMapped(address, bytes) ? CallTable.Error(Errno.ENOMEM)
            : memory.Protect(address, bytes, Rights(rights)) ? 0 : CallTable.Error(Errno.EINVAL);
    }

    private long Remap(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        (ulong bytes, ulong newBytes, int flags) = (PageUp(arguments[1]), PageUp(arguments[2]), arguments.Int(3));
        GuestMemory memory = thread.Process.Memory;
        bool isConfused = (flags & ~7) != 0 || ((flags & MoveFixed) != 0 && (flags & MayMove) == 0);
        if (address % GuestMemory.PageBytes != 0 || newBytes == 0 || isConfused)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (!memory.IsMapped(address, Math.Max(bytes, 1)))
        {
            return CallTable.Error(Errno.EFAULT);
        }

        if ((flags & (MoveFixed | DontUnmap)) == 0 && newBytes <= bytes)
        {
            return newBytes < bytes && !memory.Unmap(address + newBytes, bytes - newBytes)
                ? CallTable.Error(Errno.ENOMEM) : (long)address;
        }

        bool keeps = (flags & DontUnmap) != 0;
        if (bytes == 0 || (keeps && (bytes != newBytes || (flags & MayMove) == 0)))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if ((flags & MayMove) == 0)
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        ulong? to = null;
        if ((flags & MoveFixed) != 0)
        {
            to = arguments[4];
            if (to % GuestMemory.PageBytes != 0 || memory.IsBeyond(to.Value, newBytes) || (to < address + bytes && address < to + newBytes))
            {
                return CallTable.Error(Errno.EINVAL);
            }

            memory.Unmap(to.Value, newBytes);
            if (newBytes < bytes)
            {
                memory.Unmap(address + newBytes, bytes - newBytes);
                bytes = newBytes;
            }
        }

        Protection protection = memory.Space.Areas.Find(address / GuestMemory.PageBytes)!.Protection;
        ulong? place = memory.Move(address, bytes, newBytes, to);
        if (keeps && place is not null)
        {
            // MREMAP_DONTUNMAP: the old place is as one that nobody has touched yet.
            memory.Map(bytes, protection, file: null, 0, isShared: false, address);
        }

        return place is { } moved ? (long)moved : CallTable.Error(Errno.ENOMEM);
    }

    private long Advise(GuestThread thread, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[0]);
        ulong bytes = PageUp(arguments[1]);
        GuestMemory memory = thread.Process.Memory;
        if (address % GuestMemory.PageBytes != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        switch (arguments.Int(2))
        {
            case 0 or 1 or 2 or 3 or 10 or 11 or 12 or 13 or 16 or 17 or 18 or 19 or 20 or 25:
                break;
            case 4:
                memory.Discard(address, bytes);
                break;
            case 8:
                memory.FreeLazily(address, bytes);
                break;
            case 14 or 15:
                memory.AdviseHuge(address, bytes, arguments.Int(2) == 14);
                break;
            case 21:
                PageOut(memory, address, bytes);
                break;
            case 22 or 23:
                return PopulatePages(thread, address, bytes, isWrite: arguments.Int(2) == 23);
            default:
                return CallTable.Error(Errno.EINVAL);
        }

        return memory.IsMapped(address, bytes) ? 0 : CallTable.Error(Errno.ENOMEM);
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

    /// <summary>Every page is faulted in, without a change of what it holds.</summary>
    private static long PopulatePages(GuestThread thread, ulong address, ulong bytes, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        Span<byte> one = stackalloc byte[1];
        for (ulong at = address; at < address + bytes; at += GuestMemory.PageBytes)
        {
            if (memory.TryRead(at, one, isChecked: false) == 0 || (isWrite && memory.TryWrite(at, one, isChecked: false) == 0))
            {
                return CallTable.Error(memory.IsMapped(at, 1) ? Errno.EFAULT : Errno.ENOMEM);
            }
        }

        return 0;
    }

    private long CreateMemoryFile(GuestThread thread, CallArguments arguments)
    {
        thread.Process.Memory.ReadString(arguments[0]);
        FileNode node = system.Tree.Nodes.File(0x1FF, isMemory: true);
        return thread.Process.Files.Add(new OpenRegular(node, OpenFile.ReadWrite), closesOnExec: (arguments.Int(1) & 1) != 0);
    }

    private static Protection Rights(int rights) => (Protection)((rights & 3) | (rights & 4) << 1 | (rights & 0x20) >> 3);

    private static ulong PageUp(ulong address) => (address + GuestMemory.PageBytes - 1) & ~(ulong)(GuestMemory.PageBytes - 1);
}
