using System.Security.Cryptography;

namespace Palimpsest.Cli;

/// <summary>Standard input, which can be read once: what went through it is counted and hashed on the way.</summary>
internal sealed class StandardInput : Stream
{
    private readonly Stream _source = Console.OpenStandardInput();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes and hash of all that there is, to the end.</summary>
    public (long Bytes, byte[] Sha256) Digest()
    {
        CopyTo(Null);
        return (_bytes, _hash.GetCurrentHash());
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _source.Read(buffer);
        _hash.AppendData(buffer[..read]);
        _bytes += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
