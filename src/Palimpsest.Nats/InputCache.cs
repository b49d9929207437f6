using System.Collections.Concurrent;
using System.Security.Cryptography;
using NATS.Client.ObjectStore;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Nats;

/// <summary>
/// Inputs that a worker was sent: a folder for each, by its hash. Those used longest ago go when there are more bytes than may be, but none
/// that was used in the last minutes. Workers of one machine may share it.
/// </summary>
/// <param name="fetch">Writes the object of a name to a stream.</param>
/// <param name="mostBytes">Of inputs that are kept.</param>
internal sealed class InputCache(string folder, long mostBytes, Action<string, Stream> fetch) : IInputPlaces
{
    // Whoever asks for a path opens it within that time.
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Lock> _gates = [];
    private readonly ConcurrentDictionary<string, bool> _verified = [];

    public static InputCache Of(INatsObjStore store, string folder, long mostBytes) => new(folder, mostBytes,
        (name, stream) => store.GetAsync(name, stream, leaveOpen: true).AsTask().GetAwaiter().GetResult());

    public string PathOf(CellInput input)
    {
        if (!input.IsPlain)
        {
            throw new InvalidDataException("an input was sent whose name or hash is none");
        }

        // Who has its recording does not wait for that of another.
        lock (_gates.GetOrAdd(input.Sha256, _ => new Lock()))
        {
            string place = Path.Combine(folder, input.Sha256);
            if (!Has(input, place))
            {
                Bring(input, place);
                _verified.TryAdd(input.Sha256, true);
                lock (_gate)
                {
                    Shrink(input.Sha256);
                }
            }

            Directory.SetLastWriteTimeUtc(place, DateTime.UtcNow);
            return Path.Combine(place, input.Name);
        }
    }

    /// <summary>A folder that was there before this program is looked at once: what is not as its hash says is brought again.</summary>
    private bool Has(CellInput input, string place)
    {
        if (Directory.Exists(place) && _verified.TryAdd(input.Sha256, true)
            && !input.Parts.All(part => Path.Combine(place, part.Path) is var path && File.Exists(path) && HashOf(path) == part.Sha256))
        {
            Directory.Delete(place, recursive: true);
        }

        return Directory.Exists(place);
    }

    /// <summary>Brings and checks all parts under another name first, so that no half of an input is ever found.</summary>
    private void Bring(CellInput input, string place)
    {
        string unfinished = Path.Combine(folder, $"{Guid.NewGuid():N}.part");
        try
        {
            foreach (InputPart part in input.Parts)
            {
                string path = Path.GetFullPath(Path.Combine(unfinished, part.Path));
                if (!path.StartsWith(Path.GetFullPath(unfinished) + "/", StringComparison.Ordinal))
                {
                    throw new InvalidDataException($"{part.Path}: an input lies in its own folder");
                }

                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using (FileStream file = File.Create(path))
                {
                    fetch(part.Sha256, file);
                }

                if (HashOf(path) is var hash && hash != part.Sha256)
                {
                    throw new InvalidDataException($"{input.Name}: came as {hash}, not as {part.Sha256}");
                }
            }

            Move(unfinished, place);
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    private static void Move(string unfinished, string place)
    {
        try
        {
            Directory.Move(unfinished, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another worker of this machine was faster.
        }
    }

    private void Shrink(string newest)
    {
        (DirectoryInfo Place, long Bytes)[] inputs = [.. new DirectoryInfo(folder).EnumerateDirectories()
            .Where(place => place.Extension != ".part")
            .Select(place => (place, place.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)))
            .OrderBy(input => input.place.LastWriteTimeUtc)];
        long bytes = inputs.Sum(input => input.Bytes);
        foreach ((DirectoryInfo place, long own) in inputs)
        {
            if (bytes > mostBytes && place.Name != newest && DateTime.UtcNow - place.LastWriteTimeUtc > InUse)
            {
                place.Delete(recursive: true);
                bytes -= own;
            }
        }
    }

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
