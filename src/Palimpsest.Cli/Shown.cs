using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>Standard output for people.</summary>
internal static class Shown
{
    /// <summary>Writes all at once: a console that flushes each line is slow.</summary>
    public static void Write(Action<Terminal> write)
    {
        using StringWriter text = new();
        write(new Terminal(text, HasStyles));
        Console.Out.Write(text.ToString());
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
