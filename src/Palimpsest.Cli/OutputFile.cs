using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>Writes an output under another name first, so that a reader never meets half of it.</summary>
internal static class OutputFile
{
    public static void Write(string path, Action<Stream> write)
    {
        bool isDevice = IsDevice(path);
        string unfinished = isDevice ? path : path + ".part";
        try
        {
            using (FileStream stream = new(unfinished, FileMode.Create, FileAccess.Write))
            {
                write(stream);
            }

            if (!isDevice)
            {
                File.Move(unfinished, path, overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (!isDevice)
            {
                Remove(unfinished);
            }

            throw new InputException($"{path}: cannot be written ({exception.Message.TrimEnd('.')}); give another path or make room",
                exception);
        }
    }

    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: -1, leaveOpen: true);
        write(writer);
    });

    /// <summary>Fails before hours of work, not after, when a path cannot be written.</summary>
    public static void Check(string path)
    {
        RequireName(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{path}: the folder {folder} does not exist; make it first");
        }

        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: this is a folder; give the name of a file");
        }

        if (!IsDevice(path))
        {
            string probe = path + ".probe";
            Write(probe, _ => { });
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
            throw new InputException($"{path}: cannot be made ({exception.Message.TrimEnd('.')}); give another folder", exception);
        }
    }

    private static void RequireName(string path)
    {
        if (path.Length == 0)
        {
            throw new UsageException("an output needs a name: --json, --csv and --html want a path");
        }
    }

    // A device is written as it is: renaming over it would replace it.
    private static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The message about the write itself is the one that helps.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
