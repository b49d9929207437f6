namespace Palimpsest.Lab.Facts;

/// <summary>Which contradictions leave no answer, and what to say of the others.</summary>
internal static class FactRules
{
    // Firmware, crash kernels and holes take some; a machine with so much less or more is another.
    private const ulong LargestRamDifference = 8;

    public static string Name(FactKind kind) => kind switch
    {
        FactKind.PageSize => "the page size is",
        FactKind.PageBlockOrder => "the order of a pageblock is",
        FactKind.Release => "the release of Linux is",
        FactKind.Ram => "the machine has",
        FactKind.RamStart => "RAM begins at",
        FactKind.Cma => "CMA areas have",
        _ => "CPUs:",
    };

    /// <summary>What to do where both cannot be used together; null where a note will do.</summary>
    public static string? Refusal(Fact best, Fact other) => best.Kind switch
    {
        FactKind.PageSize when other.Source > FactSource.Assumption =>
            "give the --page-size of the recorded kernel, or inputs of one machine",
        FactKind.Ram => Ram(best, other),
        FactKind.RamStart when other.Source > FactSource.Assumption =>
            "these are two machines; give the --board, or the --snapshot, of the recorded one",
        _ => null,
    };

    /// <summary>A default that a word replaces is no contradiction.</summary>
    public static bool IsReplaced(Fact other) => other is { Source: FactSource.Assumption, Kind: FactKind.PageSize };

    public static string Note(Fact best, Fact other) =>
        $"Told twice: {Name(best.Kind)} {best.Text} by {best.Place}, {other.Text} by {other.Place}; the first is believed.";

    private static string? Ram(Fact best, Fact other)
    {
        foreach (ulong factor in (ulong[])[4, 16])
        {
            if (IsNear(best.Value * factor, other.Value) || IsNear(best.Value, other.Value * factor))
            {
                return "that is the same number of bytes with pages of another size; give the --page-size of the recorded kernel";
            }
        }

        ulong difference = Math.Max(best.Value, other.Value) - Math.Min(best.Value, other.Value);
        return difference > Math.Max(best.Value, other.Value) / LargestRamDifference
            ? "these are two machines; give the --board or --ram, or the --snapshot, of the recorded one"
            : null;
    }

    // Some memory is kept from the kernel, and RAM is cut to whole pages.
    private static bool IsNear(ulong one, ulong other) => Math.Max(one, other) - Math.Min(one, other) <= Math.Max(one, other) / 32;
}
