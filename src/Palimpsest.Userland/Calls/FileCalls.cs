using Palimpsest.Userland.Files;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Calls;

/// <summary>Reading, writing and places in files.</summary>
internal sealed class FileCalls(GuestSystem system)
{
    /// <summary>fadvise64: of a pipe it makes no sense, and nothing comes of it elsewhere.</summary>
    private static long Advise(GuestThread thread, CallArguments arguments)
    {
        const int mostAdvice = 5;
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        return file is OpenPipe or OpenSocket ? CallTable.Error(Errno.ESPIPE)
            : arguments.Int(3) is < 0 or > mostAdvice ? CallTable.Error(Errno.EINVAL) : 0;
    }

    private const int MostBytes = 1 << 20;
    private const int MostVectors = 1024;

    public void AddTo(CallTable table)
    {
        table[63] = (thread, arguments) => Read(thread, arguments.Int(0), [(arguments[1], arguments[2])], offset: null);
        table[64] = (thread, arguments) => Write(thread, arguments.Int(0), [(arguments[1], arguments[2])], offset: null);
        table[65] = (thread, arguments) => Read(thread, arguments.Int(0), Vectors(thread, arguments), offset: null);
        table[66] = (thread, arguments) => Write(thread, arguments.Int(0), Vectors(thread, arguments), offset: null);
        table[67] = (thread, arguments) => Read(thread, arguments.Int(0), [(arguments[1], arguments[2])], arguments.Long(3));
        table[68] = (thread, arguments) => Write(thread, arguments.Int(0), [(arguments[1], arguments[2])], arguments.Long(3));
        table[69] = (thread, arguments) => Read(thread, arguments.Int(0), Vectors(thread, arguments), arguments.Long(3));
        table[70] = (thread, arguments) => Write(thread, arguments.Int(0), Vectors(thread, arguments), arguments.Long(3));
        table[62] = Seek;
        table[45] = ResizeNamed;
        table[46] = Resize;
        table[71] = SendFile;
        table[223] = Advise;
        table[82] = (_, _) => 0;
        table[83] = (_, _) => 0;
        table[81] = (_, _) => 0;
    }

    /// <summary>Places in memory that a call names one after the other (struct iovec).</summary>
    public static (ulong Address, ulong Bytes)[] Vectors(GuestMemory memory, ulong first, ulong count)
    {
        if (count > MostVectors)
        {
            throw new CallException(Errno.EINVAL);
        }

        var vectors = new (ulong Address, ulong Bytes)[count];
        for (int index = 0; index < vectors.Length; index++)
        {
            ulong place = first + (ulong)(16 * index);
            vectors[index] = (memory.ReadWord(place), memory.ReadWord(place + 8));
        }

        return vectors;
    }

    private static (ulong Address, ulong Bytes)[] Vectors(GuestThread thread, CallArguments arguments) =>
        Vectors(thread.Process.Memory, arguments[1], (ulong)arguments.Int(2));

    /// <summary>read and its kin, of any file.</summary>
    public static long Read(GuestThread thread, int descriptor, (ulong Address, ulong Bytes)[] vectors, long? offset)
    {
        OpenFile file = thread.Process.Files[descriptor];
        if (!file.CanRead)
        {
            return CallTable.Error(Errno.EBADF);
        }

        RequireSeekable(file, offset);
        long total = 0;
        foreach ((ulong address, ulong bytes) in vectors)
        {
            if (total > 0 && !file.IsReadable)
            {
                break;
            }

            long done = ReadOne(thread, file, address, bytes, offset + total);
            if (done < 0 || thread.WaitsFor is not null)
            {
                return total > 0 ? total : done;
            }

            total += done;
            if ((ulong)done < bytes)
            {
                break;
            }
        }

        return total;
    }

    private static long ReadOne(GuestThread thread, OpenFile file, ulong address, ulong bytes, long? offset)
    {
        GuestMemory memory = thread.Process.Memory;
        long total = 0;
        while ((ulong)total < bytes)
        {
            byte[] buffer = new byte[(int)Math.Min(bytes - (ulong)total, MostBytes)];
            int got = file.Read(buffer, offset + total ?? file.Position);
            if (got == OpenFile.WouldBlock)
            {
                return total > 0 ? total
                    : file.IsNonBlocking ? CallTable.Error(Errno.EAGAIN) : CallTable.Wait(thread, () => file.IsReadable);
            }

            int copied = memory.TryWrite(address + (ulong)total, buffer.AsSpan(0, got));
            file.Position += offset is null && file.IsSeekable ? copied : 0;
            total += copied;
            if (copied < got)
            {
                return total > 0 ? total : CallTable.Error(Errno.EFAULT);
            }

            if (got < buffer.Length || !file.IsSeekable)
            {
                break;
            }
        }

        return total;
    }

