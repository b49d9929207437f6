using Palimpsest.Traces.FtraceText;

namespace Palimpsest.Traces;

/// <summary>
/// The events of a kernel that runs RFC v3 (trace system mts, and the range allocations of its CMA areas): what their fields
/// are called, in text and in records, and how a <see cref="TraceEvent"/> holds them.
/// </summary>
// A TraceEvent has no room for names of its own: MigrateType holds how it went, Gfp two small numbers, Value a count, a pfn's low
// 31 bits or the flags of a fault.
public static class TagStorageEvents
{
    /// <summary>Where a reservation is made: the allocation hook, the handler of fault-on-access.</summary>
    public const int InAllocation = 0;

    /// <summary>As <see cref="InAllocation"/>.</summary>
    public const int InFault = 1;

    /// <summary>How a block came: straight off the buddy lists.</summary>
    public const int StraightOff = 1;

    private const int MostSmall = byte.MaxValue;

    private static readonly string[] Wheres = ["alloc", "fault", "init"];
    private static readonly string[] Paths = ["flag", "present", "free", "contig", "mixed", "failed", "nomap"];
    private static readonly string[] BlockSteps = ["contig", "free", "release", "unwind"];
    private static readonly string[] Outcomes = ["map", "retry", "replay", "replace", "isolated_retry", "isolated_replay"];
    private static readonly string[] TagOrigins = ["map", "zero", "copy", "swap", "saved"];
    private static readonly string[] SavedSteps = ["swapin", "copy", "move", "restore", "drop", "lost", "to_hw"];

    private static readonly Form[] Forms =
    [
        new("mts_reserve_start", TraceEventKind.StorageReserveBegin,
            [new(EventRole.Page, "pfn"), new(EventRole.Order, "order"), new(EventRole.Count, "block"), new(EventRole.End, "nblocks"),
            new(EventRole.Gfp, "where", Wheres)]),
        new("mts_reserve", TraceEventKind.StorageReserve,
            [new(EventRole.Page, "pfn"), new(EventRole.Order, "order"), new(EventRole.MigrateType, "path", Paths),
            new(EventRole.Count, "block"), new(EventRole.End, "nblocks"), new(EventRole.Gfp, "where", Wheres)]),
        new("mts_block", TraceEventKind.StorageBlock,
            [new(EventRole.Page, "block"), new(EventRole.Count, "pages", Record: "count"), new(EventRole.MigrateType, "how", BlockSteps),
            new(EventRole.End, "op", ["put", "take"], "take")]),
        new("mts_free", TraceEventKind.StorageFree,
            [new(EventRole.Page, "pfn"), new(EventRole.Order, "order"), new(EventRole.Count, "block"), new(EventRole.End, "released"),
            new(EventRole.Gfp, "nblocks"), new(EventRole.MigrateType, "tagged")]),
        new("mts_mark", TraceEventKind.StorageMark,
            [new(EventRole.Page, "pfn"), new(EventRole.Count, "nr"), new(EventRole.End, "missing")]),
        new("mts_fault", TraceEventKind.StorageFault,
            [new(EventRole.Page, "pfn"), new(EventRole.Order, "order"), new(EventRole.MigrateType, "outcome", Outcomes),
            new(EventRole.End, "storage"), new(EventRole.Gfp, "ret", IsError: true), new(EventRole.Count, "flags")]),
        new("mts_tagged", TraceEventKind.StorageTagged,
            [new(EventRole.Page, "pfn"), new(EventRole.MigrateType, "how", TagOrigins)]),
        new("mts_saved", TraceEventKind.TagsSaved,
            [new(EventRole.Page, "pfn"), new(EventRole.Count, "from"), new(EventRole.MigrateType, "op", SavedSteps)]),
        new("cma_alloc_range_start", TraceEventKind.ExactRangeBegin,
            [new(EventRole.Page, "start", IsHex: true), new(EventRole.Count, "count")]),
        new("cma_alloc_range_finish", TraceEventKind.ExactRangeEnd,
            [new(EventRole.Page, "start", IsHex: true), new(EventRole.Count, "count"), new(EventRole.End, "attempts"),
            new(EventRole.Gfp, "err", IsError: true), new(EventRole.MigrateType, "free", Record: "was_free")]),
    ];

