namespace Palimpsest.Userland.Files;

internal sealed class SocketNode() : Node(SocketType | 0x1FF);

/// <summary>
/// A stream socket of the model, local or of IPv4's loopback: bytes go through a pipe each way. Nothing of it reaches the host.
/// </summary>
/// <param name="family">As socket is given it: <see cref="LocalFamily"/> or <see cref="InternetFamily"/>.</param>
internal sealed class OpenSocket(Node node, int flags, int family) : OpenFile(node, flags | ReadWrite)
{
    public const int LocalFamily = 1;
    public const int InternetFamily = 2;

    private Pipe? _from;
    private Pipe? _to;
    private bool _isClosed;

    public int Family => family;

    /// <summary>Its own name, as getsockname tells it, without the family; empty while it has none.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>The name of whoever it is connected with.</summary>
    public byte[] Peer { get; private set; } = [];

    /// <summary>Who has connected and was not accepted yet; null while it does not listen.</summary>
    public Queue<OpenSocket>? Waiting { get; private set; }

    public bool IsConnected => _from is not null;

    public override bool IsSeekable => false;

    public override bool IsReadable => Waiting is { } waiting ? waiting.Count > 0 : _from is null || _from.IsReadable;

    public override bool IsWritable => _to is null ? Waiting is null : _to.IsWritable;

    /// <summary>The other end reads no more.</summary>
    public bool IsBroken => _to is { Readers: 0 };

    public void Listen() => Waiting ??= new Queue<OpenSocket>();

    /// <summary>A pipe each way.</summary>
    public void Connect(OpenSocket other)
    {
        (Pipe there, Pipe back) = (new(), new());
        (_from, _to) = (back, there);
        (other._from, other._to) = (there, back);
        (Peer, other.Peer) = (other.Name, Name);
    }

    public override int Read(Memory<byte> into, long offset) => Read(into.Span, keeps: false);

    /// <summary>recv.</summary>
    public int Read(Span<byte> into, bool keeps) => _from is { } from ? from.Read(into, keeps) : throw new CallException(Errno.ENOTCONN);

    public override int Write(ReadOnlyMemory<byte> bytes, long offset)
    {
        Pipe to = _to ?? throw new CallException(Errno.ENOTCONN);
        return to.Readers == 0 || to.Writers == 0 ? throw new CallException(Errno.EPIPE) : to.Write(bytes.Span);
    }

    /// <summary>shutdown.</summary>
    public void Shut(bool reading, bool writing)
    {
        if (_from is { Readers: > 0 } from && reading)
        {
            from.Readers = 0;
        }

        if (_to is { Writers: > 0 } to && writing)
        {
            to.Writers = 0;
        }
    }

    public override void Close()
    {
        _isClosed = true;
        Shut(reading: true, writing: true);
        foreach (OpenSocket waiting in Waiting ?? [])
        {
            waiting.Shut(reading: true, writing: true);
        }
    }

    /// <summary>Whether somebody can connect to it.</summary>
    public bool Listens => Waiting is not null && !_isClosed;
}