    /// <summary>write and its kin.</summary>
    public long Write(GuestThread thread, int descriptor, (ulong Address, ulong Bytes)[] vectors, long? offset)
    {
        OpenFile file = thread.Process.Files[descriptor];
        if (!file.CanWrite)
        {
            return CallTable.Error(Errno.EBADF);
        }

        RequireSeekable(file, offset);
        long total = 0;
        foreach ((ulong address, ulong bytes) in vectors)
        {
            long done = WriteOne(thread, file, address, bytes, offset + total);
            if (thread.WaitsFor is not null && total > 0)
            {
                // What has gone before cannot be written again.
                (thread.WaitsFor, done, thread.Moved) = (null, thread.Moved, 0);
                return total + done;
            }

            if (done < 0 || thread.WaitsFor is not null)
            {
                return total > 0 ? total : done;
            }

            total += done;
            if ((ulong)done < bytes)
            {
                break;
            }
        }

        return total;
    }

    private long WriteOne(GuestThread thread, OpenFile file, ulong address, ulong bytes, long? offset)
    {
        GuestMemory memory = thread.Process.Memory;
        long total = thread.Moved;
        thread.Moved = 0;
        while ((ulong)total < bytes)
        {
            byte[] buffer = new byte[(int)Math.Min(bytes - (ulong)total, (ulong)(file.IsSeekable ? MostBytes : GuestMemory.PageBytes))];
            int copied = memory.TryRead(address + (ulong)total, buffer);
            // A page of a pipe is copied as a whole.
            if (copied == 0 || (copied < buffer.Length && file is OpenPipe))
            {
                return total > 0 ? total : CallTable.Error(Errno.EFAULT);
            }

            long at = offset + total ?? ((file.Flags & OpenFile.Append) != 0 ? file.Node.Length : file.Position);
            int done = Put(thread, file, buffer.AsMemory(0, copied), at);
            if (done == OpenFile.WouldBlock)
            {
                return WaitToWrite(thread, file, total);
            }

            file.Position = offset is null && file.IsSeekable ? at + done : file.Position;
            total += done;
            if (copied < buffer.Length)
            {
                break;
            }
        }

        return total;
    }

    private static long WaitToWrite(GuestThread thread, OpenFile file, long total)
    {
        if (file.IsNonBlocking)
        {
            return total > 0 ? total : CallTable.Error(Errno.EAGAIN);
        }

        thread.Moved = (int)total;
        return CallTable.Wait(thread, () => file.IsWritable);
    }

    private int Put(GuestThread thread, OpenFile file, ReadOnlyMemory<byte> bytes, long at)
    {
        try
        {
            file.Node.Modified = system.Now;
            return file.Write(bytes, at);
        }
        catch (CallException exception) when (exception.Error == Errno.EPIPE)
        {
            GuestSystem.Send(thread, new SignalInfo(SignalNumber.Pipe, SignalInfo.User, Sender: thread.Process.Id));
            throw;
        }
    }

    private static void RequireSeekable(OpenFile file, long? offset)
    {
        if (offset is { } place && (!file.IsSeekable || place < 0))
        {
            throw new CallException(place < 0 ? Errno.EINVAL : Errno.ESPIPE);
        }
    }

    private static long Seek(GuestThread thread, CallArguments arguments)
    {
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        if (!file.IsSeekable)
        {
            return CallTable.Error(Errno.ESPIPE);
        }

        long place = arguments.Int(2) switch
        {
            0 => arguments.Long(1),
            1 => file.Position + arguments.Long(1),
            2 => file.Node.Length + arguments.Long(1),
            _ => -1,
        };
        return place < 0 ? CallTable.Error(Errno.EINVAL) : file.Position = place;
    }

    private static long Resize(GuestThread thread, CallArguments arguments)
    {
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        if (arguments.Long(1) < 0 || file.Node is not FileNode node || !file.CanWrite)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        node.Resize(arguments.Long(1));
        return 0;
    }

    private long ResizeNamed(GuestThread thread, CallArguments arguments)
    {
        string path = thread.Process.Memory.ReadString(arguments[0]);
        path = path.StartsWith('/') ? path : $"{thread.Process.Folder}/{path}";
        if (arguments.Long(1) < 0 || system.Tree.Find(path) is not FileNode node)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        node.Resize(arguments.Long(1));
        return 0;
    }

    private long SendFile(GuestThread thread, CallArguments arguments)
    {
        OpenFile to = thread.Process.Files[arguments.Int(0)];
        OpenFile from = thread.Process.Files[arguments.Int(1)];
        byte[] buffer = new byte[(int)Math.Min(arguments[3], MostBytes)];
        long offset = arguments[2] == 0 ? from.Position : (long)thread.Process.Memory.ReadWord(arguments[2]);
        int got = from.Read(buffer, offset);
        int done = got <= 0 ? 0 : Put(thread, to, buffer.AsMemory(0, got), to.Position);
        to.Position += to.IsSeekable ? done : 0;
        if (arguments[2] == 0)
        {
            from.Position += done;
        }
        else
        {
            thread.Process.Memory.WriteWord(arguments[2], (ulong)(offset + done));
        }

        return done;
    }
}
