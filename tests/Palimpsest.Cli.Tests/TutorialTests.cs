using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Palimpsest.Cli.Tests;

/// <summary>
/// What the tutorial and the gallery show is what the program prints: of each command as many lines as stand there. Where it is not,
/// the page as it would be true lies beside the goldens, with ".actual" behind its name.
/// </summary>
public sealed partial class TutorialTests
{
    private const string Rest = "...";

    [Theory]
    [InlineData("tutorial.md")]
    [InlineData("gallery.md")]
    public void EveryCommandPrintsWhatStandsBelowIt(string page)
    {
        using TemporaryFolder folder = new();
        Shell.Run($"cp -r samples/* '{folder[""]}'");
        string told = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", page));

        Golden.Matches(page, Block().Replace(told, block => $"```console\n{Run(block.Groups[1].Value, folder[""])}```"));
    }

    /// <summary>The block as it would be true.</summary>
    private static string Run(string block, string folder)
    {
        StringBuilder run = new();
        string[] lines = block.TrimEnd('\n').Split('\n');
        for (int index = 0; index < lines.Length;)
        {
            string call = lines[index++];
            int first = index;
            while (index < lines.Length && !lines[index].StartsWith("$ ", StringComparison.Ordinal))
            {
                index++;
            }

            run.Append(call).Append('\n').Append(Output(call[2..], lines[first..index], folder));
        }

        return run.ToString();
    }

    private static string Output(string call, string[] shown, string folder)
    {
        Finished finished = Shell.Run($"palimpsest() {{ dotnet '{AppContext.BaseDirectory}/palimpsest.dll' \"$@\"; }}; {call}", folder);
        string[] printed = [.. (finished.Output + finished.Errors).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
        int lines = shown.Count(line => line != Rest && !line.StartsWith("[exit ", StringComparison.Ordinal));
        lines = shown.Length > 0 && Wanted().Match(shown[0]) is { Success: true } wanted
            ? int.Parse(wanted.Groups[1].Value, CultureInfo.InvariantCulture)
            : lines;
        string head = string.Concat(printed.Take(lines).Select(line => line + "\n"));
        return head + (printed is not [""] && printed.Length > lines ? Rest + "\n" : "")
            + (finished.ExitCode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[exit {finished.ExitCode}]\n"));
    }

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>What who writes a page puts for lines that are to be filled in.</summary>
    [GeneratedRegex(@"^\((\d+) lines\)$")]
    private static partial Regex Wanted();
}
