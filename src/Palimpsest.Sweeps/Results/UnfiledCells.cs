using Palimpsest.Sweeps.Cells;

namespace Palimpsest.Sweeps.Results;

/// <summary>
/// Cells of the plan that a folder was asked last and that are in no file of results: those of the journal, which a sweep that runs or
/// was stopped has not filed yet, and those that were set aside.
/// </summary>
/// <param name="Path">A file of results with the rows of the journal, beside the folder; null where there are none. Its cells may have
/// been filed meanwhile.</param>
/// <param name="SetAside">Cells that broke three times.</param>
public sealed record UnfiledCells(string? Path, int SetAside)
{
    /// <param name="into">A folder for the file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static UnfiledCells Write(string folder, string into)
    {
        HashSet<CellKey> setAside = [.. SetAsideCells.KeysIn(folder)];
        Dictionary<CellKey, CellOutcome> done = [];
        foreach ((CellKey key, CellOutcome outcome) in Journal.Read(System.IO.Path.Combine(folder, Journal.Name)))
        {
            done.TryAdd(key, outcome);
        }

        if ((setAside.Count == 0 && done.Count == 0) || ResultFiles.PlanOf(folder) is not { } keys)
        {
            return new UnfiledCells(null, 0);
        }

        SweepPlan? plan = done.Count == 0 ? null : PlanFile.TryRead(folder);
        string build = SweepFacts.Read(folder).Build;
        List<ResultRow> rows = [];
        int broken = 0;
        foreach ((int index, string line) in File.ReadLines(keys).Index())
        {
            if (!CellKey.TryParse(line, out CellKey key))
            {
                continue;
            }

            bool isDone = done.TryGetValue(key, out CellOutcome? outcome);
            broken += setAside.Contains(key) || outcome is { Status: CellStatus.Failed } ? 1 : 0;
            // The two files of a plan may be of two moments, when a kill came between.
            if (isDone && outcome!.Status != CellStatus.Failed && plan is not null && index < plan.Count && plan.KeyOf(index, build) == key)
            {
                rows.Add(ResultRow.Of(plan, index, build, outcome));
            }
        }

        return new UnfiledCells(rows.Count == 0 ? null : BatchFile.Write(into, rows), broken);
    }
}
