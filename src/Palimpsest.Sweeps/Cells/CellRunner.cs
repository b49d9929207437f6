using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Trials;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Sweeps.Results;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Cells;

/// <summary>Computes cells, any number at a time; recordings are read once for all cells that come near each other.</summary>
/// <param name="mostBytes">Of recordings that are kept in memory for cells to come, about.</param>
public sealed class CellRunner(IInputPlaces places, long mostBytes = CellRunner.UsualBytes)
{
    /// <summary>Recordings of some ten million events.</summary>
    public const long UsualBytes = 512L << 20;

    // An address has 52 bits at most.
    private const ulong MostMebibytes = 1UL << 32;
    private const int BytesOfEvent = 40;
    private const int BytesOfStep = 24;

    private readonly LoadedInputs<Trace> _traces = new(mostBytes / 2, trace => (long)trace.Events.Count * BytesOfEvent);
    private readonly LoadedInputs<PreparedComparison> _prepared = new(mostBytes / 2, prepared => (long)prepared.Steps * BytesOfStep);

    /// <summary>Computes one cell. What is wrong with its inputs is an outcome; only mistakes of this program throw.</summary>
    public CellOutcome Run(Cell cell, CancellationToken cancellation = default)
    {
        try
        {
            return cell.Setting.Verb switch
            {
                CellVerb.Compare => Compared(cell, cancellation),
                CellVerb.Run => Ran(cell, cancellation),
                _ => Searched(cell, cancellation),
            };
        }
        catch (InputException exception)
        {
            return CellOutcome.Refused(WithoutPlaces(exception.Message, cell.Setting));
        }
    }

    private CellOutcome Compared(Cell cell, CancellationToken cancellation)
    {
        CellSetting setting = cell.Setting;
        PreparedComparison prepared = _prepared.Get((setting with { View = MemoryView.Replay }).Text, () =>
        {
            ComparisonTrial trial = TrialOf(setting);
            string key = $"{setting.Recording!.Sha256} {setting.Snapshot?.Sha256} {setting.Release}";
            return trial.Prepare(_traces.Get(key, trial.Read));
        });
        FullMachine? full = setting.View == MemoryView.Full ? new FullMachine(cell.Seed) : null;
        DesignResult result = prepared.Run(cell.Design, full, cancellation);
        return new CellOutcome(CellStatus.Done, LawText(result.Violations), FigureColumns.Of(result, prepared));
    }

    private ComparisonTrial TrialOf(CellSetting setting) => new(
        new RecordingInput(places.PathOf(setting.Recording!)) { Name = setting.Recording!.Name, KernelRelease = setting.Release },
        new BoardInput
        {
            TreePath = setting.Board is { } board ? places.PathOf(board) : null,
            Name = setting.Board?.Name,
            RamBytes = BytesOf(setting.RamMib),
        })
    {
        SnapshotPath = setting.Snapshot is { } snapshot ? places.PathOf(snapshot) : null,
        TagSource = setting.TagSource,
        PinnedShare = setting.Pinned,
    };

    private static CellOutcome Ran(Cell cell, CancellationToken cancellation)
    {
        CellSetting setting = cell.Setting;
        LoopTrial trial = new(setting.Workload!)
        {
            Board = new BoardInput { RamBytes = BytesOf(setting.RamMib) },
            Designs = [cell.Design],
            Steps = setting.Steps,
            SizeBytes = BytesOf(setting.SizeMib),
            TaggedFrom = setting.TaggedFrom,
            TaggedTo = setting.TaggedTo,
            SwapBytes = BytesOf(setting.SwapMib),
            Seed = cell.Seed,
        };
        LoopResult result = trial.Run(progress: null, recording: null, cancellation);
        LoopDesignResult design = result.Designs[0];
        return new CellOutcome(CellStatus.Done, LawText(design.Violations), FigureColumns.Of(design, result));
    }

    private static CellOutcome Searched(Cell cell, CancellationToken cancellation)
    {
        BeyondTrial trial = new(cell.Design)
        {
            Programs = cell.Setting.Programs, Limits = new RaceLimits(cell.Setting.Schedules, Seed: cell.Seed),
        };
        RaceOutcome outcome = trial.Run(cancellation);
        // A search that was told to stop has looked at less than it says.
        cancellation.ThrowIfCancellationRequested();
        return new CellOutcome(CellStatus.Done, outcome.With.Failing is { } failing ? $"{failing.Failure} ({failing.Schedule})" : null,
            FigureColumns.Of(outcome));
    }

    private static string? LawText(IReadOnlyList<LawViolation> violations) => violations.Count == 0 ? null : violations[0].ToString();

    private static ulong? BytesOf(ulong? mebibytes) => mebibytes is > MostMebibytes
        ? throw new InputException($"{mebibytes} MiB is more than any machine has; give ram_mib, size_mib and swap_mib in MiB")
        : mebibytes << 20;

    // The same words on every machine, wherever it keeps its inputs.
    private string WithoutPlaces(string message, CellSetting setting)
    {
        foreach (CellInput input in new[] { setting.Recording, setting.Board, setting.Snapshot }.OfType<CellInput>())
        {
            string path = places.PathOf(input);
            message = message.Replace(path, input.Name, StringComparison.Ordinal);
        }

        return message;
    }
}
