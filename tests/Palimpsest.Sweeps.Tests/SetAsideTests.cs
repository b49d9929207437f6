using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>Cells that broke three times: kept with their errors, tried no more, until somebody deletes the file.</summary>
public sealed class SetAsideTests : IDisposable
{
    private readonly SweepStage _stage = new();
    private int _tries;

    [Fact]
    public void TheyAreTriedNoMoreUntilTheFileIsGone()
    {
        SweepPlan plan = _stage.Plan();
        _stage.Run(plan, "out", threads: 1, Breaking);
        Assert.Equal(6, _tries);
        _stage.Run(plan, "out", threads: 1, Breaking);
        Assert.Equal(6, _tries);

        File.Delete(_stage["out/set-aside.txt"]);
        _stage.Run(plan, "out", threads: 1);

        using ResultFolder whole = _stage.Open(plan);
        Assert.Equal((plan.Count, 0, 0), (whole.Count, whole.Failed, whole.SetAside.Count));
        Assert.Equal(plan.Count, _stage.KeysIn("out").Distinct().Count());
    }

    [Fact]
    public void TheyAreCountedBeforeAndAfterTheirFile()
    {
        SweepPlan plan = _stage.Plan();
        using (ResultFolder results = _stage.Open(plan))
        {
            results.Commit(0, CellOutcome.Failed("it broke"));
            results.Commit(1, CellOutcome.Refused("no place"));
            Assert.Equal((2, 1, 1), (results.Count, results.Failed, results.Refused));
        }

        Assert.False(File.Exists(_stage["out/set-aside.txt"]));
        using (ResultFolder again = _stage.Open(plan))
        {
            Assert.Equal((2, 1, 1), (again.Count, again.Failed, again.Refused));
            for (int index = 2; index < 5; index++)
            {
                again.Commit(index, SweepStage.Computed(plan[index], CancellationToken.None));
            }
        }

        using ResultFolder filed = _stage.Open(plan);
        Assert.Equal((5, 1, 1, 1), (filed.Count, filed.Failed, filed.Refused, filed.SetAside.Count));
    }

    /// <summary>A message of several lines, with tabs: a line of the file all the same.</summary>
    [Fact]
    public void AnErrorIsOneLineWithTheCommandThatRepeatsIt()
    {
        SweepPlan plan = _stage.Plan();
        using (ResultFolder results = _stage.Open(plan, batchCells: 1))
        {
            results.Commit(0, CellOutcome.Failed("a\nb\tc\r\n"));
        }

        string line = Assert.Single(File.ReadAllLines(_stage["out/set-aside.txt"]));
        Assert.StartsWith($"{plan.KeyOf(0, SweepStage.Build)}\tpalimpsest compare one.dat --ram 64M --design static\ta", line,
            StringComparison.Ordinal);
        Assert.Equal([plan.KeyOf(0, SweepStage.Build)], SetAsideCells.KeysIn(_stage["out"]));
    }

    [Fact]
    public void ThoseOfAnotherPlanStay()
    {
        string foreign = $"{CellKey.Of("another")}\tpalimpsest compare x\tit broke";
        Directory.CreateDirectory(_stage["out"]);
        File.WriteAllText(_stage["out/set-aside.txt"], foreign + "\nno key\tx\ny\n");
        File.WriteAllText(_stage["out/made-by.json"], """{"build":"another","cells":1}""");
        _stage.Run(_stage.Plan(), "out", threads: 1, Breaking);

        string[] lines = File.ReadAllLines(_stage["out/set-aside.txt"]);
        Assert.Equal(foreign, lines[0]);
        Assert.Equal(3, lines.Length);
    }

    public void Dispose() => _stage.Dispose();

    private CellOutcome Breaking(Cell cell, CancellationToken cancellation)
    {
        if (cell is { Design: "packed:slack=10", Seed: 2 })
        {
            _tries++;
            throw new InvalidOperationException("it breaks");
        }

        return SweepStage.Computed(cell, cancellation);
    }
}
