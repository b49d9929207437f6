using Palimpsest.Traces.FtraceText;
using Palimpsest.Traces.PerfData;
using Palimpsest.Traces.Perfetto;
using Palimpsest.Traces.Text;
using Palimpsest.Traces.TraceDat;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Reads recordings of the kernel's page allocator; compression and format are told by content.</summary>
public static class TraceFile
{
    /// <summary>Reads a file, or standard input when <paramref name="path"/> is "-".</summary>
    /// <exception cref="InputException">The file cannot be read or is not a usable recording.</exception>
    public static Trace Read(string path, TraceReadOptions? options = null)
    {
        if (path == "-")
        {
            return Read(options?.StandardInput ?? Console.OpenStandardInput(), "standard input", options);
        }

        using FileStream file = Open(path);
        return Read(file, path, options);
    }

    /// <summary>Reads an open stream, which stays open; <paramref name="name"/> stands for it in messages.</summary>
    /// <exception cref="InputException">The stream cannot be read or is not a usable recording.</exception>
    public static Trace Read(Stream stream, string name, TraceReadOptions? options = null)
    {
        long start = stream.CanSeek ? stream.Position : 0;
        try
        {
            return Read(stream, name, options, sortFrom: null);
        }
        catch (TimeGoesBackException exception) when (stream.CanSeek && (options?.Sink is null || options.Again is not null))
        {
            options?.Again?.Invoke();
            stream.Position = start;
            return Read(stream, name, options, exception.Line);
        }
    }

    /// <param name="sortFrom">Line of a text at which time goes back; null while it is not known to.</param>
    private static Trace Read(Stream stream, string name, TraceReadOptions? options, long? sortFrom)
    {
        using var input = new TraceInput(stream, name, options?.Progress);
        var text = new LineBuffer(input);
        ReadOnlySpan<byte> head = text.Peek();
        if (TraceDatReader.IsMagic(head))
        {
            using RandomBytes bytes = RandomBytes.Of(input, text.Taken);
            return new TraceDatReader(bytes, input, options).Read();
        }

        if (PerfDataReader.IsMagic(head))
        {
            using RandomBytes bytes = RandomBytes.Of(input, text.Taken);
            return new PerfDataReader(bytes, input, options).Read();
        }

        if (PerfettoReader.IsMagic(head))
        {
            return new PerfettoReader(input, text.Taken, options).Read();
        }

        if (Utf16.Of(head) is { } encoding)
        {
            input.Recode(text.Taken, encoding);
            text = new LineBuffer(input);
            head = text.Peek();
        }

        if (TraceDataBlocks.IsHtml(head))
        {
            input.EnterPage(text.Taken);
            text = new LineBuffer(input);
            head = text.Peek();
        }

        ForeignFormat.Refuse(name, head);
        return new FtraceTextReader(text, options, sortFrom).Read();
    }

    /// <summary>
    /// Fails before other work where there is no such file; what it holds is told when it is read. It is not opened: a pipe can be
    /// opened once.
    /// </summary>
    /// <exception cref="InputException">There is no such file, or it is a folder.</exception>
    public static void Require(string path)
    {
        if (path != "-" && !File.Exists(path))
        {
            throw Directory.Exists(path) ? new InputException($"{path}: {ForeignFormat.OfFolder(path)}") : Missing(path, inner: null);
        }
    }

    private static MissingInputException Missing(string path, Exception? inner) =>
        new($"{path}: no such file; give the path of a recording, or - for standard input", inner);

    private static FileStream Open(string path)
    {
        try
        {
            // The reader has its own, larger buffer.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (Directory.Exists(path))
        {
            throw new InputException($"{path}: {ForeignFormat.OfFolder(path)}", exception);
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(path, exception);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be opened ({exception.Message}); check the path and its permissions", exception);
        }
    }
}
