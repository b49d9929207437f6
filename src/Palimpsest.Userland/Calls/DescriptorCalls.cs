using System.Buffers.Binary;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Descriptors themselves, pipes, and waiting for them.</summary>
internal sealed class DescriptorCalls(GuestSystem system)
{
    internal const int PollIn = 1;
    internal const int PollOut = 4;
    internal const int PollHangUp = 16;

    private const int CloseOnExec = 0x80000;
    private const int PollInvalid = 32;
    private const int MostPolled = 1024;

    public void AddTo(CallTable table)
    {
        table[57] = (thread, arguments) => Close(thread, arguments.Int(0));
        table[436] = CloseRange;
        table[23] = (thread, arguments) => thread.Process.Files.Add(thread.Process.Files[arguments.Int(0)], closesOnExec: false);
        table[24] = Duplicate;
        table[25] = Control;
        table[29] = DeviceControl;
        table[59] = MakePipe;
        table[73] = Poll;
        table[32] = (_, _) => 0;
    }

    private static long Close(GuestThread thread, int number)
    {
        thread.Process.Files.Close(number);
        return 0;
    }

    private static long CloseRange(GuestThread thread, CallArguments arguments)
    {
        foreach (int number in thread.Process.Files.Numbers.Where(number => number >= arguments.Int(0)
            && (uint)number <= (uint)arguments[1]).ToArray())
        {
            thread.Process.Files.Close(number);
        }

        return 0;
    }

    private static long Duplicate(GuestThread thread, CallArguments arguments)
    {
        (int from, int to) = (arguments.Int(0), arguments.Int(1));
        OpenFile file = thread.Process.Files[from];
        return from == to || to is < 0 or > 1023
            ? CallTable.Error(from == to ? Errno.EINVAL : Errno.EBADF)
            : thread.Process.Files.Set(to, file, (arguments.Int(2) & CloseOnExec) != 0);
    }

    private long Control(GuestThread thread, CallArguments arguments)
    {
        DescriptorTable files = thread.Process.Files;
        int number = arguments.Int(0);
        OpenFile file = files[number];
        const int changeable = OpenFile.Append | OpenFile.NonBlocking;
        switch (arguments.Int(1))
        {
            case 0 or 1030 when arguments.Int(2) is < 0 or >= DescriptorTable.Most:
                return CallTable.Error(Errno.EINVAL);
            case 0 or 1030:
                return files.Add(file, closesOnExec: arguments.Int(1) == 1030, arguments.Int(2));
            case 1:
                return files.ClosesOnExec(number) ? 1 : 0;
            case 2:
                files.SetClosesOnExec(number, (arguments[2] & 1) != 0);
                return 0;
            case 3:
                return file.Flags;
            case 4:
                file.Flags = (file.Flags & ~changeable) | (arguments.Int(2) & changeable);
                return 0;
            case 5 or 6 or 7 or 36 or 37 or 38:
                return 0;
            case 1033:
                return MemoryFileCalls.AddSeals(system, file, arguments.Int(2));
            case 1034:
                return file.Node is FileNode { Seals: { } seals } ? (long)seals : CallTable.Error(Errno.EINVAL);
            default:
                return CallTable.Error(Errno.EINVAL);
        }
    }

    private static long DeviceControl(GuestThread thread, CallArguments arguments)
    {
        const int bytesToRead = 0x541B;
        const int nonBlocking = 0x5421;
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        if (file is OpenUserfault userfault)
        {
            return UserfaultCalls.Control(thread, userfault, arguments.Int(1), arguments[2]);
        }

        if (arguments.Int(1) == nonBlocking)
        {
            bool isOn = thread.Process.Memory.ReadInt(arguments[2]) != 0;
            file.Flags = isOn ? file.Flags | OpenFile.NonBlocking : file.Flags & ~OpenFile.NonBlocking;
            return 0;
        }

        if (arguments.Int(1) == bytesToRead && file is OpenPipe pipe)
        {
            thread.Process.Memory.WriteInt(arguments[2], (uint)pipe.Pipe.Available);
            return 0;
        }

        return CallTable.Error(Errno.ENOTTY);
    }

    private long MakePipe(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(1);
        Pipe pipe = new();
        Node node = system.Tree.Nodes.Numbered(new PipeNode());
        bool closes = (flags & CloseOnExec) != 0;
        int kept = flags & OpenFile.NonBlocking;
        int reader = thread.Process.Files.Add(new OpenPipe(node, kept, pipe), closes);
        int writer = thread.Process.Files.Add(new OpenPipe(node, kept | OpenFile.WriteOnly, pipe), closes);
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, reader);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], writer);
        thread.Process.Memory.Write(arguments[0], numbers);
        return 0;
    }

    /// <summary>ppoll.</summary>
    private long Poll(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        int count = arguments.Int(1);
        if (count is < 0 or > MostPolled)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        long? deadline = thread.WaitsUntil ?? (arguments[2] == 0 ? null : system.Now + TimeCalls.ReadTime(memory, arguments[2]));
        byte[] polled = memory.Read(arguments[0], 8 * count);
        int ready = Look(thread.Process.Files, polled);
        thread.WaitsUntil = null;
        if (ready == 0 && !(deadline <= system.Now))
        {
            DescriptorTable files = thread.Process.Files;
            return CallTable.Wait(thread, () => Look(files, [.. polled]) > 0, deadline, isRestartable: false);
        }

        memory.Write(arguments[0], polled);
        return ready;
    }

    private static int Look(DescriptorTable files, byte[] polled)
    {
        int ready = 0;
        for (int at = 0; at < polled.Length; at += 8)
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(polled.AsSpan(at));
            int wanted = BinaryPrimitives.ReadInt16LittleEndian(polled.AsSpan(at + 4));
            int found = number < 0 ? 0 : !files.IsOpen(number) ? PollInvalid : Events(files[number]) & (wanted | PollHangUp);
            BinaryPrimitives.WriteInt16LittleEndian(polled.AsSpan(at + 6), (short)found);
            ready += found != 0 ? 1 : 0;
        }

        return ready;
    }

    /// <summary>poll's view: of a pipe that nobody writes any more only its bytes can be read (pipe_poll).</summary>
    internal static int Events(OpenFile file) => file is OpenPipe { CanRead: true, Pipe: var pipe }
        ? (pipe.Available > 0 ? PollIn : 0) | (pipe.Writers == 0 ? PollHangUp : 0)
        : (file.CanRead && file.IsReadable ? PollIn : 0) | (file.CanWrite && file.IsWritable ? PollOut : 0);
}
