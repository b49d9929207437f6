using Palimpsest.Kernel.Tables;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>userfaultfd of private anonymous memory: missing pages, and writes to pages that are marked (fs/userfaultfd.c, 6.12).</summary>
internal sealed class UserfaultCalls(GuestSystem system)
{
    private const int CloseOnExec = 0x80000;
    private const int UserModeOnly = 1;
    private const ulong Version = 0xAA;
    private const ulong TellsProtection = 1;
    private const ulong MissingMode = 1;
    private const ulong ProtectMode = 2;
    private const ulong DontWake = 1;

    public void AddTo(CallTable table) => table[282] = Open;

    private long Open(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(0);
        if ((flags & ~(CloseOnExec | OpenFile.NonBlocking | UserModeOnly)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        OpenUserfault file = new(
            system.Tree.Nodes.Numbered(new UserfaultNode()), flags & OpenFile.NonBlocking, thread.Process.Memory);
        return thread.Process.Files.Add(file, (flags & CloseOnExec) != 0);
    }

    /// <summary>ioctl of a userfaultfd.</summary>
    /// <param name="request">Its lower half: type and number.</param>
    public static long Control(GuestThread thread, OpenUserfault file, int request, ulong argument)
    {
        if (file.IsReady == ((request & 0xFFFF) == 0xAA3F))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        return (request & 0xFFFF) switch
        {
            0xAA00 => Register(thread, file, argument),
            0xAA01 => Unregister(thread, file, argument),
            0xAA02 => Wake(thread, file, argument),
            0xAA03 => Copy(thread, file, argument),
            0xAA04 => Zero(thread, file, argument),
            0xAA06 => Protect(thread, file, argument),
            0xAA3F => Agree(thread, file, argument),
            _ => CallTable.Error(Errno.EINVAL),
        };
    }

    private static long Agree(GuestThread thread, OpenUserfault file, ulong argument)
    {
        const ulong calls = 1UL << 0 | 1UL << 1 | 1UL << 0x3F;
        GuestMemory memory = thread.Process.Memory;
        if (memory.ReadWord(argument) != Version || (memory.ReadWord(argument + 8) & ~TellsProtection) != 0)
        {
            memory.Write(argument, new byte[24]);
            return CallTable.Error(Errno.EINVAL);
        }

        memory.WriteWord(argument + 8, TellsProtection);
        memory.WriteWord(argument + 16, calls);
        file.IsReady = true;
        return 0;
    }

    private static long Register(GuestThread thread, OpenUserfault file, ulong argument)
    {
        const ulong always = 1UL << 2 | 1UL << 3 | 1UL << 4;
        GuestMemory memory = thread.Process.Memory;
        (ulong address, ulong bytes) = RangeAt(file, memory, argument);
        ulong mode = memory.ReadWord(argument + 16);
        List<(VmArea Area, ulong Address, ulong Bytes)> pieces = file.Memory.Pieces(address, bytes);
        Errno? error = mode == 0 || (mode & ~(MissingMode | ProtectMode)) != 0 ? Errno.EINVAL
            : pieces.Count == 0 ? Errno.ENOMEM
            : pieces.Any(piece => piece.Area.Backing is not null) ? Errno.EINVAL
            : pieces.Any(piece => piece.Area.Watcher is { } other && other != file) ? Errno.EBUSY : null;
        if (error is { } refused)
        {
            return CallTable.Error(refused);
        }

        AreaTraits faults = ((mode & MissingMode) != 0 ? AreaTraits.MissingTold : 0)
            | ((mode & ProtectMode) != 0 ? AreaTraits.WritesTold : 0);
        if (!file.Memory.Watch(address, bytes, file, faults))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        memory.WriteWord(argument + 24, always | ((mode & ProtectMode) != 0 ? 1UL << 6 : 0));
        return 0;
    }

    private static long Unregister(GuestThread thread, OpenUserfault file, ulong argument)
    {
        (ulong address, ulong bytes) = RangeAt(file, thread.Process.Memory, argument);
        if (file.Memory.Pieces(address, bytes).Count == 0 || !file.Memory.Unwatch(address, bytes))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        WakeRange(file, address, bytes);
        return 0;
    }

    private static long Wake(GuestThread thread, OpenUserfault file, ulong argument)
    {
        (ulong address, ulong bytes) = RangeAt(file, thread.Process.Memory, argument);
        WakeRange(file, address, bytes);
        return 0;
    }

    private static long Copy(GuestThread thread, OpenUserfault file, ulong argument)
    {
        GuestMemory memory = thread.Process.Memory;
        (ulong to, ulong from, ulong mode) = (memory.ReadWord(argument), memory.ReadWord(argument + 8), memory.ReadWord(argument + 24));
        ulong bytes = CheckedRange(file, to, memory.ReadWord(argument + 16)).Bytes;
        if ((mode & ~(DontWake | ProtectMode)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        bool isProtected = (mode & ProtectMode) != 0;
        return FillAll(
            thread, file, (to, bytes), argument + 32, (mode & DontWake) == 0, isProtected,
            done => PageAt(memory, from + done, mayWait: done == 0));
    }

    /// <summary>A page to be copied. Null: it faults, or would have to be waited for by a call that cannot be made again.</summary>
    private static byte[]? PageAt(GuestMemory memory, ulong address, bool mayWait)
    {
        byte[] page = new byte[GuestMemory.PageBytes];
        try
        {
            return memory.TryRead(address, page) == page.Length ? page : null;
        }
        catch (FaultWaitException) when (!mayWait)
        {
            return null;
        }
    }

    private static long Zero(GuestThread thread, OpenUserfault file, ulong argument)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong mode = memory.ReadWord(argument + 16);
        return (mode & ~DontWake) != 0 ? CallTable.Error(Errno.EINVAL)
            : FillAll(thread, file, RangeAt(file, memory, argument), argument + 24, mode == 0, isProtected: false, content: null);
    }

    /// <summary>Page by page, up to the first that fails; how far it came is written where the caller wants it.</summary>
    private static long FillAll(
        GuestThread thread, OpenUserfault file, (ulong Address, ulong Bytes) range, ulong told, bool wakes, bool isProtected,
        Func<ulong, byte[]?>? content)
    {
        ulong done = 0;
        Errno? error = null;
        for (; done < range.Bytes && error is null; done += error is null ? (ulong)GuestMemory.PageBytes : 0)
        {
            bool isWatched = file.Memory.AreaAt(range.Address + done) is { } area && area.Watcher == file
                && (!isProtected || area.Has(AreaTraits.WritesTold));
            error = isWatched ? FillOne(file, range.Address + done, content, done, isProtected) : Errno.ENOENT;
        }

        long result = done > 0 ? (long)done : CallTable.Error(error!.Value);
        thread.Process.Memory.WriteWord(told, (ulong)result);
        if (done > 0 && wakes)
        {
            WakeRange(file, range.Address, done);
        }

        return done == range.Bytes ? 0 : done > 0 ? CallTable.Error(Errno.EAGAIN) : result;
    }

    private static Errno? FillOne(
        OpenUserfault file, ulong address, Func<ulong, byte[]?>? content, ulong offset, bool isProtected)
    {
        byte[]? page = content?.Invoke(offset);
        if (content is not null && page is null)
        {
            return Errno.EFAULT;
        }

        return file.Memory.Fill(address, page, isProtected) is not { } isFilled ? Errno.ENOMEM : isFilled ? null : Errno.EEXIST;
    }

    private static long Protect(GuestThread thread, OpenUserfault file, ulong argument)
    {
        const ulong protects = 1;
        const ulong dontWake = 2;
        (ulong address, ulong bytes) = RangeAt(file, thread.Process.Memory, argument);
        ulong mode = thread.Process.Memory.ReadWord(argument + 16);
        if (mode > dontWake)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        List<(VmArea Area, ulong Address, ulong Bytes)> pieces = file.Memory.Pieces(address, bytes);
        if (pieces.Count == 0 || pieces.Any(piece => piece.Area.Watcher != file || !piece.Area.Has(AreaTraits.WritesTold)))
        {
            return CallTable.Error(Errno.ENOENT);
        }

        if (!file.Memory.ProtectWatched(address, bytes, mode == protects))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        if (mode == 0)
        {
            WakeRange(file, address, bytes);
        }

        return 0;
    }

    private static void WakeRange(OpenUserfault file, ulong address, ulong bytes) =>
        file.Wake(address / GuestMemory.PageBytes, (address + bytes) / GuestMemory.PageBytes);

    private static (ulong Address, ulong Bytes) RangeAt(OpenUserfault file, GuestMemory memory, ulong argument) =>
        CheckedRange(file, memory.ReadWord(argument), memory.ReadWord(argument + 8));

    /// <exception cref="CallException">EINVAL: no whole pages of the address space.</exception>
    private static (ulong Address, ulong Bytes) CheckedRange(OpenUserfault file, ulong address, ulong bytes) =>
        address % GuestMemory.PageBytes == 0 && bytes % GuestMemory.PageBytes == 0 && bytes > 0 && bytes <= file.Memory.EndAddress
        && address <= file.Memory.EndAddress - bytes ? (address, bytes) : throw new CallException(Errno.EINVAL);
}
