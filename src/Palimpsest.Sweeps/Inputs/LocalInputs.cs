using System.Security.Cryptography;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Inputs;

/// <summary>The inputs that an experiment names, where they lie, each hashed once.</summary>
public sealed class LocalInputs : IInputPlaces
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _verified = [];
    private readonly Dictionary<string, CellInput> _known = [];
    private readonly Dictionary<string, string> _places = [];

    /// <summary>Every input that was asked for, in the order of the first time.</summary>
    public IReadOnlyCollection<CellInput> All => _known.Values;

    /// <inheritdoc/>
    public string PathOf(CellInput input)
    {
        lock (_gate)
        {
            if (!_verified.Contains(input.Sha256))
            {
                Verify(input);
                _verified.Add(input.Sha256);
            }
        }

        return _places[input.Sha256];
    }

    /// <summary>Where a file of an input lies.</summary>
    public string PathOf(CellInput input, InputPart part) => input.IsFolder
        ? Path.Combine(Path.GetDirectoryName(_places[input.Sha256])!, part.Path)
        : _places[input.Sha256];

    /// <summary>Fails where a file is not what it was when the sweep began: its cells would be kept under the wrong key.</summary>
    /// <exception cref="InvalidDataException">It has changed.</exception>
    public void Verify(CellInput input)
    {
        foreach (InputPart part in input.Parts)
        {
            string path = PathOf(input, part);
            if (Hash(path) != part.Sha256)
            {
                throw new InvalidDataException($"{path}: the file has changed since the sweep began; run the sweep again");
            }
        }
    }

    /// <param name="place">As <see cref="CellInput.Place"/>.</param>
    internal CellInput File(string path, string? place) => Known(path, () =>
    {
        string name = Path.GetFileName(path);
        string hash = Hash(path);
        return new CellInput(name, hash, [new InputPart(name, hash, new FileInfo(path).Length)]) { Place = place };
    });

    /// <summary>A folder of copies of /proc, and what is read because it lies beside it: other moments, and the kernel log.</summary>
    internal CellInput Snapshot(string path, string? place) => Known(path, () =>
    {
        string parent = Path.GetDirectoryName(path)!;
        IEnumerable<string> folders = SnapshotFolder.Read(path).Siblings().Select(other => Path.Combine(parent, other.Name)).Append(path);
        IEnumerable<string> log = new[] { Path.Combine(parent, "dmesg") }.Where(System.IO.File.Exists);
        InputPart[] parts = [.. folders.SelectMany(Directory.EnumerateFiles).Concat(log).Order(StringComparer.Ordinal)
            .Select(file => new InputPart(Path.GetRelativePath(parent, file), Hash(file), new FileInfo(file).Length))];
        return new CellInput(Path.GetFileName(path), CellInput.HashOf(parts), parts) { Place = place };
    });

    private CellInput Known(string path, Func<CellInput> read)
    {
        if (!_known.TryGetValue(path, out CellInput? input))
        {
            input = read();
            _known.Add(path, input);
            _places.TryAdd(input.Sha256, path);
        }

        return input;
    }

    private static string Hash(string path)
    {
        try
        {
            using FileStream file = System.IO.File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MissingInputException($"{path}: no such file; check the path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); check the path and its permissions",
                exception);
        }
    }
}
