using System.Buffers.Binary;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Stream sockets within the model: local ones, by path or abstract name, and IPv4 of the loopback, by port.</summary>
internal sealed class SocketCalls(GuestSystem system, FileCalls files)
{
    private const int CloseOnExec = 0x80000;
    private const int KindMask = 15;
    private const int Stream = 1;
    private const int Packets = 5;
    private const int Peek = 2;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int MostBytes = 1 << 20;
    private const int FirstFreePort = 32768;

    private readonly Dictionary<string, OpenSocket> _bound = [];
    private int _freePort = FirstFreePort;

    public void AddTo(CallTable table)
    {
        table[198] = Make;
        table[199] = MakePair;
        table[200] = Bind;
        table[201] = Listen;
        table[202] = (thread, arguments) => Accept(thread, arguments, flags: 0);
        table[242] = (thread, arguments) => Accept(thread, arguments, arguments.Int(3));
        table[203] = Connect;
        table[204] = (thread, arguments) => SocketNames.Tell(thread, arguments, Of(thread, arguments), Of(thread, arguments).Name);
        table[205] = TellPeer;
        table[206] = (thread, arguments) => Send(thread, arguments, [(arguments[1], arguments[2])], arguments.Int(3));
        table[207] = (thread, arguments) => Receive(thread, arguments, [(arguments[1], arguments[2])], arguments.Int(3));
        table[211] = (thread, arguments) => Send(thread, arguments, Vectors(thread, arguments[1]), arguments.Int(2));
        table[212] = ReceiveMessage;
        table[208] = SetOption;
        table[209] = Option;
        table[210] = Shut;
    }

    private long Make(GuestThread thread, CallArguments arguments)
    {
        OpenSocket socket = New(arguments.Int(0), arguments.Int(1));
        return thread.Process.Files.Add(socket, (arguments.Int(1) & CloseOnExec) != 0);
    }

    private OpenSocket New(int family, int kind)
    {
        if (family is not (OpenSocket.LocalFamily or OpenSocket.InternetFamily))
        {
            throw new CallException(Errno.EAFNOSUPPORT);
        }

        return (kind & KindMask) is Stream or Packets
            ? new OpenSocket(system.Tree.Nodes.Numbered(new SocketNode()), kind & OpenFile.NonBlocking, family)
            : throw new CallException(Errno.EPROTONOSUPPORT);
    }

    private long MakePair(GuestThread thread, CallArguments arguments)
    {
        int kind = arguments.Int(1);
        if (arguments.Int(0) != OpenSocket.LocalFamily)
        {
            return CallTable.Error(Errno.EOPNOTSUPP);
        }

        (OpenSocket first, OpenSocket second) = (New(OpenSocket.LocalFamily, kind), New(OpenSocket.LocalFamily, kind));
        first.Connect(second);
        bool closes = (kind & CloseOnExec) != 0;
        thread.Process.Memory.WriteInt(arguments[3], (uint)thread.Process.Files.Add(first, closes));
        thread.Process.Memory.WriteInt(arguments[3] + 4, (uint)thread.Process.Files.Add(second, closes));
        return 0;
    }

    private long Bind(GuestThread thread, CallArguments arguments)
    {
        OpenSocket socket = Of(thread, arguments);
        byte[] name = SocketNames.NameOf(thread, socket, arguments);
        if (socket.Family == OpenSocket.InternetFamily && BinaryPrimitives.ReadUInt16BigEndian(name) == 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(name, (ushort)_freePort++);
        }

        string key = SocketNames.KeyOf(thread, socket.Family, name);
        if (_bound.TryGetValue(key, out OpenSocket? other) && other.Users > 0)
        {
            return CallTable.Error(Errno.EADDRINUSE);
        }

        if (SocketNames.PathOf(thread, socket.Family, name) is { } path)
        {
            if (system.Tree.TryFind(path, followsLast: true, out FolderNode folder, out string last) is not null)
            {
                return CallTable.Error(Errno.EADDRINUSE);
            }

            folder.Put(last, socket.Node);
        }

        _bound[key] = socket;
        socket.Name = name;
        return 0;
    }

    private static long Listen(GuestThread thread, CallArguments arguments)
    {
        Of(thread, arguments).Listen();
        return 0;
    }

    private static long Accept(GuestThread thread, CallArguments arguments, int flags)
    {
        OpenSocket socket = Of(thread, arguments);
        if (socket.Waiting is not { } waiting)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (!waiting.TryDequeue(out OpenSocket? accepted))
        {
            return socket.IsNonBlocking ? CallTable.Error(Errno.EAGAIN) : CallTable.Wait(thread, () => waiting.Count > 0);
        }

        accepted.Flags |= flags & OpenFile.NonBlocking;
        if (arguments[1] != 0)
        {
            SocketNames.Tell(thread, arguments, accepted, accepted.Peer);
        }

        return thread.Process.Files.Add(accepted, (flags & CloseOnExec) != 0);
    }

