using System.Security.Cryptography;
using System.Text;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Nats.Tests;

/// <summary>What a worker is sent is what was asked for, or nothing; and no more of it is kept than may be.</summary>
public sealed class InputCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-cache-");
    private readonly Dictionary<string, byte[]> _objects = [];
    private int _fetched;

    [Fact]
    public void AnInputIsFetchedOnceAndByItsHash()
    {
        CellInput input = Input("a.dat", ("a.dat", "first"));

        Assert.Equal("first", File.ReadAllText(Cache().PathOf(input)));
        Assert.Equal("first", File.ReadAllText(Cache().PathOf(input)));
        Assert.Equal(1, _fetched);
    }

    [Fact]
    public void AFolderComesWithWhatLiesBesideIt()
    {
        CellInput input = Input("start", ("start/zoneinfo", "zones"), ("dmesg", "log"));
        string path = Cache().PathOf(input);

        Assert.Equal("zones", File.ReadAllText(Path.Combine(path, "zoneinfo")));
        Assert.Equal("log", File.ReadAllText(Path.Combine(path, "..", "dmesg")));
    }

    [Fact]
    public void WhatIsNotWhatWasAskedForIsNotKept()
    {
        CellInput input = Input("a.dat", ("a.dat", "first"));
        _objects[input.Parts[0].Sha256] = Encoding.UTF8.GetBytes("other");

        Assert.Throws<InvalidDataException>(() => Cache().PathOf(input));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void NoInputLeavesItsFolder() =>
        Assert.Throws<InvalidDataException>(() => Cache().PathOf(Input("a.dat", ("../../a.dat", "out"))));

    // Whoever may send orders would read and write any file of the machine.
    [Fact]
    public void WhatIsNoNameOrNoHashIsRefusedBeforeAFileIsTouched()
    {
        CellInput input = Input("a.dat", ("a.dat", "first"));
        foreach (CellInput forged in new[]
        {
            input with { Sha256 = _folder.FullName },
            input with { Name = "../a.dat" },
            input with { Name = "/etc/passwd" },
            input with { Parts = [input.Parts[0] with { Sha256 = "../x" }], Sha256 = "../x" },
            input with { Sha256 = Input("b.dat", ("b.dat", "second")).Sha256 },
        })
        {
            Assert.Throws<InvalidDataException>(() => Cache().PathOf(forged));
        }

        Assert.Equal(0, _fetched);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void WhatLiesInTheCacheIsLookedAtOnceByEachProgram()
    {
        CellInput input = Input("a.dat", ("a.dat", "first"));
        File.WriteAllText(Cache().PathOf(input), "other");

        Assert.Equal("first", File.ReadAllText(Cache().PathOf(input)));
        Assert.Equal(2, _fetched);
    }

    [Fact]
    public void WhatWasUsedLongestAgoGoesFirst()
    {
        CellInput[] inputs = [.. Enumerable.Range(0, 4).Select(number =>
            Input($"{number}.dat", ($"{number}.dat", new string('x', 40) + number)))];
        InputCache cache = Cache(mostBytes: 100);
        foreach ((int index, CellInput input) in inputs.Index())
        {
            cache.PathOf(input);
            Directory.SetLastWriteTimeUtc(Path.Combine(_folder.FullName, input.Sha256), DateTime.UtcNow.AddHours(index - 10));
        }

        Assert.Equal(inputs[2..].Select(input => input.Sha256).Order(),
            _folder.EnumerateDirectories().Select(folder => folder.Name).Order());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private InputCache Cache(long mostBytes = 1 << 20) => new(_folder.FullName, mostBytes, (name, stream) =>
    {
        _fetched++;
        stream.Write(_objects[name]);
    });

    private CellInput Input(string name, params (string Path, string Text)[] parts)
    {
        List<InputPart> made = [];
        foreach ((string path, string text) in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            _objects[hash] = bytes;
            made.Add(new InputPart(path, hash, bytes.Length));
        }

        string lines = string.Concat(made.Select(part => $"{part.Sha256}  {part.Path}\n"));
        bool isFile = made is [{ Path: var only }] && only == name;
        string whole = isFile ? made[0].Sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
        return new CellInput(name, whole, made);
    }
}
