using System.Text;
using Microsoft.Win32.SafeHandles;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>Standard output for people.</summary>
internal static class Shown
{
    private const int StandardOutput = 1;

    /// <summary>Writes all at once: a console that flushes each line is slow.</summary>
    public static void Write(Action<Terminal> write)
    {
        using StringWriter text = new();
        write(new Terminal(text, HasStyles));
        Console.Out.Write(text.ToString());
    }

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

    private static bool HasStyles =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
            && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
}
