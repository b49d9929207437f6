using System.Text;
using Microsoft.Win32.SafeHandles;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>Standard output.</summary>
internal static class Shown
{
    private const int StandardOutput = 1;

    /// <summary>Writes all at once: a console that flushes each line is slow.</summary>
    public static void Write(Action<Terminal> write)
    {
        using StringWriter text = new();
        write(new Terminal(text, HasStyles));
        Text(text.ToString());
    }

    /// <exception cref="OutputException">It cannot be written; nothing is thrown where a pipe's reader went away.</exception>
    public static void Text(string text) => Guarded(() => Console.Out.Write(text));

    /// <summary>What a file would hold.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Bytes(Action<Stream> write) => Guarded(() =>
    {
        using BufferedStream buffer = new(Console.OpenStandardOutput(), 1 << 16);
        write(buffer);
        buffer.Flush();
    });

    /// <summary>Writes at once, for who looks on; false when nobody reads any more, which the console keeps to itself.</summary>
    public static bool TryWrite(string text)
    {
        try
        {
            using SafeFileHandle handle = new(StandardOutput, ownsHandle: false);
            using FileStream? pipe = Console.IsOutputRedirected && !OperatingSystem.IsWindows()
                ? new(handle, FileAccess.Write, bufferSize: 0)
                : null;
            if (pipe is { CanSeek: false })
            {
                pipe.Write(Encoding.UTF8.GetBytes(text));
            }
            else
            {
                Console.Out.Write(text);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Lines(IEnumerable<string> lines) => Write(terminal =>
    {
        foreach (string line in lines)
        {
            terminal.Line(line);
        }
    });

    private static void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(ExitCode.BrokenOff, $"standard output: cannot be written ({OutputException.ReasonOf(exception)})",
                exception);
        }
    }

    private static bool HasStyles =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
            && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
}
