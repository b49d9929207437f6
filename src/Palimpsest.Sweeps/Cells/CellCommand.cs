using System.Globalization;
using Palimpsest.Reports;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Sweeps.Cells;

/// <summary>
/// The command that repeats a cell by itself, in the folder of the experiment: inputs by their paths from there, or by their base names
/// where the experiment has absolute paths.
/// </summary>
internal static class CellCommand
{
    public static string Of(Cell cell) => Provenance.Of([.. Words(cell)], []).Line;

    private static IEnumerable<string> Words(Cell cell)
    {
        CellSetting setting = cell.Setting;
        IEnumerable<string> words = setting.Verb switch
        {
            CellVerb.Compare => ["compare", PathOf(setting.Recording)!, .. Option("--board", PathOf(setting.Board)),
                .. Option("--snapshot", PathOf(setting.Snapshot)), .. Size("--ram", setting.RamMib), .. Option("--kernel", setting.Release),
                .. setting.TagSource == "flag" ? Array.Empty<string>() : ["--tag-source", setting.TagSource],
                .. setting.Pinned == 0 ? Array.Empty<string>() : ["--pinned", Number(setting.Pinned)]],
            CellVerb.Run => ["run", setting.Workload!, .. Size("--ram", setting.RamMib), .. Size("--size", setting.SizeMib),
                "--tagged", setting.TaggedFrom == setting.TaggedTo ? Number(setting.TaggedFrom)
                    : $"{Number(setting.TaggedFrom)}..{Number(setting.TaggedTo)}",
                .. Option("--steps", setting.Steps?.ToString(CultureInfo.InvariantCulture)), .. Size("--swap", setting.SwapMib),
                "--seeds", "1"],
            _ => ["explore", "beyond", "--programs", Number(setting.Programs), "--schedules", Number(setting.Schedules)],
        };
        words = [.. words, "--design", cell.Design];
        return !setting.HasChance ? words
            : [.. words, .. setting.View == MemoryView.Full ? ["--full"] : Array.Empty<string>(), "--seed", $"{cell.Seed}"];
    }

    // A name with a dash in front would be an option.
    private static string? PathOf(CellInput? input) => (input?.Place ?? input?.Name) is not { } path ? null
        : path.StartsWith('-') ? $"./{path}" : path;

    private static IEnumerable<string> Option(string name, string? value) => value is null ? [] : [name, value];

    private static IEnumerable<string> Size(string name, ulong? mebibytes) => mebibytes is null ? [] : [name, $"{mebibytes}M"];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
