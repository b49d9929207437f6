using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Summaries.Tests;

/// <summary>A folder with a sweep over two recordings that nobody parses, whose cells have the figures that a test gives them.</summary>
internal sealed class SummaryStage : IDisposable
{
    /// <summary>Of the carve-out of every cell; shares are of it.</summary>
    public const double CarveOutMib = 64;

    private const string First = "odd, \"name\" <script>.dat";
    private const string Five =
        """{ "name": "static" }, { "name": "packed" }, { "name": "tag-blocks" }, { "name": "cells" }, { "name": "first-use" }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-summary-");

    public SummaryStage()
    {
        File.WriteAllText(this[First], "1");
        File.WriteAllText(this["second.dat"], "2");
    }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Folder => this["out"];

    public static bool IsFirst(Cell cell) => cell.Setting.Recording!.Name == First;

    /// <param name="what">Members of the experiment beside recordings, designs and seeds.</param>
    public SweepPlan Plan(string what = """ "compare": { "views": ["full"] } """, string designs = Five, string seeds = "1, 2")
    {
        File.WriteAllText(this["x.json"], $$"""
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "*.dat", "ram_mib": 64 }], {{what}},
              "designs": [{{designs}}], "seeds": [{{seeds}}] }
            """);
        return SweepPlan.Of(ExperimentFile.Read(this["x.json"]));
    }

    /// <summary>Computes all cells.</summary>
    public ResultTable Swept(SweepPlan plan, Func<Cell, CellOutcome> cell)
    {
        using (ResultFolder results = Results(plan))
        {
            new LocalEngine(plan, results, (one, _) => cell(one), threads: 2).Run(cancellation: TestContext.Current.CancellationToken);
        }

        return ResultTable.Open(Folder);
    }

    /// <summary>The folder itself, for a test that stops in the middle.</summary>
    public ResultFolder Results(SweepPlan plan, int batchCells = 7) => ResultFolder.Open(Folder, plan, batchCells: batchCells);

    /// <summary>Figures of a comparison, in MiB and seconds.</summary>
    public static CellOutcome Figures(double given, double net = 0, double cost = 0, double lost = 0, double broken = 0) => Figures(
        (FigureColumns.CarveOut, CarveOutMib), (FigureColumns.TaggedAllocations, 10_000), ("given_back_mean_mib", given),
        ("given_back_min_mib", given), ("net_given_mean_mib", net), ("tag_storage_modelled_s", cost),
        ("refused_tagged_allocations", lost), ("failed_allocations", 0), ("law_violations", broken));

    public static CellOutcome Figures(params (string Id, double Value)[] figures)
    {
        double?[] values = new double?[FigureColumns.Ids.Count];
        foreach ((string id, double value) in figures)
        {
            values[FigureColumns.Ids.ToList().IndexOf(id)] = value;
        }

        return new CellOutcome(CellStatus.Done, Text: null, values);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
