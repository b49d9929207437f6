using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Userland.Files;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Calls;

/// <summary>Memory that goes to others: process_vm_readv and its kin, process_mrelease, pidfd_open, vmsplice.</summary>
internal sealed class OtherMemoryCalls(GuestSystem system)
{
    private const int MostPiece = 1 << 20;

    public void AddTo(CallTable table)
    {
        table[270] = (thread, arguments) => Transfer(thread, arguments, isWrite: false);
        table[271] = (thread, arguments) => Transfer(thread, arguments, isWrite: true);
        table[434] = OpenProcess;
        table[448] = Release;
        table[75] = Splice;
        table[235] = Bind;
    }

    /// <summary>process_vm_readv, process_vm_writev (mm/process_vm_access.c, 6.12): the other side has the rights that it has.</summary>
    private long Transfer(GuestThread thread, CallArguments arguments, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        if (arguments[5] != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        (ulong Address, ulong Bytes)[] here = FileCalls.Vectors(memory, arguments[1], arguments[2]);
        Queue<(ulong Address, ulong Bytes)> there = new(FileCalls.Vectors(memory, arguments[3], arguments[4]));
        int target = arguments.Int(0);
        if (system.Processes.FirstOrDefault(process => process.Status is null
            && process.Threads.Any(other => other.Id == target)) is not { } other)
        {
            return CallTable.Error(Errno.ESRCH);
        }

        long total = 0;
        (ulong Address, ulong Bytes) remote = default;
        foreach ((ulong address, ulong bytes) in here)
        {
            for (ulong done = 0; done < bytes;)
            {
                if (remote.Bytes == 0 && !there.TryDequeue(out remote))
                {
                    return total;
                }

                int count = (int)Math.Min(Math.Min(bytes - done, remote.Bytes), MostPiece);
                int moved = isWrite ? Put(memory, other.Memory, address + done, remote.Address, count)
                    : Take(memory, other.Memory, address + done, remote.Address, count);
                total += moved;
                if (moved < count)
                {
                    return total > 0 ? total : CallTable.Error(Errno.EFAULT);
                }

                done += (ulong)count;
                remote = (remote.Address + (ulong)count, remote.Bytes - (ulong)count);
            }
        }

        return total;
    }

    private static int Take(GuestMemory memory, GuestMemory other, ulong address, ulong from, int count)
    {
        byte[] bytes = new byte[count];
        int got = other.ReadRemotely(from, bytes);
        return memory.TryWrite(address, bytes.AsSpan(0, got));
    }

    private static int Put(GuestMemory memory, GuestMemory other, ulong address, ulong to, int count)
    {
        byte[] bytes = new byte[count];
        int got = memory.TryRead(address, bytes);
        return other.WriteRemotely(to, bytes.AsMemory(0, got));
    }

    private long OpenProcess(GuestThread thread, CallArguments arguments)
    {
        int id = arguments.Int(0);
        if ((arguments.Int(1) & ~OpenFile.NonBlocking) != 0 || id <= 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        GuestProcess? process = system.Processes.FirstOrDefault(process => process.Id == id);
        Node node = system.Tree.Nodes.Numbered(new ProcessNode());
        return process is null ? CallTable.Error(Errno.ESRCH)
            : thread.Process.Files.Add(new OpenProcess(node, arguments.Int(1), process), closesOnExec: true);
    }

    /// <summary>process_mrelease: of a process that is being killed and has not gone yet (mm/oom_kill.c, 6.12).</summary>
    private static long Release(GuestThread thread, CallArguments arguments)
    {
        if (arguments.Int(1) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (thread.Process.Files[arguments.Int(0)] is not OpenProcess { Process: var process })
        {
            return CallTable.Error(Errno.EBADF);
        }

        if (process.Status is not null)
        {
            return CallTable.Error(Errno.ESRCH);
        }

        if (!process.Pending.Concat(process.Threads.SelectMany(other => other.Pending)).Any(sent => sent.Number == SignalNumber.Kill))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        process.Memory.Reap();
        return 0;
    }

    /// <summary>vmsplice: pages go into a pipe as they are, and are read out of it later; out of one, bytes come (fs/splice.c,
    /// 6.12).</summary>
    private static long Splice(GuestThread thread, CallArguments arguments)
    {
        const int nonBlocking = 2;
        if (thread.Process.Files[arguments.Int(0)] is not OpenPipe file || (arguments.Int(3) & ~15) != 0)
        {
            return CallTable.Error((arguments.Int(3) & ~15) != 0 ? Errno.EINVAL : Errno.EBADF);
        }

        (ulong Address, ulong Bytes)[] vectors = FileCalls.Vectors(thread.Process.Memory, arguments[1], arguments[2]);
        if (!file.CanWrite)
        {
            return FileCalls.Read(thread, arguments.Int(0), vectors, offset: null);
        }

        if (file.Pipe.Readers == 0)
        {
            GuestSystem.Send(thread, new SignalInfo(SignalNumber.Pipe, SignalInfo.User, Sender: thread.Process.Id));
            return CallTable.Error(Errno.EPIPE);
        }

        (ulong first, ulong bytes) = vectors.FirstOrDefault(vector => vector.Bytes > 0);
        if (bytes == 0)
        {
            return 0;
        }

        int needed = Piece(first, bytes).Count;
        if (!file.Pipe.HasRoomFor(needed))
        {
            return file.IsNonBlocking || (arguments.Int(3) & nonBlocking) != 0 ? CallTable.Error(Errno.EAGAIN)
                : CallTable.Wait(thread, () => file.Pipe.HasRoomFor(needed) || file.Pipe.Readers == 0);
        }

        return Give(thread, file.Pipe, vectors);
    }

    private static long Give(GuestThread thread, Pipe pipe, (ulong Address, ulong Bytes)[] vectors)
    {
        long total = 0;
        foreach ((ulong address, ulong bytes) in vectors)
        {
            for (ulong done = 0; done < bytes;)
            {
                (int within, int count) = Piece(address + done, bytes - done);
                if (!pipe.HasRoomFor(count))
                {
                    return total;
                }

                if (Pinned(thread.Process.Memory, address + done, mayWait: total == 0) is not { } page)
                {
                    return total > 0 ? total : CallTable.Error(Errno.EFAULT);
                }

                pipe.Give(page, within, count);
                done += (ulong)count;
                total += count;
            }
        }

        return total;
    }

    /// <summary>A call that has given pages is not made again: it ends before one that it would have to wait for.</summary>
    private static SplicedPage? Pinned(GuestMemory memory, ulong address, bool mayWait)
    {
        try
        {
            return memory.PinToRead(address);
        }
        catch (FaultWaitException) when (!mayWait)
        {
            return null;
        }
    }

    /// <summary>What of a range lies in its first page.</summary>
    private static (int Within, int Count) Piece(ulong address, ulong bytes)
    {
        int within = (int)(address % GuestMemory.PageBytes);
        return (within, (int)Math.Min(bytes, (ulong)(GuestMemory.PageBytes - within)));
    }

    /// <summary>mbind: there is one node, so that pages are where any policy wants them; MPOL_MF_MOVE makes sure by moving them.</summary>
    private long Bind(GuestThread thread, CallArguments arguments)
    {
        const int mostMode = 6;
        const int strict = 1;
        const int moves = 6;
        GuestMemory memory = thread.Process.Memory;
        (ulong address, ulong bytes, int flags) = (arguments[0], MemoryCalls.PageUp(arguments[1]), arguments.Int(5));
        if (address % GuestMemory.PageBytes != 0 || (arguments.Int(2) & 0xFF) > mostMode || (flags & ~(strict | moves)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (!memory.IsMapped(address, bytes))
        {
            return CallTable.Error(Errno.EFAULT);
        }

        for (ulong at = address; (flags & moves) != 0 && at < address + bytes; at += GuestMemory.PageBytes)
        {
            system.Machine.Migrate(memory.Process, at);
        }

        return 0;
    }
}