    /// <summary>Whoever listens has it at once; beyond the loopback there is nobody.</summary>
    private long Connect(GuestThread thread, CallArguments arguments)
    {
        OpenSocket socket = Of(thread, arguments);
        byte[] name = SocketNames.NameOf(thread, socket, arguments);
        if (socket.IsConnected)
        {
            return CallTable.Error(Errno.EISCONN);
        }

        if (socket.Family == OpenSocket.InternetFamily && name[2] is not (0 or 127))
        {
            return CallTable.Error(Errno.ENETUNREACH);
        }

        if (SocketNames.PathOf(thread, socket.Family, name) is { } path && system.Tree.Find(path) is not SocketNode)
        {
            return CallTable.Error(Errno.ECONNREFUSED);
        }

        if (!_bound.TryGetValue(SocketNames.KeyOf(thread, socket.Family, name), out OpenSocket? listener) || !listener.Listens)
        {
            return CallTable.Error(Errno.ECONNREFUSED);
        }

        if (socket.Family == OpenSocket.InternetFamily && socket.Name.Length == 0)
        {
            socket.Name = SocketNames.Loopback(_freePort++);
        }

        OpenSocket end = New(socket.Family, Stream);
        end.Name = socket.Family == OpenSocket.InternetFamily ? name : listener.Name;
        socket.Connect(end);
        listener.Waiting!.Enqueue(end);
        return 0;
    }

    private static long TellPeer(GuestThread thread, CallArguments arguments)
    {
        OpenSocket socket = Of(thread, arguments);
        return socket.IsConnected ? SocketNames.Tell(thread, arguments, socket, socket.Peer) : CallTable.Error(Errno.ENOTCONN);
    }

    private long Send(GuestThread thread, CallArguments arguments, (ulong Address, ulong Bytes)[] vectors, int flags)
    {
        OpenSocket socket = Of(thread, arguments);
        if (socket.IsBroken && (flags & NoSignal) != 0)
        {
            return CallTable.Error(Errno.EPIPE);
        }

        if (socket.IsConnected && !socket.IsWritable && (flags & DontWait) != 0)
        {
            return CallTable.Error(Errno.EAGAIN);
        }

        return files.Write(thread, arguments.Int(0), vectors, offset: null);
    }

    private static long Receive(GuestThread thread, CallArguments arguments, (ulong Address, ulong Bytes)[] vectors, int flags)
    {
        OpenSocket socket = Of(thread, arguments);
        if ((flags & DontWait) != 0 && socket.IsConnected && !socket.IsReadable)
        {
            return CallTable.Error(Errno.EAGAIN);
        }

        if ((flags & Peek) == 0 || vectors.Length == 0)
        {
            return FileCalls.Read(thread, arguments.Int(0), vectors, offset: null);
        }

        byte[] seen = new byte[(int)Math.Min(vectors[0].Bytes, MostBytes)];
        int got = socket.Read(seen, keeps: true);
        if (got == OpenFile.WouldBlock)
        {
            return socket.IsNonBlocking ? CallTable.Error(Errno.EAGAIN) : CallTable.Wait(thread, () => socket.IsReadable);
        }

        thread.Process.Memory.Write(vectors[0].Address, seen.AsSpan(0, got));
        return got;
    }

    /// <summary>recvmsg: no name, no ancillary data.</summary>
    private static long ReceiveMessage(GuestThread thread, CallArguments arguments)
    {
        long got = Receive(thread, arguments, Vectors(thread, arguments[1]), arguments.Int(2));
        if (got >= 0 && thread.WaitsFor is null)
        {
            thread.Process.Memory.WriteInt(arguments[1] + 8, 0);
            thread.Process.Memory.WriteWord(arguments[1] + 40, 0);
            thread.Process.Memory.WriteInt(arguments[1] + 48, 0);
        }

        return got;
    }

    /// <summary>setsockopt: nothing that is set makes a difference here.</summary>
    private static long SetOption(GuestThread thread, CallArguments arguments)
    {
        Of(thread, arguments);
        return 0;
    }

    /// <summary>getsockopt: what kind it is, and else zero, as no error is.</summary>
    private static long Option(GuestThread thread, CallArguments arguments)
    {
        const int kind = 3;
        const int sendRoom = 7;
        const int receiveRoom = 8;
        const uint room = 212_992;
        Of(thread, arguments);
        int option = arguments.Int(1) == 1 ? arguments.Int(2) : 0;
        thread.Process.Memory.WriteInt(arguments[3], option switch
        {
            kind => Stream,
            sendRoom or receiveRoom => room,
            _ => 0,
        });
        thread.Process.Memory.WriteInt(arguments[4], sizeof(int));
        return 0;
    }

    private static long Shut(GuestThread thread, CallArguments arguments)
    {
        OpenSocket socket = Of(thread, arguments);
        if (!socket.IsConnected)
        {
            return CallTable.Error(Errno.ENOTCONN);
        }

        socket.Shut(arguments.Int(1) is 0 or 2, arguments.Int(1) is 1 or 2);
        return 0;
    }

    private static OpenSocket Of(GuestThread thread, CallArguments arguments) =>
        thread.Process.Files[arguments.Int(0)] as OpenSocket ?? throw new CallException(Errno.ENOTSOCK);

    /// <summary>What a message header names (struct msghdr).</summary>
    private static (ulong Address, ulong Bytes)[] Vectors(GuestThread thread, ulong header)
    {
        GuestMemory memory = thread.Process.Memory;
        return FileCalls.Vectors(memory, memory.ReadWord(header + 16), memory.ReadWord(header + 24));
    }
}
