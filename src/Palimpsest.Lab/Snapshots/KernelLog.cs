using System.Globalization;
using System.Text.RegularExpressions;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>What a kernel says of its machine while it boots (dmesg); of most of it no other input tells.</summary>
public sealed partial class KernelLog
{
    // CONFIG_CMA_AREAS is 7 or 19; physical addresses have at most 52 bits.
    private const int MostPools = 64;
    private const ulong AddressEnd = 1UL << 52;
    private const ulong MostBytes = 1UL << 40;
    private const int LongestName = 64;

    // The default area, as the kernel calls it where it fails.
    private const string DefaultArea = "reserved";

    private readonly List<(PhysicalRange Range, string? Node)> _pools = [];
    private readonly List<(PhysicalRange Range, string Node)> _reusable = [];
    private readonly Dictionary<string, string> _compatible = [];
    private readonly List<string> _failed = [];

    private KernelLog(string place) => Place = place;

    /// <summary>Its file, for messages.</summary>
    public string Place { get; }

    /// <summary>Release, as uname -r prints it; null where the log begins later.</summary>
    public string? Release { get; private set; }

    /// <summary>What the bootloader passed; null where the log does not begin with the boot.</summary>
    public string? CommandLine { get; private set; }

    /// <summary>"Machine model:" of the device tree; null where the log does not say.</summary>
    public string? Model { get; private set; }

    /// <summary>RAM that the kernel counted, in bytes.</summary>
    public ulong? RamBytes { get; private set; }

    /// <summary>Does it have the beginning of the boot, where all areas are told?</summary>
    public bool HasBoot => Release is not null;

    /// <summary>CMA areas that are in use, where the kernel put them.</summary>
    public IReadOnlyList<CmaPool> CmaPools { get; private set; } = [];

    /// <summary>Names of areas that could not be set up: "reserved" is the default one.</summary>
    public IReadOnlyList<string> FailedPools => _failed;

    /// <summary>Reads a whole log.</summary>
    /// <param name="lines">With or without time stamps and priorities.</param>
    /// <param name="place">Name of the file, for messages.</param>
    public static KernelLog Read(IEnumerable<string> lines, string place)
    {
        KernelLog log = new(place);
        foreach (string line in lines)
        {
            log.Read(line);
        }

        log.Settle();
        return log;
    }

    private void Read(string line)
    {
        if (line.Contains("Linux version ", StringComparison.Ordinal) && Version().Match(line) is { Success: true } version)
        {
            Release ??= version.Groups[1].Value;
        }
        else if (After(line, "Kernel command line: ") is { } command)
        {
            CommandLine ??= command;
        }
        else if (After(line, "Machine model: ") is { } model)
        {
            Model ??= OneLine.Quote(model, LongestName);
        }
        else if (line.Contains("Memory: ", StringComparison.Ordinal) && Memory().Match(line) is { Success: true } memory)
        {
            RamBytes ??= Number(memory.Groups[1].Value) << 10;
        }
        else if (line.Contains("CMA", StringComparison.Ordinal) || line.Contains("cma", StringComparison.Ordinal)
            || line.Contains("eserved mem", StringComparison.Ordinal))
        {
            ReadReserved(line);
        }
    }

    private static string? After(string line, string words)
    {
        int at = line.IndexOf(words, StringComparison.Ordinal);
        return at < 0 ? null : line[(at + words.Length)..].TrimEnd();
    }

    private void ReadReserved(string line)
    {
        if (Reserved().Match(line) is { Success: true } reserved)
        {
            Add(reserved, 20, DefaultArea);
        }
        else if (Created().Match(line) is { Success: true } created)
        {
            Add(created, 20, node: null);
        }
        else if (Mapped().Match(line) is { Success: true } mapped && RangeOf(mapped, 10) is { } range && _reusable.Count < MostPools)
        {
            _reusable.Add((range, mapped.Groups["node"].Value));
        }
        else if (Initialized().Match(line) is { Success: true } node && _compatible.Count < MostPools)
        {
            _compatible.TryAdd(node.Groups["node"].Value, node.Groups["compatible"].Value);

            // The line before gave its place.
            if (_pools.Count > 0 && _pools[^1].Node is null && node.Groups["compatible"].Value == "shared-dma-pool")
            {
                _pools[^1] = (_pools[^1].Range, node.Groups["node"].Value);
            }
        }
        else if (Failed().Match(line) is { Success: true } failed && _failed.Count < MostPools)
        {
            _failed.Add(failed.Groups["node"].Value is { Length: > 0 } name ? name : DefaultArea);
        }
    }

