using System.Text;
using Microsoft.Win32.SafeHandles;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>Standard output.</summary>
internal static class Shown
{
    private const int StandardOutput = 1;
    private const int WidestText = 120;

    /// <summary>Writes all at once: a console that flushes each line is slow.</summary>
    public static void Write(Action<Terminal> write)
    {
        using StringWriter text = new();
        write(new Terminal(text, HasStyles, Width));
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

    // A terminal's own; a shell's, for who pipes what is to be read there; never so wide that the eye loses the line.
    private static int Width
    {
        get
        {
            int own = Console.IsOutputRedirected ? 0 : Console.WindowWidth;
            int told = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) ? columns : 0;
            return Math.Min(own > 0 ? own : told > 0 ? told : Terminal.UsualWidth, WidestText);
        }
    }

    private static bool HasStyles =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
            && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
}
