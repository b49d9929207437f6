namespace Palimpsest.Traces;

/// <summary>Counts what is read from a stream, and lets its first bytes be seen before that.</summary>
internal sealed class SourceStream(Stream inner) : ForwardStream
{
    private readonly byte[] _head = new byte[64];
    private int _headBytes;
    private int _headTaken;

    public long Consumed { get; private set; }

    /// <summary>The first bytes, fewer than 64 only if there are no more; to be called before the first read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (_headBytes == 0)
        {
            _headBytes = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
        }

        return _head.AsSpan(0, _headBytes);
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _headTaken < _headBytes ? TakeHead(buffer) : inner.Read(buffer);
        Consumed += read;
        return read;
    }

    private int TakeHead(Span<byte> buffer)
    {
        int taken = Math.Min(buffer.Length, _headBytes - _headTaken);
        _head.AsSpan(_headTaken, taken).CopyTo(buffer);
        _headTaken += taken;
        return taken;
    }
}
