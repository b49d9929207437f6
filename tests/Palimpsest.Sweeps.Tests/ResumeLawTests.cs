using CsCheck;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>
/// A sweep that is stopped any number of times, with cells done in any order, its journal cut anywhere and files that are half written:
/// in the end the files are the same bytes as of one that nobody stopped.
/// </summary>
public sealed class ResumeLawTests : IDisposable
{
    private static readonly Gen<(int Cells, uint Order, int Cut, bool HasHalf)[]> Stops =
        Gen.Select(Gen.Int[0, 18], Gen.UInt, Gen.Int[0, 500], Gen.Bool).Array[0, 4];

    private readonly SweepStage _stage = new();

    [Fact]
    public void HoweverOftenItIsStoppedTheFilesAreTheSame()
    {
        SweepPlan plan = _stage.Plan();
        _stage.Run(plan, "whole", threads: 1);
        IReadOnlyList<string> whole = _stage.FilesIn("whole");
        HashSet<CellKey> keys = [.. _stage.KeysIn("whole")];
        int folders = 0;
        Stops.Sample(stops =>
        {
            string name = $"out-{folders++}";
            foreach ((int cells, uint order, int cut, bool hasHalf) in stops)
            {
                Stop(plan, name, cells, order);
                Damage(name, cut, hasHalf);
            }

            _stage.Run(plan, name, threads: 1);
            // A cut journal cuts the batches anew, among the cells that are open then: whole cells, each once, are what is promised.
            Assert.Equal(plan.Count, _stage.KeysIn(name).Count);
            Assert.Equal(keys, [.. _stage.KeysIn(name)]);
            if (Array.TrueForAll(stops, stop => stop.Cut == 0))
            {
                Assert.Equal(whole, _stage.FilesIn(name));
            }
        }, iter: 60, threads: 1);
    }

    public void Dispose() => _stage.Dispose();

    private void Stop(SweepPlan plan, string name, int cells, uint order)
    {
        using ResultFolder results = _stage.Open(plan, name);
        Random random = new((int)order);
        int[] indices = [.. Enumerable.Range(0, plan.Count)];
        random.Shuffle(indices);
        foreach (int index in indices.Where(index => !results.Has(index)).Take(cells))
        {
            results.Commit(index, SweepStage.Computed(plan[index], CancellationToken.None));
        }
    }

    private void Damage(string name, int cut, bool hasHalf)
    {
        string journal = _stage[$"{name}/journal"];
        byte[] bytes = File.ReadAllBytes(journal);
        File.WriteAllBytes(journal, bytes[..Math.Max(0, bytes.Length - cut)]);
        if (hasHalf)
        {
            File.WriteAllText(_stage[$"{name}/batch.part"], "PAR1 half of a file");
            File.WriteAllText(_stage[$"{name}/journal.part"], "half of a line");
            File.WriteAllText(_stage[$"{name}/plan.json.part"], "{");
        }
    }
}
