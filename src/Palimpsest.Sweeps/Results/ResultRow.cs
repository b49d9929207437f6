using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Palimpsest.Designs;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;

namespace Palimpsest.Sweeps.Results;

/// <summary>A cell as a row of a table: what it was told, and what it gave.</summary>
/// <param name="Texts">In the order of <see cref="TextColumns"/>.</param>
/// <param name="Seed">Null where nothing is left to chance. A column of its own: not every whole number is a double.</param>
/// <param name="Numbers">In the order of <see cref="NumberColumns"/>.</param>
internal sealed record ResultRow(string?[] Texts, ulong? Seed, double?[] Numbers)
{
    public const string KeyColumn = "cell";
    public const string StatusColumn = "status";
    public const string SeedColumn = "seed";

    private const int SettingDigits = 16;
    private const int OwnNumbers = 3;

    public static IReadOnlyList<string> TextColumns { get; } =
    [
        KeyColumn, "setting", "build", "verb", "view", "recording", "recording_sha256", "board", "snapshot", "release", "tag_source",
        "workload", "design", "parameters", "label", "is_bound", StatusColumn, "text", "command",
    ];

    /// <summary>What the cell was told in numbers, then its figures.</summary>
    public static IReadOnlyList<string> NumberColumns { get; } = ["pinned", "ram_mib", "size_mib", .. FigureColumns.Ids];

    public static ResultRow Of(SweepPlan plan, int index, string build, CellOutcome outcome)
    {
        (_, int design, _) = plan.Parts(index);
        Cell cell = plan[index];
        CellSetting setting = cell.Setting;
        DesignChoice choice = plan.Designs[design];
        string?[] texts =
        [
            plan.KeyOf(index, build).ToString(), SettingId(setting), build, Word(setting.Verb),
            setting.Verb == CellVerb.Compare ? setting.View == MemoryView.Full ? "full" : "replay" : null,
            setting.Recording?.Name, setting.Recording?.Sha256, setting.Board?.Name, setting.Snapshot?.Name, setting.Release,
            setting.Verb == CellVerb.Compare ? setting.TagSource : null, setting.Workload, choice.Name, choice.ParameterText, cell.Design,
            choice.Entry.IsBound ? "yes" : "no", CellOutcome.NameOf(outcome.Status), outcome.Text, CellCommand.Of(cell),
        ];
        double?[] numbers = new double?[NumberColumns.Count];
        numbers[0] = setting.Verb == CellVerb.Compare ? setting.Pinned : null;
        numbers[1] = setting.RamMib;
        numbers[2] = setting.SizeMib;
        outcome.Values.CopyTo(numbers, OwnNumbers);
        return new ResultRow(texts, setting.HasChance ? cell.Seed : null, numbers);
    }

    private static string Word(CellVerb verb) => verb switch
    {
        CellVerb.Compare => "compare",
        CellVerb.Run => "run",
        _ => "beyond",
    };

    private static string SettingId(CellSetting setting) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(setting.Text))).ToString(CultureInfo.InvariantCulture)[..SettingDigits];
}
