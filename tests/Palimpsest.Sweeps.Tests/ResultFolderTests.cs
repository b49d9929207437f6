using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Tests;

/// <summary>Every cell is in the results exactly once, the files are the same bytes, wherever a sweep was stopped and by what.</summary>
public sealed class ResultFolderTests
{
    /// <summary>Stopped after each number of cells, begun from either end: the journal alone knows what was done.</summary>
    [Fact]
    public void WhereverItStopsItGoesOn()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        stage.Run(plan, "whole", threads: 1);
        for (int stop = 0; stop <= plan.Count; stop++)
        {
            foreach (bool isBackwards in new[] { false, true })
            {
                string name = $"stopped-{stop}-{isBackwards}";
                using (ResultFolder results = stage.Open(plan, name))
                {
                    foreach (int index in Enumerable.Range(0, stop))
                    {
                        Commit(plan, results, isBackwards ? plan.Count - 1 - index : index);
                    }
                }

                using (ResultFolder again = stage.Open(plan, name))
                {
                    Assert.Equal(stop, again.Count);
                    Assert.Equal(plan.Count - stop, Enumerable.Range(0, plan.Count).Count(index => Commit(plan, again, index)));
                    Assert.Equal(plan.Count, again.Count);
                }

                Assert.Equal(stage.FilesIn("whole"), stage.FilesIn(name));
            }
        }
    }

    /// <summary>Another experiment in the same folder: what the first has done is not thrown away.</summary>
    [Fact]
    public void CellsOfAnotherExperimentStayInTheJournal()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using (ResultFolder results = stage.Open(plan))
        {
            Commit(plan, results, 0);
        }

        File.WriteAllText(stage["one.dat"], "something else");
        SweepPlan other = SweepPlan.Of(stage.Read("""
            {
              "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "one.dat", "ram_mib": 64 }], "compare": {},
              "designs": [{ "name": "static" }]
            }
            """));
        stage.Run(other, "out", threads: 1);
        File.WriteAllText(stage["one.dat"], "first");
        using ResultFolder again = stage.Open(stage.Plan());

        Assert.Equal(1, again.Count);
    }

    [Fact]
    public void AFileThatIsNoParquetIsDamagedWhateverItsName()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        stage.Run(plan, "out", threads: 1);
        byte[] bytes = "PAR1junkPAR1"u8.ToArray();
        string name = $"cells-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..32]}.parquet";
        File.WriteAllBytes(stage["out/" + name], bytes);
        using ResultFolder results = stage.Open(plan);

        Assert.Equal([name], results.Damaged);
        Assert.Equal(plan.Count, results.Count);
    }

    /// <summary>Killed between the file and the journal that names its cells no more: they are in both, and count once.</summary>
    [Fact]
    public void AJournalThatIsBehindCountsNothingTwice()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using (ResultFolder results = stage.Open(plan))
        {
            for (int index = 0; index < 4; index++)
            {
                Commit(plan, results, index);
            }

            File.Copy(stage["out/journal"], stage["behind"]);
            Commit(plan, results, 4);
        }

        File.Copy(stage["behind"], stage["out/journal"], overwrite: true);
        stage.Run(plan, "out", threads: 1);

        Assert.Equal(plan.Count, stage.KeysIn("out").Distinct().Count());
        Assert.Equal(plan.Count, stage.KeysIn("out").Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(200)]
    public void ALineThatWasCutOffIsComputedAgain(int cut)
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using (ResultFolder results = stage.Open(plan))
        {
            Commit(plan, results, 0);
            Commit(plan, results, 1);
        }

        using (FileStream journal = File.OpenWrite(stage["out/journal"]))
        {
            journal.SetLength(journal.Length - cut);
        }

        using (ResultFolder again = stage.Open(plan))
        {
            Assert.Equal(1, again.Count);
        }

        stage.Run(plan, "out", threads: 2);
        Assert.Equal(plan.Count, stage.KeysIn("out").Distinct().Count());
    }

    [Fact]
    public void AFileThatWasDamagedIsKnownAndComputedAgain()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        stage.Run(plan, "out", threads: 1);
        IReadOnlyList<string> files = stage.FilesIn("out");
        byte[] bytes = File.ReadAllBytes(stage[$"out/{files[1]}"]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(stage[$"out/{files[1]}"], bytes);
        File.WriteAllBytes(stage[$"out/{files[2]}"], []);

        Assert.Equal([files[1], files[2]], ResultFiles.Damaged(stage["out"]));
        using (ResultFolder again = stage.Open(plan))
        {
            Assert.Equal([files[1], files[2]], again.Damaged);
            Assert.InRange(again.Count, 5, plan.Count - 8);
        }

        stage.Run(plan, "out", threads: 1);
        Assert.Equal(plan.Count, stage.KeysIn("out").Distinct().Count());
        Assert.Equal(plan.Count, stage.KeysIn("out").Count);
        Assert.True(File.Exists(stage[$"out/{files[1]}.damaged"]));
    }

    /// <summary>A file of results goes to /dev/full: what was committed stays in the journal.</summary>
    [Fact]
    public void AFullDiskLosesNothingThatWasKept()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        Directory.CreateDirectory(stage["out"]);
        File.CreateSymbolicLink(stage["out/batch.part"], "/dev/full");

        IOException full = Assert.ThrowsAny<IOException>(() => stage.Run(plan, "out", threads: 2));
        File.Delete(stage["out/batch.part"]);

        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Empty(stage.FilesIn("out"));
        using (ResultFolder again = stage.Open(plan))
        {
            Assert.InRange(again.Count, 5, plan.Count - 1);
        }

        stage.Run(plan, "out", threads: 2);
        Assert.Equal(plan.Count, stage.KeysIn("out").Distinct().Count());
    }

    [Fact]
    public void TwoSweepsDoNotShareAFolder()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using ResultFolder first = stage.Open(plan);

        Assert.Contains("another sweep is at work in this folder",
            Assert.Throws<InputException>(() => stage.Open(plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsOfAnotherBuildAreNoneOfThis()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        stage.Run(plan, "out", threads: 1);

        using ResultFolder other = ResultFolder.Open(stage["out"], plan, build: "another");

        Assert.Equal(0, other.Count);
    }

    private static bool Commit(SweepPlan plan, ResultFolder results, int index) =>
        results.Commit(index, SweepStage.Computed(plan[index], CancellationToken.None));

    /// <summary>Somebody's own file by a name of ours is not written over, and nothing is left beside it.</summary>
    [Theory]
    [InlineData("plan.json")]
    [InlineData("experiment.json")]
    [InlineData("set-aside.txt")]
    public void AFolderWithSomebodysOwnFilesIsRefused(string name)
    {
        using SweepStage stage = new();
        Directory.CreateDirectory(stage["out"]);
        File.WriteAllText(stage["out/" + name], "mine");

        InputException refused = Assert.Throws<InputException>(() => stage.Open(stage.Plan()));

        Assert.StartsWith($"{stage["out/" + name]}: is there, and of no sweep", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(stage["out/" + name]));
        Assert.Equal(new[] { "lock", name }.Order(), Directory.GetFileSystemEntries(stage["out"]).Select(Path.GetFileName).Order());
    }

    /// <summary>A sweep that was killed before it wrote anything, and an experiment that lies where its results go.</summary>
    [Fact]
    public void ALockThatWasLeftAndTheExperimentItselfAreNoReasonToRefuse()
    {
        using SweepStage stage = new();
        Directory.CreateDirectory(stage["out"]);
        File.WriteAllText(stage["out/lock"], "");
        const string text = """
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "../one.dat", "ram_mib": 64 }], "compare": {},
              "designs": [{ "name": "static" }] }
            """;
        File.WriteAllText(stage["one.dat"], "first");
        File.WriteAllText(stage["out/experiment.json"], text);
        ExperimentFile file = ExperimentFile.Read(stage["out/experiment.json"]);

        using ResultFolder results = ResultFolder.Open(stage["out"], SweepPlan.Of(file), file);

        Assert.Equal(0, results.Count);
    }

    [Fact]
    public void AnotherSweepInTheFolderIsToldAndNothingElseIsToldAsOne()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using (stage.Open(plan))
        {
            Assert.Contains("another sweep is at work", Assert.Throws<InputException>(() => stage.Open(plan)).Message,
                StringComparison.Ordinal);
        }

        File.Delete(stage["out/lock"]);
        File.CreateSymbolicLink(stage["out/lock"], "lock");
        Assert.Throws<IOException>(() => stage.Open(plan));
    }

    [Theory]
    [InlineData("""{"build":"x","cells":-5}""")]
    [InlineData("""{"build":null,"cells":5}""")]
    public void FactsThatCannotBeAreDamage(string facts)
    {
        using SweepStage stage = new();
        Directory.CreateDirectory(stage["out"]);
        File.WriteAllText(stage["out/made-by.json"], facts);

        Assert.Contains("is damaged", Assert.Throws<InputException>(() => SweepFacts.Read(stage["out"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"settings":[null],"designs":["static"],"seeds":[1]}""")]
    [InlineData("""{"settings":[],"designs":[null],"seeds":[1]}""")]
    public void APlanWithNothingInItIsNone(string plan)
    {
        using SweepStage stage = new();
        Directory.CreateDirectory(stage["out"]);
        File.WriteAllText(stage["out/plan.json"], plan);

        Assert.Null(PlanFile.TryRead(stage["out"]));
    }

    /// <summary>A file of results has another path by each link to it or to its folder.</summary>
    [Fact]
    public void AnOwnFileIsKnownByAnyOfItsPaths()
    {
        using SweepStage stage = new();
        using (stage.Open(stage.Plan()))
        {
        }

        Directory.CreateSymbolicLink(stage["link"], stage["out"]);
        File.CreateSymbolicLink(stage["plan"], stage["out/plan.json"]);

        Assert.True(ResultFiles.IsOwn(stage["out"], stage["out/plan.json"]));
        Assert.True(ResultFiles.IsOwn(stage["out"], stage["link/plan.json"]));
        Assert.True(ResultFiles.IsOwn(stage["link"], stage["out/journal"]));
        Assert.True(ResultFiles.IsOwn(stage["out"], stage["plan"]));
        Assert.False(ResultFiles.IsOwn(stage["out"], stage["out/mine.csv"]));
        Assert.False(ResultFiles.IsOwn(stage["out"], stage["plan.json"]));
    }
}
