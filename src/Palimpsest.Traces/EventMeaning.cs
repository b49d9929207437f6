using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>
/// Which fields of an event are wanted, by the kernel's names, and what their numbers say, however a recording stores them.
/// </summary>
internal sealed class EventMeaning
{
    private const int LargestOrder = 63;

    // mm_migrate_pages with reason contig_range (include/linux/migrate_mode.h); used where the recording has no table.
    private const ulong ContigRange = 6;

    private readonly TraceEventKind? _kind;
    private readonly string _name;
    private readonly ulong _contigRange;

    /// <param name="contigRange">Number of the reason contig_range, if the recording tells.</param>
    public EventMeaning(string name, TraceEventKind? kind, ulong? contigRange = null)
    {
        _name = OneLine.Quote(name);
        _kind = kind;
        _contigRange = contigRange ?? ContigRange;
        Fields = kind switch
        {
            TraceEventKind.Allocate =>
                [(EventRole.Page, "pfn"), (EventRole.Order, "order"), (EventRole.MigrateType, "migratetype"), (EventRole.Gfp, "gfp_flags")],
            TraceEventKind.Free => [(EventRole.Page, "pfn"), (EventRole.Order, "order")],
            TraceEventKind.FreeBatched => [(EventRole.Page, "pfn")],
            TraceEventKind.Refill =>
                [(EventRole.Page, "pfn"), (EventRole.Order, "order"), (EventRole.MigrateType, "migratetype"),
                (EventRole.Count, "percpu_refill")],
            TraceEventKind.Drain => [(EventRole.Page, "pfn"), (EventRole.Order, "order"), (EventRole.MigrateType, "migratetype")],
            TraceEventKind.ExternalFragmentation =>
                [(EventRole.Page, "pfn"), (EventRole.Order, "alloc_order"), (EventRole.MigrateType, "alloc_migratetype"),
                (EventRole.Count, "fallback_migratetype")],
            TraceEventKind.CmaAllocate or TraceEventKind.CmaRelease => [(EventRole.Page, "pfn"), (EventRole.Count, "count")],
            TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget => [(EventRole.Page, "pte"), (EventRole.Order, "order")],
            TraceEventKind.RangeMigration => [(EventRole.Count, "reason")],
            TraceEventKind.RangeIsolated => [(EventRole.Page, "start_pfn"), (EventRole.Count, "fin_pfn"), (EventRole.End, "end_pfn")],
            TraceEventKind.TaggedMapping => [(EventRole.Page, "b"), (EventRole.Count, "a")],
            TraceEventKind.FreeIsolated => [(EventRole.Page, "start_pfn"), (EventRole.Count, "nr_taken")],
            _ => TagStorageEvents.RecordFields(kind),
        };
    }

    /// <summary>Is the event kept, not only counted?</summary>
    public bool IsKept => _kind is not null;

    /// <summary>The fields that a <see cref="TraceEvent"/> is made of.</summary>
    public IReadOnlyList<(EventRole Role, string Name)> Fields { get; }

    /// <summary>Does every kernel that has the event have the field?</summary>
    public bool Requires(EventRole role) => _kind switch
    {
        TraceEventKind.Refill or TraceEventKind.ExternalFragmentation => role != EventRole.Count,
        TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget => role != EventRole.Order,
        _ => true,
    };

    /// <summary>What to say of an event that lacks a field.</summary>
    public string Lacks(string field) => $"{_name} of this kernel has no field {field}; give the text of /sys/kernel/tracing/trace instead";

