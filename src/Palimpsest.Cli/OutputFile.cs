using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>Writes an output under another name first, so that a reader never meets half of it; - is standard output.</summary>
internal static class OutputFile
{
    public const string StandardOutput = "-";

    /// <exception cref="OutputException">It cannot be made or written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (path == StandardOutput)
        {
            Shown.Bytes(write);
            return;
        }

        bool isDevice = IsDevice(path);
        string unfinished = isDevice ? path : path + ".part";
        using FileStream stream = Create(path, unfinished);
        try
        {
            write(stream);
            // What is still in the buffer may be what does not fit.
            stream.Dispose();
            if (!isDevice)
            {
                File.Move(unfinished, path, overwrite: true);
            }
        }
        catch (Exception exception)
        {
            Close(stream);
            if (!isDevice)
            {
                Remove(unfinished);
            }

            if (exception is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new OutputException(ExitCode.BrokenOff, $"{path}: cannot be written ({OutputException.ReasonOf(exception)}); make "
                    + "room, or give another path", exception);
            }

            throw;
        }
    }

    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: -1, leaveOpen: true);
        write(writer);
    });

    /// <summary>Fails before hours of work, not after, when a path cannot be written.</summary>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static void Check(string path)
    {
        RequireName(path);
        if (path == StandardOutput)
        {
            return;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
        {
            throw new OutputException(ExitCode.OutputNotMade, $"{path}: the folder {folder} does not exist; make it first");
        }

        if (Directory.Exists(path))
        {
            throw new OutputException(ExitCode.OutputNotMade, $"{path}: this is a folder; give the name of a file");
        }

        if (!IsDevice(path))
        {
            string probe = path + ".part";
            Create(path, probe).Dispose();
            Remove(probe);
        }
    }

    public static void MakeFolder(string path)
    {
        RequireName(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotMade(path, exception);
        }
    }

    private static FileStream Create(string path, string unfinished)
    {
        try
        {
            return new FileStream(unfinished, FileMode.Create, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw NotMade(path, exception);
        }
    }

    private static OutputException NotMade(string path, Exception exception) => new(
        ExitCode.OutputNotMade, $"{path}: cannot be made ({OutputException.ReasonOf(exception)}); give another path", exception);

    private static void RequireName(string path)
    {
        if (path.Length == 0)
        {
            throw new UsageException("an output needs a name: --json, --csv and --html want a path");
        }
    }

    // A device is written as it is: renaming over it would replace it.
    private static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);

    private static void Close(FileStream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // It broke off already.
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The message about the write itself is the one that helps.
        }
    }
}
