using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Sweeps.Cells;

/// <summary>What a cell does.</summary>
public enum CellVerb
{
    /// <summary>Replays a recording.</summary>
    Compare,

    /// <summary>Runs a workload on the running system.</summary>
    Run,

    /// <summary>Runs random programs under random schedules.</summary>
    Beyond,
}

/// <summary>All that a cell is told but for the design and the seed: designs are held against each other within one.</summary>
public sealed record CellSetting(CellVerb Verb)
{
    /// <summary>Of compare: how full memory is before a replay begins.</summary>
    public MemoryView View { get; init; }

    /// <summary>Of compare alone, as the next two.</summary>
    public CellInput? Recording { get; init; }

    /// <summary>Device tree; null where the snapshot tells the memory.</summary>
    public CellInput? Board { get; init; }

    /// <summary>Packed folder of /proc files; null without one.</summary>
    public CellInput? Snapshot { get; init; }

    /// <summary>RAM; null as the board has it.</summary>
    public ulong? RamMib { get; init; }

    /// <summary>Release of Linux whose rules count; null as recorded.</summary>
    public string? Release { get; init; }

    /// <summary>As <c>--tag-source</c> has it.</summary>
    public string TagSource { get; init; } = "flag";

    /// <summary>Share of movable pages that cannot be migrated, 0 to 1.</summary>
    public double Pinned { get; init; }

    /// <summary>Of run alone, as the next five; null takes what the workload takes by itself.</summary>
    public string? Workload { get; init; }

    /// <summary>Memory that the workload wants.</summary>
    public ulong? SizeMib { get; init; }

    /// <summary>Units of its work.</summary>
    public int? Steps { get; init; }

    /// <summary>Share of heaps that is PROT_MTE at the start, 0 to 1.</summary>
    public double TaggedFrom { get; init; }

    /// <summary>The same at the end.</summary>
    public double TaggedTo { get; init; }

    /// <summary>Swap, compressed.</summary>
    public ulong? SwapMib { get; init; }

    /// <summary>Of beyond alone, as the next.</summary>
    public int Programs { get; init; }

    /// <summary>Schedules of each program.</summary>
    public int Schedules { get; init; }

    /// <summary>Chance decides too: cells differ by their seeds.</summary>
    public bool HasChance => Verb != CellVerb.Compare || View == MemoryView.Full;

    /// <summary>Half of what <see cref="Cell.Key"/> is made of: inputs by what is in them, not by their names.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Verb} {View}\nrecording {Recording?.Sha256}\n"
        + $"board {Board?.Sha256}\nsnapshot {Snapshot?.Sha256}\nram {RamMib}\nrelease {Release}\ntags {TagSource}\npinned {Pinned:R}\n"
        + $"workload {Workload} {SizeMib} {Steps} {TaggedFrom:R} {TaggedTo:R} {SwapMib}\nbeyond {Programs} {Schedules}\n");
}

/// <summary>The least that is computed at once, and never twice: one design in one setting with one seed.</summary>
/// <param name="Design">NAME, or NAME:PARAMETER=VALUE,... of what is not as the design has it by itself.</param>
/// <param name="Seed">0 where nothing is left to chance.</param>
public sealed record Cell(CellSetting Setting, string Design, ulong Seed)
{
    private const string Version = "palimpsest cell 1";

    /// <summary>A hash of everything that decides what the cell gives: this, the inputs, and the program.</summary>
    /// <param name="build">The program, as <see cref="BuildIdentity"/> has it.</param>
    public CellKey Key(string build) => KeyOf(build, Setting.Text, Design, Seed);

    internal static CellKey KeyOf(string build, string setting, string design, ulong seed) => CellKey.Of(string.Create(
        CultureInfo.InvariantCulture, $"{Version}\nbuild {build}\n{setting}design {design}\nseed {seed}\n"));
}

/// <summary>The first 128 bits of a SHA-256.</summary>
public readonly record struct CellKey(UInt128 Value)
{
    private const int Bytes = 16;

    /// <summary>Of the UTF-8 bytes of a text.</summary>
    public static CellKey Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new CellKey(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    /// <summary>Reads 32 lower-case hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CellKey key)
    {
        bool isKey = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 value)
            && text.Length == 2 * Bytes;
        key = new CellKey(value);
        return isKey;
    }

    /// <summary>32 digits, hexadecimal.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
