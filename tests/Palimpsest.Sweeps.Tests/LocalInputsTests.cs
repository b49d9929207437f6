using System.Security.Cryptography;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Tests;

/// <summary>Inputs are known by what is in them: a file by its hash, a snapshot with all that is read because it lies beside it.</summary>
public sealed class LocalInputsTests : IDisposable
{
    private readonly SweepStage _stage = new();
    private readonly LocalInputs _inputs = new();

    [Fact]
    public void AFileIsItsHash()
    {
        File.WriteAllText(_stage["a.dat"], "alike");
        File.WriteAllText(_stage["b.dat"], "alike");
        CellInput first = _inputs.File(_stage["a.dat"], "a.dat");
        CellInput copy = _inputs.File(_stage["b.dat"], null);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("alike"u8)), first.Sha256);
        Assert.Equal((first.Sha256, "b.dat", (string?)null, 5L, false), (copy.Sha256, copy.Name, copy.Place, copy.Bytes, copy.IsFolder));
        Assert.Equal(2, _inputs.All.Count);
        Assert.Same(first, _inputs.File(_stage["a.dat"], "a.dat"));
        Assert.Equal(_stage["a.dat"], _inputs.PathOf(first));
    }

    [Fact]
    public void ASnapshotIsItsFilesAndWhatLiesBesideIt()
    {
        string samples = Path.Combine(AppContext.BaseDirectory, "samples");
        string folder = Directory.CreateDirectory(_stage["moments/start"]).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(samples, "small.snapshot")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        CellInput alone = new LocalInputs().Snapshot(folder, "moments/start");
        File.WriteAllText(_stage["moments/dmesg"], "log");
        CellInput withLog = new LocalInputs().Snapshot(folder, "moments/start");
        File.WriteAllText(_stage["moments/dmesg"], "other");
        CellInput withOther = _inputs.Snapshot(folder, "moments/start");

        Assert.True(alone.IsFolder);
        Assert.Equal("start", alone.Name);
        Assert.All(alone.Parts, part => Assert.StartsWith("start/", part.Path, StringComparison.Ordinal));
        Assert.Equal(alone.Parts.Count + 1, withLog.Parts.Count);
        Assert.Equal(3, new[] { alone, withLog, withOther }.Select(input => input.Sha256).Distinct().Count());
        Assert.All(withOther.Parts, part => Assert.Equal(part.Sha256,
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_inputs.PathOf(withOther, part))))));
    }

    [Fact]
    public void WhatHasChangedIsNotReadAnyMore()
    {
        File.WriteAllText(_stage["a.dat"], "first");
        CellInput input = _inputs.File(_stage["a.dat"], "a.dat");
        File.WriteAllText(_stage["a.dat"], "other");

        Assert.Contains("has changed since the sweep began", Assert.Throws<InvalidDataException>(() => _inputs.PathOf(input)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(_stage["a.dat"], "first");
        Assert.Equal(_stage["a.dat"], _inputs.PathOf(input));
    }

    [Fact]
    public void WhatIsNotThereIsTold()
    {
        File.WriteAllText(_stage["a.dat"], "first");
        CellInput input = _inputs.File(_stage["a.dat"], "a.dat");
        File.Delete(_stage["a.dat"]);

        Assert.Contains("no such file", Assert.Throws<MissingInputException>(() => _inputs.PathOf(input)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<MissingInputException>(() => _inputs.File(_stage["none"], null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<InputException>(() => _inputs.File(_stage[""], null)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _stage.Dispose();
}
