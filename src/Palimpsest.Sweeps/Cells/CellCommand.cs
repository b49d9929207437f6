using System.Globalization;
using Palimpsest.Reports;
using Palimpsest.Sweeps.Experiments;

namespace Palimpsest.Sweeps.Cells;

/// <summary>The command that repeats a cell by itself, with its inputs by their base names.</summary>
internal static class CellCommand
{
    public static string Of(Cell cell) => Provenance.Of([.. Words(cell)], []).Line;

    private static IEnumerable<string> Words(Cell cell)
    {
        CellSetting setting = cell.Setting;
        IEnumerable<string> words = setting.Verb switch
        {
            CellVerb.Compare => ["compare", setting.Recording!.Name, .. Option("--board", setting.Board?.Name),
                .. Option("--snapshot", setting.Snapshot?.Name), .. Size("--ram", setting.RamMib), .. Option("--kernel", setting.Release),
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

    private static IEnumerable<string> Option(string name, string? value) => value is null ? [] : [name, value];

    private static IEnumerable<string> Size(string name, ulong? mebibytes) => mebibytes is null ? [] : [name, $"{mebibytes}M"];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
