using System.Globalization;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Vocabulary;

namespace Palimpsest.Designs;

/// <summary>Reads and prints the parameters of a design.</summary>
internal static class ParameterSyntax
{
    public const string Attempts = "attempts";
    public const string FastPath = "fast-path";
    public const string Pages = "pages";
    public const string Use = "use";
    public const string Candidates = "candidates";
    public const string Block = "block";
    public const string BlockLoop = "block-loop";
    public const string Pack = "pack";
    public const string Slack = "slack";
    public const string Persist = "persist";
    public const string Ready = "ready";
    public const string Rate = "rate";
    public const string Boot = "boot";
    public const string GiveBack = "give-back";

    private static readonly (string Word, StorageUse Use)[] Uses =
    [
        ("first", StorageUse.First),
        ("balanced", StorageUse.Balanced),
        ("after-own", StorageUse.AfterOwnType),
        ("after-cma", StorageUse.AfterCma),
        ("last", StorageUse.Last),
    ];

    /// <exception cref="UsageException">The value is not one of those allowed.</exception>
    public static DesignParameters Set(DesignParameters parameters, string design, string name, string value) => name switch
    {
        Attempts => parameters with { Attempts = Number(design, name, value, 1, 100) },
        FastPath => parameters with { FastPath = Switch(design, name, value) },
        Pages => parameters with { PageAttempts = Number(design, name, value, 1, 100) },
        Use => parameters with { Use = UseOf(design, name, value) },
        Candidates => parameters with { CandidateRetries = Number(design, name, value, 0, 10_000) },
        Block => parameters with { BlockBytes = Size(design, name, value) },
        Pack => parameters with { Packs = Switch(design, name, value) },
        Slack => parameters with { SlackPercent = Number(design, name, value, 0, 1_000) },
        Persist => parameters with { PersistMs = Number(design, name, value, 0, 60_000) },
        Ready => parameters with { Ready = Number(design, name, value, 0, 1_024) },
        Rate => parameters with { Rate = Number(design, name, value, 1, 1_000_000) },
        Boot => parameters with { BootShare = Number(design, name, value, 0, 1_000) },
        GiveBack => parameters with { KeepsFreeCells = GiveBackOf(design, value) },
        BlockLoop => parameters with { LoopsToLastBlock = LoopOf(design, value) },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a parameter"),
    };

    public static string Print(DesignParameters parameters, string name) => name switch
    {
        Attempts => Text(parameters.Attempts),
        FastPath => parameters.FastPath ? "on" : "off",
        Pages => Text(parameters.PageAttempts),
        Use => Uses.First(entry => entry.Use == parameters.Use).Word,
        Candidates => Text(parameters.CandidateRetries),
        Block => Text(parameters.BlockBytes),
        Pack => parameters.Packs ? "on" : "off",
        Slack => Text(parameters.SlackPercent),
        Persist => Text(parameters.PersistMs),
        Ready => Text(parameters.Ready),
        Rate => Text(parameters.Rate),
        Boot => Text(parameters.BootShare),
        GiveBack => parameters.KeepsFreeCells ? "spent" : "tagged",
        BlockLoop => parameters.LoopsToLastBlock ? "right" : "mailed",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a parameter"),
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string design, string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Bad(design, name, value, $"a number from {least} to {most}");

    /// <summary>Bytes, or K or M of them, as sizes are written elsewhere.</summary>
    private static int Size(string design, string name, string value)
    {
        const int Most = 1 << 24;
        int shift = value.Length == 0 ? 0 : char.ToUpperInvariant(value[^1]) switch { 'K' => 10, 'M' => 20, _ => 0 };
        return int.TryParse(shift == 0 ? value : value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= Most >> shift
            ? number << shift
            : throw Bad(design, name, value, "a size up to 16M, e.g. 64K");
    }

    private static bool Switch(string design, string name, string value) => value switch
    {
        "on" => true,
        "off" => false,
        _ => throw Bad(design, name, value, "on or off"),
    };

    private static bool LoopOf(string design, string value) => value switch
    {
        "right" => true,
        "mailed" => false,
        _ => throw Bad(design, BlockLoop, value, "right or mailed"),
    };

    private static bool GiveBackOf(string design, string value) => value switch
    {
        "spent" => true,
        "tagged" => false,
        _ => throw Bad(design, GiveBack, value, "tagged or spent"),
    };

    private static StorageUse UseOf(string design, string name, string value)
    {
        foreach ((string word, StorageUse use) in Uses)
        {
            if (word == value)
            {
                return use;
            }
        }

        throw Bad(design, name, value, string.Join(", ", Uses.Select(entry => entry.Word)));
    }

    private static UsageException Bad(string design, string name, string value, string wanted) =>
        new($"--design {design}: {name}={value} is not valid; give {wanted}");
}
