using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest;

/// <summary>The two questions that most ask, as the commands compare and run ask them; trials have all that can be chosen.</summary>
public static class Experiment
{
    /// <summary>What designs give back on a recording, and what it costs.</summary>
    /// <param name="recording">Path of a recording of the page allocator, in any format that is read.</param>
    /// <param name="board">Path of a device tree; null where <paramref name="snapshot"/> tells the memory.</param>
    /// <param name="snapshot">Folder with copies of /proc from when the recording began; null without one.</param>
    /// <param name="designs">NAME or NAME:PARAMETER=VALUE,...; all where none is named.</param>
    /// <exception cref="InputException">A file cannot be read or used, or a design is none.</exception>
    public static ComparisonResult Compare(string recording, string? board = null, string? snapshot = null, params string[] designs) =>
        new ComparisonTrial(new RecordingInput(recording), new BoardInput { TreePath = board })
        {
            SnapshotPath = snapshot, Designs = designs,
        }.Run();

    /// <summary>What a workload saves under designs, with several seeds.</summary>
    /// <param name="workload">server, browser, database, phone or camera.</param>
    /// <param name="ramBytes">Of the machine, without its carve-out.</param>
    /// <param name="designs">NAME or NAME:PARAMETER=VALUE,...; all where none is named.</param>
    /// <exception cref="InputException">The machine cannot be, or a design or workload is none.</exception>
    public static LoopStudy Run(string workload, ulong ramBytes, int seeds = 5, params string[] designs) =>
        new LoopTrial(workload) { Board = new BoardInput { RamBytes = ramBytes }, Designs = designs }.Study(seeds);

    /// <summary>What the command prints of a comparison.</summary>
    /// <param name="isWide">All columns.</param>
    public static string ToText(this ComparisonResult result, bool isWide = false) =>
        Text(terminal => ComparisonTable.Write(terminal, result, isWide));

    /// <summary>What the command prints of a workload.</summary>
    /// <param name="isWide">All columns.</param>
    public static string ToText(this LoopStudy study, bool isWide = false) => Text(terminal => LoopTable.Write(terminal, study, isWide));

    private static string Text(Action<Terminal> write)
    {
        using StringWriter text = new();
        write(new Terminal(text, hasStyles: false));
        return text.ToString();
    }
}
