using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest diff: two results side by side.</summary>
internal sealed class DiffCommand
{
    private const long MostBytes = 1L << 28;

    private readonly InputArgument _old = new("OLD.json") { Description = "what --json of any verb wrote" };
    private readonly InputArgument _new = new("NEW.json") { Description = "the same of another input, design, seed or version" };
    private readonly Option<string> _tolerance = new("--tolerance") { Description = "share by which a figure may differ, e.g. 0.5%",
        HelpName = "SHARE", DefaultValueFactory = _ => "0%" };
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors; the exit code tells" };

    public static Command Create() => new DiffCommand().Build();

    /// <exception cref="InputException">It cannot be read, or is no result.</exception>
    internal static JsonObject Read(string path) => ResultDifference.Parse(InputFile.ReadBytes(path, MostBytes), path);

    private Command Build()
    {
        Command command = new("diff", "Two results side by side: each figure that differs, old, new and by how much.") { _old, _new,
            _tolerance, _quiet };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        double tolerance = ShareOf(parsed.GetValue(_tolerance)!);
        (JsonObject old, JsonObject now) = (Read(parsed.GetValue(_old)!), Read(parsed.GetValue(_new)!));
        string format = old["format"]!.GetValue<string>();
        if (now["format"]!.GetValue<string>() is var other && other != format)
        {
            throw new UsageException($"diff: one is a {format}, the other a {other}; give two results of one verb");
        }

        FigureDifference[] beyond = [.. ResultDifference.Between(old, now, withInputs: false)
            .Where(difference => difference.Share is not { } share || share > tolerance)];
        if (!parsed.GetValue(_quiet))
        {
            Shown.Write(terminal => DifferenceTable.Write(terminal, beyond));
        }

        return beyond.Length == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private static double ShareOf(string text)
    {
        double scale = text.EndsWith('%') ? 0.01 : 1;
        return double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share)
            && share * scale is >= 0 and <= 1
            ? share * scale
            : throw new UsageException($"--tolerance {text}: give a share, e.g. 0.5% or 0.005");
    }
}
