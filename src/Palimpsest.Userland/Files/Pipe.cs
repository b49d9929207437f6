namespace Palimpsest.Userland.Files;

/// <summary>A pipe of 64 KiB (fs/pipe.c): bytes that were written, and pages that were given to it as they are.</summary>
internal sealed class Pipe
{
    private const int Capacity = 65536;

    private readonly LinkedList<PipePiece> _pieces = new();

    public int Readers { get; set; } = 1;

    public int Writers { get; set; } = 1;

    public bool IsReadable => Available > 0 || Writers == 0;

    public bool IsWritable => Available < Capacity || Readers == 0;

    public int Available { get; private set; }

    public bool HasRoomFor(int bytes) => Available + bytes <= Capacity;

    /// <param name="keeps">What is read stays: MSG_PEEK.</param>
    public int Read(Span<byte> into, bool keeps = false)
    {
        if (Available == 0 && into.Length > 0)
        {
            return Writers == 0 ? 0 : OpenFile.WouldBlock;
        }

        int done = 0;
        LinkedListNode<PipePiece>? next = _pieces.First;
        while (next is { } at && done < into.Length)
        {
            next = at.Next;
            int count = Math.Min(into.Length - done, at.Value.Count);
            at.Value.Read(into.Slice(done, count));
            done += count;
            if (!keeps && at.Value.Skip(count))
            {
                _pieces.Remove(at);
            }
        }

        Available -= keeps ? 0 : done;
        return done;
    }

    /// <summary>Writes of at most a page are whole or wait.</summary>
    public int Write(ReadOnlySpan<byte> from)
    {
        int room = Capacity - Available;
        if (room == 0 || (from.Length <= GuestMemory.PageBytes && room < from.Length))
        {
            return OpenFile.WouldBlock;
        }

        int count = Math.Min(room, from.Length);
        int joined = _pieces.Last?.Value.Append(from[..count]) ?? 0;
        if (joined < count)
        {
            _pieces.AddLast(new PipePiece(from[joined..count]));
        }

        Available += count;
        return count;
    }

    /// <summary>vmsplice.</summary>
    public void Give(SplicedPage page, int within, int count)
    {
        _pieces.AddLast(new PipePiece(page, within, count));
        Available += count;
    }

    /// <summary>Nobody reads or writes it any more.</summary>
    public void Release()
    {
        foreach (PipePiece piece in _pieces)
        {
            piece.Skip(piece.Count);
        }

        _pieces.Clear();
        Available = 0;
    }
}

/// <summary>A page of a pipe (struct pipe_buffer): of its own, which writes go on filling, or somebody else's.</summary>
internal sealed class PipePiece
{
    private readonly SplicedPage? _page;
    private readonly byte[] _bytes = [];
    private int _from;

    public PipePiece(ReadOnlySpan<byte> bytes)
    {
        _bytes = new byte[Math.Max(bytes.Length, GuestMemory.PageBytes)];
        bytes.CopyTo(_bytes);
        Count = bytes.Length;
    }

    public PipePiece(SplicedPage page, int within, int count) => (_page, _from, Count) = (page, within, count);

    public int Count { get; private set; }

    public void Read(Span<byte> into)
    {
        if (_page is null)
        {
            _bytes.AsSpan(_from, into.Length).CopyTo(into);
        }
        else
        {
            _page.Read(_from, into);
        }
    }

    /// <returns>Nothing is left of it.</returns>
    public bool Skip(int count)
    {
        (_from, Count) = (_from + count, Count - count);
        if (Count == 0)
        {
            _page?.Release();
        }

        return Count == 0;
    }

    /// <returns>How many bytes found room.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int count = _page is null ? Math.Min(bytes.Length, _bytes.Length - _from - Count) : 0;
        bytes[..count].CopyTo(_bytes.AsSpan(_from + Count));
        Count += count;
        return count;
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
        if (pipe.Readers == 0 && pipe.Writers == 0)
        {
            pipe.Release();
        }
    }
}