    /// <summary>
    /// Makes an event of its numbers; false if it tells nothing worth keeping, or <paramref name="complaint"/> says what is wrong with it.
    /// </summary>
    /// <param name="values">Numbers with a sign extended to 64 bits.</param>
    /// <param name="hasCount">Does the recording have the field of <see cref="EventRole.Count"/>?</param>
    public bool TryDecode(in EventValues values, bool hasCount, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        complaint = null;
        if (_kind is not { } kind)
        {
            return false;
        }

        item.Kind = kind;
        ulong page = values[(int)EventRole.Page];
        ulong order = values[(int)EventRole.Order];
        ulong migrateType = values[(int)EventRole.MigrateType];
        item.Order = (byte)order;
        item.MigrateType = (byte)migrateType;
        if (order > LargestOrder || migrateType > byte.MaxValue)
        {
            complaint = $"{_name} has order {order} and migratetype {migrateType}, which no kernel has; the file is damaged, copy it again";
            return false;
        }

        ulong count = values[(int)EventRole.Count];
        switch (kind)
        {
            case TraceEventKind.Allocate:
                return TryDecodeAllocate(values[(int)EventRole.Gfp], page, gfpSets, ref item, out complaint);
            case TraceEventKind.CmaAllocate when page == ulong.MaxValue:
                return false;
            case TraceEventKind.MigrationSource:
                return SetPage(PageTableEntry.SwapPfnOf(page), ref item, out complaint);
            case TraceEventKind.MigrationTarget:
                item.Value = PageTableEntry.IsTagged(page) ? 1 : 0;
                return SetPage(PageTableEntry.PfnOf(page), ref item, out complaint);
            case TraceEventKind.TaggedMapping:
                return EventKinds.TryReadTaggedMapping(count, page, ref item);
            case TraceEventKind.RangeMigration:
                // MR_COMPACTION is the first of the reasons.
                item.Kind = count == 0 ? TraceEventKind.CompactionMigration : kind;
                return count == 0 || count == _contigRange;
            case TraceEventKind.RangeIsolated:
                return TryDecodeIsolated(page, values[(int)EventRole.End], count, ref item, out complaint);
            case >= TraceEventKind.StorageReserveBegin:
                TagStorageEvents.Compose(values, ref item);
                return SetPage(page, ref item, out complaint);
            case TraceEventKind.ExternalFragmentation when !hasCount:
                return TryDecodeCounted(page, (ulong)MigrateType.Movable, ref item, out complaint);
            case TraceEventKind.Refill when !hasCount:
                return TryDecodeCounted(page, order == 0 ? 1UL : 0UL, ref item, out complaint);
            default:
                return TryDecodeCounted(page, count, ref item, out complaint);
        }
    }

    private bool TryDecodeAllocate(ulong gfpFlags, ulong page, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        if (gfpSets.IndexOfNumber(gfpFlags) is not { } gfp)
        {
            complaint = GfpSetTable.TooMany;
            return false;
        }

        item.Gfp = gfp;
        if (page == ulong.MaxValue)
        {
            item.Kind = TraceEventKind.AllocateFailed;
            page = 0;
        }

        return SetPage(page, ref item, out complaint);
    }

    private bool TryDecodeIsolated(ulong start, ulong end, ulong found, ref TraceEvent item, out string? complaint)
    {
        item.Value = (int)(end - start);
        return SetPage(start, ref item, out complaint) && end > start && end - start <= int.MaxValue && end <= found;
    }

    // Events that print pfn 0 for "no page" store -1.
    private bool TryDecodeCounted(ulong page, ulong count, ref TraceEvent item, out string? complaint)
    {
        item.Value = (int)count;
        if (count > int.MaxValue)
        {
            complaint = $"{_name} counts {count} pages, more than {int.MaxValue}; the file is damaged, copy it again";
            return false;
        }

        return SetPage(page == ulong.MaxValue ? 0 : page, ref item, out complaint)
            && (item.Kind != TraceEventKind.FreeIsolated || count > 0);
    }

    private bool SetPage(ulong pfn, ref TraceEvent item, out string? complaint)
    {
        if (pfn > Pfn.MaxValue)
        {
            complaint = $"{_name} names pfn 0x{pfn:x}, more than 0x{Pfn.MaxValue:x}; the file is damaged, copy it again";
            return false;
        }

        complaint = null;
        item.Pfn = new Pfn(pfn);
        return true;
    }
}
