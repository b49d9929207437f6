namespace Palimpsest.Testing.Corpus;

/// <summary>Bytes that come one after the other, a few at a time.</summary>
public sealed class PipedStream(byte[] bytes, int most) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
}