    private void Add(Match match, int unitBits, string? node)
    {
        if (RangeOf(match, unitBits) is { } range && _pools.Count < MostPools && !_pools.Exists(other => other.Range.Overlaps(range)))
        {
            _pools.Add((range, node));
        }
    }

    // Nodes that are mapped and reusable are CMA pools, unless the kernel says that they are something else.
    private void Settle()
    {
        foreach ((PhysicalRange range, string node) in _reusable)
        {
            int known = _pools.FindIndex(pool => pool.Range.Overlaps(range));
            if (known >= 0)
            {
                _pools[known] = (_pools[known].Range, node);
            }
            else if (_compatible.GetValueOrDefault(node, "shared-dma-pool") == "shared-dma-pool")
            {
                _pools.Add((range, node));
            }
        }

        CmaPools = [.. _pools.Where(pool => !IsFailed(pool.Node)).Select(pool => new CmaPool(pool.Range, IsDynamic: false,
            "cma of the kernel log"))];
    }

    private bool IsFailed(string? node) => node is null ? _failed.Count > 0 && _pools.Count == 1 : _failed.Contains(node);

    // "0x2ac00000, size 64 MiB", or "0x2ac00000..0x2ebfffff (65536 KiB)".
    private static PhysicalRange? RangeOf(Match match, int unitBits)
    {
        bool isPlace = ulong.TryParse(match.Groups["at"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong at)
            && at < AddressEnd;
        ulong units = Number(match.Groups["size"].Value);
        return isPlace && units > 0 && units <= MostBytes >> unitBits && units << unitBits <= AddressEnd - at
            ? new PhysicalRange(new PhysicalAddress(at), units << unitBits)
            : null;
    }

    private static ulong Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number < 1UL << 42 ? number : 0;

    [GeneratedRegex(@"Linux version ([0-9][0-9A-Za-z.+~_-]{1,63}) ")]
    private static partial Regex Version();

    // "Memory: 98324K/2097152K available"
    [GeneratedRegex(@"Memory: \d{1,12}K/(\d{1,12})K available")]
    private static partial Regex Memory();

    [GeneratedRegex(@"cma: Reserved (?<size>\d{1,7}) MiB at 0x(?<at>[0-9a-f]{1,16})")]
    private static partial Regex Reserved();

    [GeneratedRegex(@"created CMA memory pool at 0x(?<at>[0-9a-f]{1,16}), size (?<size>\d{1,7}) MiB")]
    private static partial Regex Created();

    // Since 6.4: "OF: reserved mem: 0x000000002ac00000..0x000000002ebfffff (65536 KiB) map reusable linux,cma"
    [GeneratedRegex(@"0x(?<at>[0-9a-f]{1,16})\.\.0x[0-9a-f]{1,16} \((?<size>\d{1,11}) KiB\) map reusable (?<node>\S{1,64})")]
    private static partial Regex Mapped();

    [GeneratedRegex(@"initialized node (?<node>[^\s,]\S{0,63}), compatible id (?<compatible>\S{1,64})")]
    private static partial Regex Initialized();

    [GeneratedRegex(@"(?:CMA area (?<node>\S{1,64}) could not be activated|cma: Failed to reserve \d{1,7} MiB"
        + @"|(?:failed to (?:allocate|reserve) memory for|invalid \w+ property in) (?:node )?'(?<node>[^']{1,64})'"
        + @"|node (?<node>\S{1,64}) compatible matching fail|bypass (?<node>\S{1,64}) node, using cmdline)")]
    private static partial Regex Failed();
}
