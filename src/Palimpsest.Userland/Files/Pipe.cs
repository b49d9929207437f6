namespace Palimpsest.Userland.Files;

/// <summary>A pipe of 64 KiB (fs/pipe.c).</summary>
internal sealed class Pipe
{
    private const int Capacity = 65536;

    private readonly Queue<byte> _bytes = new();

    public int Readers { get; set; } = 1;

    public int Writers { get; set; } = 1;

    public bool IsReadable => _bytes.Count > 0 || Writers == 0;

    public bool IsWritable => _bytes.Count < Capacity || Readers == 0;

    public int Available => _bytes.Count;

    /// <param name="keeps">What is read stays: MSG_PEEK.</param>
    public int Read(Span<byte> into, bool keeps = false)
    {
        if (_bytes.Count == 0 && into.Length > 0)
        {
            return Writers == 0 ? 0 : OpenFile.WouldBlock;
        }

        int count = Math.Min(into.Length, _bytes.Count);
        if (keeps)
        {
            int place = 0;
            foreach (byte value in _bytes.Take(count))
            {
                into[place++] = value;
            }

            return count;
        }

        for (int at = 0; at < count; at++)
        {
            into[at] = _bytes.Dequeue();
        }

        return count;
    }

    /// <summary>Writes of at most a page are whole or wait.</summary>
    public int Write(ReadOnlySpan<byte> from)
    {
        int room = Capacity - _bytes.Count;
        if (room == 0 || (from.Length <= GuestMemory.PageBytes && room < from.Length))
        {
            return OpenFile.WouldBlock;
        }

        foreach (byte value in from[..Math.Min(room, from.Length)])
        {
            _bytes.Enqueue(value);
        }

        return Math.Min(room, from.Length);
    }
}

internal sealed class PipeNode() : Node(PipeType | 0x180);

/// <summary>One end of a pipe.</summary>
internal sealed class OpenPipe(Node node, int flags, Pipe pipe) : OpenFile(node, flags)
{
    public Pipe Pipe => pipe;

    public override bool IsSeekable => false;

    public override bool IsReadable => pipe.IsReadable;

    public override bool IsWritable => pipe.IsWritable;

    public override int Read(Memory<byte> into, long offset) => pipe.Read(into.Span);

    public override int Write(ReadOnlyMemory<byte> from, long offset) =>
        pipe.Readers == 0 ? throw new CallException(Errno.EPIPE) : pipe.Write(from.Span);

    public override void Close()
    {
        pipe.Readers -= CanRead ? 1 : 0;
        pipe.Writers -= CanWrite ? 1 : 0;
    }
}
