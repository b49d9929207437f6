using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A folder with an experiment over recordings that nobody parses, and cells that cost nothing.</summary>
internal sealed class SweepStage : IDisposable
{
    public const string Build = "test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-sweep-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Cells of <see cref="Plan"/>: four settings of which two have chance, three designs, two seeds.</summary>
    public const int Cells = 18;

    public SweepPlan Plan()
    {
        File.WriteAllText(this["one.dat"], "first");
        File.WriteAllText(this["two.dat"], "second");
        return SweepPlan.Of(Read("""
            {
              "format": "palimpsest.sweep", "version": 1,
              "recordings": [{ "files": "*.dat", "ram_mib": 64 }],
              "compare": { "views": ["replay", "full"] },
              "designs": [{ "name": "static" }, { "name": "packed", "parameters": { "slack": ["0", "10"] } }],
              "seeds": [1, 2]
            }
            """));
    }

    public ExperimentFile Read(string json)
    {
        File.WriteAllText(this["x.json"], json);
        return ExperimentFile.Read(this["x.json"]);
    }

    public ResultFolder Open(SweepPlan plan, string name = "out", int batchCells = 5) =>
        ResultFolder.Open(this[name], plan, build: Build, batchCells: batchCells);

    /// <summary>Runs a plan to its end, in a folder.</summary>
    public void Run(SweepPlan plan, string name, int threads, Func<Cell, CancellationToken, CellOutcome>? run = null)
    {
        using ResultFolder results = Open(plan, name);
        new LocalEngine(plan, results, run ?? Computed, threads).Run();
    }

    /// <summary>Figures that say which cell they are of.</summary>
    public static CellOutcome Computed(Cell cell, CancellationToken cancellation)
    {
        double?[] values = new double?[FigureColumns.Ids.Count];
        values[0] = cell.Seed + (cell.Design.Length / 7.0);
        return new CellOutcome(CellStatus.Done, Text: null, values);
    }

    /// <summary>Keys of all cells in files, in the order of names of files.</summary>
    public IReadOnlyList<CellKey> KeysIn(string name) =>
        [.. ResultFiles.All(this[name]).SelectMany(path => BatchFile.TryCellsOf(path)!).Select(cell => cell.Key)];

    /// <summary>Names of files of results: by their bytes.</summary>
    public IReadOnlyList<string> FilesIn(string name) => [.. ResultFiles.All(this[name]).Select(path => Path.GetFileName(path)!)];

    public void Dispose() => _folder.Delete(recursive: true);
}
