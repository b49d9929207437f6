using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Bytes of a binary recording that can be read at any place.</summary>
internal sealed class RandomBytes(Stream stream, string name) : IDisposable
{
    private readonly long _origin = stream.Position;
    private bool _isOwner;

    public string Name { get; } = name;

    /// <summary>Are these the bytes of the file itself, so that a place in them says how far reading is?</summary>
    public bool IsFile => !_isOwner;

    public long Length { get; } = stream.Length - stream.Position;

    /// <summary>
    /// The content of an input. A stream that cannot be read at any place, a compressed one or a pipe, is written to a
    /// temporary file, which is gone when this is disposed.
    /// </summary>
    /// <param name="taken">Content that has been read from the input already.</param>
    public static RandomBytes Of(TraceInput input, ReadOnlySpan<byte> taken)
    {
        if (input.Seekable is { } seekable)
        {
            return new RandomBytes(seekable, input.Name);
        }

        var spool = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
            FileOptions.DeleteOnClose);
        try
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 20);
            spool.Write(taken);
            for (int read; (read = input.Read(buffer)) > 0;)
            {
                spool.Write(buffer, 0, read);
            }

            spool.Position = 0;
            return new RandomBytes(spool, input.Name) { _isOwner = true };
        }
        catch (IOException exception)
        {
            spool.Dispose();
            throw new InputException($"{input.Name}: its content cannot be put into a temporary file ({exception.Message}); decompress "
                + "it and give the result", exception);
        }
    }

    /// <summary>Fills as much of <paramref name="into"/> as the file has from <paramref name="offset"/> on.</summary>
    public int ReadUpTo(long offset, Span<byte> into)
    {
        if (offset < 0 || offset >= Length)
        {
            return 0;
        }

        try
        {
            stream.Position = _origin + offset;
            return stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(offset, $"reading failed ({exception.Message}); check the file and its disk");
        }
    }

    public InputException Error(long offset, string whatAndWhatToDo) => new($"{Name}: byte {offset}: {whatAndWhatToDo}");

    public void Dispose()
    {
        if (_isOwner)
        {
            stream.Dispose();
        }
    }
}
