using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Workloads;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>The settings of an experiment: recordings, boards, releases, views, pins and workloads, crossed.</summary>
internal static class SettingExpansion
{
    private const string NamePlace = "{name}";

    /// <exception cref="InputException">Something in the experiment cannot be, with its line, or an input cannot be read.</exception>
    public static IEnumerable<CellSetting> Of(ExperimentFile file, LocalInputs inputs) =>
        Compared(file, inputs).Concat(Run(file)).Concat(Beyond(file));

    private static IEnumerable<CellSetting> Compared(ExperimentFile file, LocalInputs inputs)
    {
        if (file.Experiment.Compare is not { } compare)
        {
            yield break;
        }

        RequirePins(file, compare);
        foreach ((int index, RecordingSet set) in file.Experiment.Recordings.Index())
        {
            foreach (CellSetting recorded in Recorded(file, inputs, set, $"recordings[{index}]"))
            {
                foreach (MemoryView view in compare.Views.Distinct())
                {
                    foreach (double pinned in compare.Pins.Distinct())
                    {
                        yield return recorded with { View = view, Pinned = pinned };
                    }
                }
            }
        }
    }

    private static IEnumerable<CellSetting> Recorded(ExperimentFile file, LocalInputs inputs, RecordingSet set, string place)
    {
        IReadOnlyList<string> paths = RecordingGlob.Files(file.Folder, set.Files);
        if (paths.Count == 0)
        {
            throw file.Wrong($"{place}.files", $"no file is called '{set.Files}'; paths start from the folder of the experiment");
        }

        RequireTagSource(file, set, place);
        if (set.Boards.Count == 0 && set.RamMib is null && set.Snapshot is null)
        {
            throw file.Wrong(place, "no machine; add boards, ram_mib, or a snapshot with an iomem");
        }

        foreach (string path in paths)
        {
            CellSetting one = new(CellVerb.Compare)
            {
                Recording = inputs.File(path, PlaceOf(file, set.Files, path)),
                Snapshot = set.Snapshot is { } snapshot ? SnapshotOf(file, inputs, snapshot, path, $"{place}.snapshot") : null,
                RamMib = set.RamMib,
                TagSource = set.TagSource,
            };
            foreach ((int at, string? board) in (set.Boards.Count == 0 ? [null] : set.Boards.Cast<string?>()).Index())
            {
                CellInput? tree = board is null ? null : BoardOf(file, inputs, board, path, $"{place}.boards[{at}]");
                foreach (string? release in set.Releases.Count == 0 ? [null] : set.Releases.Cast<string?>())
                {
                    yield return one with { Board = tree, Release = release };
                }
            }
        }
    }

    private static CellInput BoardOf(ExperimentFile file, LocalInputs inputs, string board, string recording, string place)
    {
        string path = Named(file, board, recording);
        return File.Exists(path) ? inputs.File(path, PlaceOf(file, board, path)) : throw file.Wrong(place, $"{path}: no such file");
    }

    private static CellInput SnapshotOf(ExperimentFile file, LocalInputs inputs, string snapshot, string recording, string place)
    {
        string path = Path.TrimEndingDirectorySeparator(Named(file, snapshot, recording));
        return Directory.Exists(path) ? inputs.Snapshot(path, PlaceOf(file, snapshot, path))
            : throw file.Wrong(place, $"{path}: no such folder");
    }

    private static string? PlaceOf(ExperimentFile file, string pattern, string path) =>
        Path.IsPathRooted(pattern) ? null : Path.GetRelativePath(file.Folder, path);

    private static string Named(ExperimentFile file, string pattern, string recording) => Path.GetFullPath(Path.Combine(file.Folder,
        pattern.Replace(NamePlace, Path.GetFileName(recording).Split('.')[0], StringComparison.Ordinal)));

    private static void RequirePins(ExperimentFile file, CompareCells compare)
    {
        foreach ((int index, double pinned) in compare.Pins.Index())
        {
            if (pinned is not (>= 0 and <= 1))
            {
                throw file.Wrong($"compare.pins[{index}]", $"{pinned} is no share; give one from 0 to 1");
            }
        }
    }

    private static void RequireTagSource(ExperimentFile file, RecordingSet set, string place)
    {
        try
        {
            TagSource.Parse(set.TagSource);
        }
        catch (UsageException exception)
        {
            throw file.Wrong($"{place}.tag_source", exception.Message);
        }
    }

    private static IEnumerable<CellSetting> Run(ExperimentFile file)
    {
        foreach ((int index, RunCells run) in file.Experiment.Run.Index())
        {
            string place = $"run[{index}]";
            if (LoopCatalog.All.All(entry => entry.Name != run.Workload))
            {
                throw file.Wrong($"{place}.workload", $"there is no workload '{run.Workload}'; choose from "
                    + string.Join(", ", LoopCatalog.All.Select(entry => entry.Name)));
            }

            if (run.TaggedFrom is not (>= 0 and <= 1) || run.TaggedTo is not (>= 0 and <= 1))
            {
                throw file.Wrong($"{place}.tagged_from", "tagged_from and tagged_to are shares; give each from 0 to 1");
            }

            yield return new CellSetting(CellVerb.Run)
            {
                Workload = run.Workload, RamMib = run.RamMib, SizeMib = run.SizeMib, Steps = run.Steps, TaggedFrom = run.TaggedFrom,
                TaggedTo = run.TaggedTo, SwapMib = run.SwapMib,
            };
        }
    }

    private static IEnumerable<CellSetting> Beyond(ExperimentFile file)
    {
        if (file.Experiment.Beyond is not { } beyond)
        {
            return [];
        }

        return beyond.Programs >= 1 && beyond.Schedules >= 1
            ? [new CellSetting(CellVerb.Beyond) { Programs = beyond.Programs, Schedules = beyond.Schedules }]
            : throw file.Wrong("beyond", "programs and schedules are 1 at least");
    }
}
