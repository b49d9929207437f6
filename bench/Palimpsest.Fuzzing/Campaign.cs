using System.Diagnostics;
using System.Security.Cryptography;
using Palimpsest.Steps;
using Palimpsest.Testing.Corpus;

namespace Palimpsest.Fuzzing;

/// <summary>
/// Fuzzes one reader: changes inputs, keeps those that take a new branch, or one more or less often, and shortens them. All
/// goes to a folder of the work: inputs by their hash, faults below <c>findings</c>.
/// </summary>
internal sealed class Campaign
{
    private const int LongestInput = 256 << 10;
    private const int MostTrims = 300;

    private readonly Action<byte[]> _reader;
    private readonly string _folder;
    private readonly string _findings;
    private readonly EdgeMap _map = new();
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly Watch _watch;
    private readonly List<byte[]> _inputs = [];
    private readonly Dictionary<(int, byte), int> _smallest = [];
    private readonly HashSet<string> _faults = [];
    private int[] _favoured = [];

    public Campaign(string name, string work, int seed)
    {
        _reader = InputReaders.All[name];
        _folder = Directory.CreateDirectory(Path.Combine(work, name)).FullName;
        _findings = Directory.CreateDirectory(Path.Combine(work, "findings")).FullName;
        Name = name;
        _random = new Random(seed);
        _mutator = new Mutator(_random, FormatWords.Of(name), LongestInput);
        _watch = new Watch(Path.Combine(work, name + ".current"), LongestInput, Report);
    }

    public string Name { get; }

    public long Executions { get; private set; }

    public int Edges => _map.Edges;

    /// <summary>Inputs that took something new.</summary>
    public IReadOnlyList<byte[]> Inputs => _inputs;

    public int Faults => _faults.Count;

    public void Run(IEnumerable<byte[]> seeds, TimeSpan time)
    {
        string[] earlier = [.. Directory.GetFiles(_folder), .. Directory.GetFiles(_findings, Name + "-*")
            .Where(file => !file.EndsWith(".txt", StringComparison.Ordinal))];
        foreach (byte[] seed in seeds.Concat(earlier.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)))
        {
            Try(seed, trims: false);
        }

        long start = Stopwatch.GetTimestamp();
        while (_inputs.Count > 0 && Stopwatch.GetElapsedTime(start) < time)
        {
            Try(_mutator.Mutate(Chosen(), _inputs[_random.Next(_inputs.Count)]), trims: true);
        }
    }

    /// <summary>Fewer of the inputs, the smallest first, that take all that all of them take.</summary>
    public IReadOnlyList<byte[]> Minimal()
    {
        HashSet<(int, byte)> left = [];
        List<(byte[] Input, List<(int Edge, byte Step)> Taken)> all = [];
        foreach (byte[] input in _inputs.OrderBy(input => input.Length))
        {
            Execute(input);
            all.Add((input, _map.Taken()));
            left.UnionWith(all[^1].Taken);
        }

        List<byte[]> chosen = [];
        foreach ((byte[] input, List<(int, byte)> taken) in all.OrderByDescending(item => item.Taken.Count / (1000.0 + item.Input.Length)))
        {
            int before = left.Count;
            left.ExceptWith(taken);
            if (left.Count < before)
            {
                chosen.Add(input);
            }
        }

        return [.. chosen.OrderBy(input => input.Length)];
    }

    private byte[] Chosen() =>
        _inputs[_favoured.Length > 0 && _random.Next(4) > 0 ? _favoured[_random.Next(_favoured.Length)] : _random.Next(_inputs.Count)];

    private void Try(byte[] input, bool trims)
    {
        if (Execute(input) is { } fault)
        {
            Report(input, fault);
            return;
        }

        if (!_map.IsNew())
        {
            return;
        }

        byte[] kept = trims ? Trimmed(input, _map.News(_map.Taken())) : input;
        if (Execute(kept) is null)
        {
            Keep(kept, _map.Taken());
        }
    }

    private string? Execute(byte[] input)
    {
        Executions++;
        EdgeMap.Clear();
        _watch.Begin(input);
        string? fault = Reading.FaultOf(_reader, input);
        _watch.End();
        return fault;
    }

    private byte[] Trimmed(byte[] input, List<(int, byte)> news)
    {
        int trims = 0;
        for (int piece = Math.Max(input.Length / 2, 1); trims < MostTrims && piece >= Math.Max(input.Length / 128, 1); piece /= 2)
        {
            for (int at = 0; at < input.Length && trims < MostTrims; trims++)
            {
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(at + piece, input.Length))];
                if (Execute(shorter) is null && news.TrueForAll(_map.Taken().ToHashSet().Contains))
                {
                    input = shorter;
                }
                else
                {
                    at += piece;
                }
            }
        }

        return input;
    }

    private void Keep(byte[] input, List<(int Edge, byte Step)> taken)
    {
        _map.Remember(taken);
        File.WriteAllBytes(Path.Combine(_folder, HashOf(input)), input);
        foreach ((int, byte) item in taken)
        {
            if (!_smallest.TryGetValue(item, out int smallest) || input.Length < _inputs[smallest].Length)
            {
                _smallest[item] = _inputs.Count;
            }
        }

        _inputs.Add(input);
        _favoured = [.. _smallest.Values.Distinct()];
    }

    // A fault of the same kind at the same place is reported once.
    private void Report(byte[] input, string fault)
    {
        string[] lines = fault.Split('\n');
        string place = lines.FirstOrDefault(line => line.Contains(" at Palimpsest.", StringComparison.Ordinal))?.Split('(')[0] ?? "";
        string kind = lines[0].Split(':')[0] + place;
        if (_faults.Add(kind))
        {
            string file = Path.Combine(_findings, $"{Name}-{HashOf(input)}");
            File.WriteAllBytes(file, input);
            File.WriteAllText(file + ".txt", fault);
            Console.Error.WriteLine($"{Name}: {file}: {lines[0]}{place}");
        }
    }

    private static string HashOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));
}
