namespace Palimpsest.Traces;

/// <summary>A stream whose first bytes have been taken out of it already.</summary>
internal sealed class Prefixed(ReadOnlySpan<byte> taken, Stream rest) : ForwardStream
{
    private readonly byte[] _taken = [.. taken];
    private int _at;

    public override int Read(Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, _taken.Length - _at);
        if (length == 0)
        {
            return rest.Read(buffer);
        }

        _taken.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        return length;
    }
}
