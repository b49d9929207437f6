using System.IO.Compression;
using System.Text;
using Palimpsest.Traces.FtraceText;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces;

/// <summary>Bytes of a recording after decompression, up to the end or to the place where the compressed stream breaks.</summary>
public sealed class TraceInput : IDisposable
{
    private readonly Stream _stream;
    private readonly SourceStream _source;
    private readonly Stream _content;
    private readonly Action<long>? _progress;
    private readonly string? _compression;
    private readonly long _start;
    private long _contentBytes;
    private TraceDataBlocks? _blocks;
    private Stream? _text;

    // Otherwise .NET takes a gzip file that was cut off for a whole one. The runtime reads the switch at the first use of a decoder
    // in the process. The programs here start with it (Directory.Build.props); this is for programs of others.
    static TraceInput() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Looks at the first bytes and unpacks gzip, zstd and a zip of one file as it is read.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="progress">Told the bytes of the stream read so far; null for nobody.</param>
    public TraceInput(Stream stream, string name, Action<long>? progress)
    {
        Name = name;
        _stream = stream;
        _start = stream.CanSeek ? stream.Position : 0;
        _progress = progress;
        _source = new SourceStream(stream);
        (_content, _compression) = Decompress();
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>Where and how the compressed stream broke; null while it has not.</summary>
    public string? Break { get; private set; }

    /// <summary>Format of a file that wraps a text; null for none.</summary>
    public string? Wrapping { get; private set; }

    /// <summary>The stream at its beginning, if it is not compressed and can be read at any place.</summary>
    public Stream? Seekable
    {
        get
        {
            if (_compression is not null || !_stream.CanSeek)
            {
                return null;
            }

            _stream.Position = _start;
            return _stream;
        }
    }

    /// <summary>Fills as much of <paramref name="buffer"/> as is at hand; 0 at the end and after a break.</summary>
    public int Read(Span<byte> buffer)
    {
        if (Break is not null)
        {
            return 0;
        }

        try
        {
            int read = (_blocks ?? _text ?? _content).Read(buffer);
            _contentBytes += read;
            Break = _blocks is { IsCutOff: true } ? "The page ends inside its trace: it was cut off there." : null;
            _progress?.Invoke(_source.Consumed);
            return read;
        }
        catch (Exception exception)
            when (_compression is not null && exception is EndOfStreamException
                or IOException { Source: "System.IO.Compression" } or InvalidDataException or ZstdException)
        {
            return BreakOff(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{Name}: reading failed at byte {_source.Consumed} ({exception.Message}); check the file and its disk", exception);
        }
    }

    /// <summary>Goes on with the ftrace text in a page alone.</summary>
    /// <param name="taken">What has been read of the page.</param>
    public void EnterPage(ReadOnlySpan<byte> taken)
    {
        _blocks = new TraceDataBlocks(taken, _text ?? _content, Name);
        Wrapping = "systrace-html";
    }

    /// <summary>Goes on with the text as UTF-8.</summary>
    /// <param name="taken">What has been read of it.</param>
    public void Recode(ReadOnlySpan<byte> taken, Encoding encoding) => _text = Utf16.AsUtf8(taken, _content, encoding);

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        if (_compression is not null)
        {
            _content.Dispose();
        }
    }

    private (Stream Content, string? Compression) Decompress()
    {
        ReadOnlySpan<byte> magic;
        try
        {
            magic = _source.Peek();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Name}: cannot be read ({exception.Message}); give a file, not a directory", exception);
        }

        if (magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return (new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true), "gzip");
        }

        if (ZipOfOne.IsMagic(magic) && _stream.CanSeek)
        {
            _stream.Position = _start;
            return (ZipOfOne.Open(_stream, Name), "zip");
        }

        if (AtraceHeader.LengthBeforeZlib(magic) is > 0 and int header)
        {
            _source.ReadExactly(new byte[header]);
            Wrapping = "ctrace";
            return (new ZLibStream(_source, CompressionMode.Decompress, leaveOpen: true), "zlib");
        }

        return magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])
            ? (new DecompressionStream(_source, leaveOpen: true), "zstd")
            : (_source, null);
    }

    private int BreakOff(Exception exception)
    {
        if (_contentBytes == 0)
        {
            throw new InputException($"{Name}: the {_compression} stream is broken before byte {_source.Consumed}, nothing can be read; "
                + "copy the file again", exception);
        }

        Break = $"The {_compression} stream breaks off before byte {_source.Consumed} of the file, after {_contentBytes} bytes of content.";
        return 0;
    }
}
