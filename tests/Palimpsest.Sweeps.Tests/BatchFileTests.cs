using System.Security.Cryptography;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A file of results is what was written, by its name; anything else is damaged, whatever its bytes are.</summary>
public sealed class BatchFileTests : IDisposable
{
    private readonly SweepStage _stage = new();

    [Fact]
    public void RowsAreReadBackByTheirKeys()
    {
        SweepPlan plan = _stage.Plan();
        string path = Write(plan);

        Assert.True(BatchFile.IsWhole(path));
        Assert.Equal(Enumerable.Range(0, plan.Count).Select(index => (plan.KeyOf(index, SweepStage.Build), index % 4 == 0)),
            BatchFile.TryCellsOf(path));
    }

    [Fact]
    public void TheSameRowsAreTheSameFile() =>
        Assert.Equal(Path.GetFileName(Write(_stage.Plan())), Path.GetFileName(Write(_stage.Plan(), "b")));

    [Fact]
    public void AColumnNamesEachThingOnce()
    {
        string[] columns = [.. ResultRow.TextColumns, ResultRow.SeedColumn, .. ResultRow.NumberColumns];

        Assert.Equal(columns.Length, columns.Distinct().Count());
        Assert.Superset(FigureColumns.Ids.ToHashSet(), ResultRow.NumberColumns.ToHashSet());
    }

    /// <summary>Cut anywhere: its name does not fit its bytes any more, and whoever opens it all the same is told so.</summary>
    [Fact]
    public void WhateverIsCutOffIsDamaged()
    {
        byte[] bytes = File.ReadAllBytes(Write(_stage.Plan()));
        string name = $"cells-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}.parquet";
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 60))
        {
            File.WriteAllBytes(_stage[name], bytes[..length]);

            Assert.False(BatchFile.IsWhole(_stage[name]));
            Assert.Null(BatchFile.TryCellsOf(_stage[name]));
        }
    }

    [Fact]
    public void WhateverIsOtherIsDamaged()
    {
        byte[] bytes = File.ReadAllBytes(Write(_stage.Plan()));
        string name = $"cells-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}.parquet";
        for (int at = 0; at < bytes.Length; at += 1 + (bytes.Length / 200))
        {
            byte[] other = [.. bytes];
            other[at] ^= 0x10;
            File.WriteAllBytes(_stage[name], other);

            Assert.False(BatchFile.IsWhole(_stage[name]));
        }
    }

    [Theory]
    [InlineData("cells-0.parquet")]
    [InlineData("cells-00000000000000000000000000000000.parquet")]
    public void AnotherNameIsNoneOfIts(string name)
    {
        File.Move(Write(_stage.Plan()), _stage[name]);

        Assert.False(BatchFile.IsWhole(_stage[name]));
    }

    /// <summary>Damaged files of any number are kept under another name, and all of their cells are computed again, no others.</summary>
    [Fact]
    public void WhicheverFilesAreDamagedTheSweepIsWholeAgain()
    {
        SweepPlan plan = _stage.Plan();
        _stage.Run(plan, "whole", threads: 1);
        IReadOnlyList<string> files = _stage.FilesIn("whole");
        for (int which = 1; which < 1 << files.Count; which++)
        {
            string name = $"damaged-{which}";
            Directory.CreateDirectory(_stage[name]);
            foreach ((int at, string file) in files.Index())
            {
                byte[] bytes = File.ReadAllBytes(_stage[$"whole/{file}"]);
                File.WriteAllBytes(_stage[$"{name}/{file}"], (which >> at & 1) == 0 ? bytes : bytes[..^1]);
            }

            int computed = 0;
            _stage.Run(plan, name, threads: 1, (cell, cancellation) =>
            {
                computed++;
                return SweepStage.Computed(cell, cancellation);
            });

            Assert.InRange(computed, 3, plan.Count);
            Assert.Equal(plan.Count, _stage.KeysIn(name).Count);
            Assert.Equal(plan.Count, _stage.KeysIn(name).Distinct().Count());
            Assert.Equal(int.PopCount(which), Directory.GetFiles(_stage[name], "*.damaged").Length);
        }
    }

    public void Dispose() => _stage.Dispose();

    private string Write(SweepPlan plan, string folder = "a") => BatchFile.Write(Directory.CreateDirectory(_stage[folder]).FullName,
        [.. Enumerable.Range(0, plan.Count).Select(index => ResultRow.Of(plan, index, SweepStage.Build,
            index % 4 == 0 ? CellOutcome.Refused("no place") : SweepStage.Computed(plan[index], CancellationToken.None)))]);
}
