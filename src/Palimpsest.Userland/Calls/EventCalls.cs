using System.Buffers.Binary;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>eventfd, signalfd and epoll.</summary>
internal sealed class EventCalls(GuestSystem system)
{
    private const int CloseOnExec = 0x80000;
    private const int EventBytes = 16;
    private const int Add = 1;
    private const int Delete = 2;
    private const long MillisecondNs = 1_000_000;

    public void AddTo(CallTable table)
    {
        table[19] = CreateCounter;
        table[20] = Create;
        table[21] = Control;
        table[22] = Wait;
        table[74] = CreateSignals;
    }

    private long CreateCounter(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(1);
        Node node = system.Tree.Nodes.Numbered(new EventNode());
        EventCounter counter = new(node, OpenFile.ReadWrite | (flags & OpenFile.NonBlocking), (uint)arguments[0], (flags & 1) != 0);
        return thread.Process.Files.Add(counter, (flags & CloseOnExec) != 0);
    }

    /// <summary>signalfd4: a new file, or another set for one that is there.</summary>
    private long CreateSignals(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(3);
        if (arguments[2] != sizeof(ulong) || (flags & ~(CloseOnExec | OpenFile.NonBlocking)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong set = thread.Process.Memory.ReadWord(arguments[1]);
        if (arguments.Int(0) != -1)
        {
            OpenSignals old = thread.Process.Files[arguments.Int(0)] as OpenSignals ?? throw new CallException(Errno.EINVAL);
            old.Set = set;
            return arguments.Int(0);
        }

        OpenSignals file = new(system.Tree.Nodes.Numbered(new EventNode()), flags & OpenFile.NonBlocking, thread.Process) { Set = set };
        return thread.Process.Files.Add(file, (flags & CloseOnExec) != 0);
    }

    private long Create(GuestThread thread, CallArguments arguments) => thread.Process.Files.Add(
        new EventPoll(system.Tree.Nodes.Numbered(new EventNode())), (arguments.Int(0) & CloseOnExec) != 0);

    private static long Control(GuestThread thread, CallArguments arguments)
    {
        EventPoll poll = PollOf(thread, arguments.Int(0));
        (int operation, int number) = (arguments.Int(1), arguments.Int(2));
        OpenFile file = thread.Process.Files[number];
        bool isThere = poll.Interests.ContainsKey(number);
        if (file is OpenRegular or OpenFolder)
        {
            return CallTable.Error(Errno.EPERM);
        }

        if (isThere == (operation == Add))
        {
            return CallTable.Error(isThere ? Errno.EEXIST : Errno.ENOENT);
        }

        if (operation == Delete)
        {
            poll.Interests.Remove(number);
            return 0;
        }

        byte[] wanted = thread.Process.Memory.Read(arguments[3], EventBytes);
        poll.Interests[number] = new PollInterest(
            file, BinaryPrimitives.ReadUInt32LittleEndian(wanted), BinaryPrimitives.ReadUInt64LittleEndian(wanted.AsSpan(8)));
        return 0;
    }

    private long Wait(GuestThread thread, CallArguments arguments)
    {
        EventPoll poll = PollOf(thread, arguments.Int(0));
        int most = arguments.Int(2);
        if (most is <= 0 or > int.MaxValue / EventBytes)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        int timeout = arguments.Int(3);
        long? deadline = thread.WaitsUntil ?? (timeout < 0 ? null : system.Now + (timeout * MillisecondNs));
        thread.WaitsUntil = null;
        List<(uint Events, ulong Data)> ready = poll.Ready(most, isTold: true);
        if (ready.Count == 0)
        {
            return deadline <= system.Now ? 0 : CallTable.Wait(thread, () => poll.IsReadable, deadline, isRestartable: false);
        }

        byte[] told = new byte[EventBytes * ready.Count];
        for (int index = 0; index < ready.Count; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(told.AsSpan(EventBytes * index), ready[index].Events);
            BinaryPrimitives.WriteUInt64LittleEndian(told.AsSpan((EventBytes * index) + 8), ready[index].Data);
        }

        thread.Process.Memory.Write(arguments[1], told);
        return ready.Count;
    }

    private static EventPoll PollOf(GuestThread thread, int number) =>
        thread.Process.Files[number] as EventPoll ?? throw new CallException(Errno.EINVAL);
}