    /// <summary>Where a reservation was made: alloc, fault or init.</summary>
    public static int WhereOf(in TraceEvent at) => at.Gfp >> 8;

    /// <summary>Blocks that a reservation or a free names; blocks that a free releases are in <see cref="SmallOf"/>.</summary>
    public static int BlocksOf(in TraceEvent at) => at.Kind == TraceEventKind.StorageFree ? at.Gfp >> 8 : at.Gfp & MostSmall;

    /// <summary>
    /// Blocks released of a free, 1 for a block that is taken, pages without storage of a mark (255 at most), 1 for a fault on tag
    /// storage, attempts of a range.
    /// </summary>
    public static int SmallOf(in TraceEvent at) => at.Gfp & MostSmall;

    /// <summary>Did a fault's replacement or a range end with an error?</summary>
    public static bool HasFailed(in TraceEvent at) => at.Gfp >> 8 != 0;

    /// <summary>Was a recording made by a kernel that lends its tag storage, and says so?</summary>
    public static bool AreIn(Trace trace) => trace.EventsByType.Any(entry => entry.Key.StartsWith("mts_", StringComparison.Ordinal));

    internal static TraceEventKind? KindOf(ReadOnlySpan<byte> name)
    {
        foreach (Form form in Forms)
        {
            if (System.Text.Ascii.Equals(name, form.Name))
            {
                return form.Kind;
            }
        }

        return null;
    }

    internal static string NameOf(TraceEventKind kind) => FormOf(kind)?.Name ?? "";

    /// <summary>The fields of an event's records; none for events of other systems.</summary>
    internal static IReadOnlyList<(EventRole Role, string Name)> RecordFields(TraceEventKind? kind) =>
        kind is { } known && FormOf(known) is { } form ? [.. form.Fields.Select(field => (field.Role, field.Record ?? field.Text))] : [];

    /// <summary>Reads the numbers of an event's text; false if it has a word that no kernel of the proposal prints.</summary>
    internal static bool TryRead(PayloadFields fields, TraceEventKind kind, out EventValues values)
    {
        values = default;
        foreach (Field field in FormOf(kind)!.Fields)
        {
            if (!fields.Has(field.Key))
            {
                return false;
            }

            ReadOnlySpan<byte> word = fields.Word(field.Key);
            int number = field.Words is { } words ? IndexOf(words, word) : 0;
            if (number < 0)
            {
                return false;
            }

            values[(int)field.Role] = field.Words is not null ? (ulong)number
                : field.IsError ? (word.SequenceEqual("0"u8) ? 0UL : 1)
                : fields.Number(field.Key, field.IsHex);
        }

        return true;
    }

    /// <summary>Fills in what is not the page, its order and how it went.</summary>
    internal static void Compose(in EventValues values, ref TraceEvent item)
    {
        ulong error = values[(int)EventRole.Gfp];
        item.Value = (int)(values[(int)EventRole.Count] & int.MaxValue);
        item.Gfp = (ushort)((Math.Min(error, MostSmall) << 8) | Math.Min(values[(int)EventRole.End], MostSmall));
    }

    private static int IndexOf(string[] words, ReadOnlySpan<byte> word)
    {
        int at = words.Length - 1;
        while (at >= 0 && !System.Text.Ascii.Equals(word, words[at]))
        {
            at--;
        }

        return at;
    }

    private static Form? FormOf(TraceEventKind kind) => Array.Find(Forms, form => form.Kind == kind);

    private sealed record Form(string Name, TraceEventKind Kind, Field[] Fields);

    /// <param name="Words">What the text has in place of the numbers from 0 on.</param>
    /// <param name="Record">Its name in records, where that is another.</param>
    /// <param name="IsError">Below 0 for an error, of which only that it is one counts.</param>
    private sealed record Field(
        EventRole Role, string Text, string[]? Words = null, string? Record = null, bool IsHex = false, bool IsError = false)
    {
        public byte[] Key { get; } = System.Text.Encoding.ASCII.GetBytes(Text);
    }
}
