using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Traces.Records;

/// <summary>Where an event's records keep what a <see cref="TraceEvent"/> needs, by the names in the event's format.</summary>
internal sealed class RecordLayout
{
    private const int LargestOrder = 63;

    // mm_migrate_pages with reason contig_range (include/linux/migrate_mode.h); used where the format's table is unreadable.
    private const ulong ContigRange = 6;

    private readonly TraceEventKind? _kind;
    private readonly string _name;
    private readonly string? _missing;
    private readonly RecordField _page;
    private readonly RecordField _order;
    private readonly RecordField _migrateType;
    private readonly RecordField _gfp;
    private readonly RecordField _count;
    private readonly RecordField _end;
    private readonly int _leastLength;
    private readonly ulong _contigRange = ContigRange;

    public RecordLayout(EventFormat format, int slot)
    {
        Slot = slot;
        _name = format.Name;
        _kind = EventKinds.Of(Encoding.UTF8.GetBytes(format.Name));
        (string Page, string Order, string MigrateType, string Gfp, string Count, string End) names = _kind switch
        {
            TraceEventKind.Allocate => ("pfn", "order", "migratetype", "gfp_flags", "", ""),
            TraceEventKind.Free => ("pfn", "order", "", "", "", ""),
            TraceEventKind.FreeBatched => ("pfn", "", "", "", "", ""),
            TraceEventKind.Refill or TraceEventKind.Drain => ("pfn", "order", "migratetype", "", "", ""),
            TraceEventKind.ExternalFragmentation => ("pfn", "alloc_order", "alloc_migratetype", "", "", ""),
            TraceEventKind.CmaAllocate or TraceEventKind.CmaRelease => ("pfn", "", "", "", "count", ""),
            TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget => ("pte", "", "", "", "", ""),
            TraceEventKind.RangeMigration => ("", "", "", "", "reason", ""),
            TraceEventKind.RangeIsolated => ("start_pfn", "", "", "", "fin_pfn", "end_pfn"),
            TraceEventKind.TaggedMapping => ("b", "", "", "", "a", ""),
            TraceEventKind.FreeIsolated => ("start_pfn", "", "", "", "nr_taken", ""),
            _ => default,
        };
        string? missing = null;
        _page = Find(names.Page);
        _order = Find(names.Order);
        _migrateType = Find(names.MigrateType);
        _gfp = Find(names.Gfp);
        _count = Find(names.Count);
        _end = Find(names.End);
        if (_kind == TraceEventKind.Refill)
        {
            _count = format.Field("percpu_refill");
        }

        if (_kind is TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget)
        {
            _order = format.Field("order");
        }

        if (_kind == TraceEventKind.RangeMigration
            && PrintTable.Find(format.Print, "__print_symbolic", "reason").Find(entry => entry.Name == "contig_range") is { Name: not null } reason)
        {
            _contigRange = reason.Value;
        }

        _missing = missing is null ? null : $"{_name} of this kernel has no field {missing}; give the text of /sys/kernel/tracing/trace instead";
        _leastLength = new[] { _page, _order, _migrateType, _gfp, _count, _end }.Max(field => field.End);

        RecordField Find(string? name)
        {
            RecordField field = string.IsNullOrEmpty(name) ? default : format.Field(name);
            missing ??= string.IsNullOrEmpty(name) || field.Exists ? null : name;
            return field;
        }
    }

    /// <summary>Number under which the event is counted.</summary>
    public int Slot { get; }

    /// <summary>Reads a record; false if it tells nothing worth keeping, or <paramref name="complaint"/> says what is wrong with it.</summary>
    public bool TryDecode(ReadOnlySpan<byte> record, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        complaint = null;
        if (_kind is not { } kind)
        {
            return false;
        }

        if (_missing is not null || record.Length < _leastLength)
        {
            complaint = _missing ?? $"{_name} has {record.Length} bytes, fewer than its format says; the file is damaged, copy it again";
            return false;
        }

        item.Kind = kind;
        ulong page = _page.Read(record);
        ulong order = _order.Read(record);
        ulong migrateType = _migrateType.Read(record);
        item.Order = (byte)order;
        item.MigrateType = (byte)migrateType;
        if (order > LargestOrder || migrateType > byte.MaxValue)
        {
            complaint = $"{_name} has order {order} and migratetype {migrateType}, which no kernel has; the file is damaged, copy it again";
            return false;
        }

        return kind switch
        {
            TraceEventKind.Allocate => TryDecodeAllocate(record, page, gfpSets, ref item, out complaint),
            TraceEventKind.CmaAllocate when page == ulong.MaxValue => false,
            TraceEventKind.MigrationSource => SetPage(PageTableEntry.SwapPfnOf(page), ref item, out complaint),
            TraceEventKind.MigrationTarget => DecodeTarget(page, ref item, out complaint),
            TraceEventKind.TaggedMapping => EventKinds.TryReadTaggedMapping(_count.Read(record), page, ref item),
            TraceEventKind.RangeMigration => _count.Read(record) == _contigRange,
            TraceEventKind.RangeIsolated => TryDecodeIsolated(record, page, ref item, out complaint),
            _ => TryDecodeCounted(record, page, ref item, out complaint),
        };
    }

    private bool TryDecodeAllocate(ReadOnlySpan<byte> record, ulong page, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        if (gfpSets.IndexOfNumber(_gfp.Read(record)) is not { } gfp)
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

    private bool DecodeTarget(ulong entry, ref TraceEvent item, out string? complaint)
    {
        item.Value = PageTableEntry.IsTagged(entry) ? 1 : 0;
        return SetPage(PageTableEntry.PfnOf(entry), ref item, out complaint);
    }

    private bool TryDecodeIsolated(ReadOnlySpan<byte> record, ulong start, ref TraceEvent item, out string? complaint)
    {
        ulong end = _end.Read(record);
        item.Value = (int)(end - start);
        return SetPage(start, ref item, out complaint) && end > start && end - start <= int.MaxValue && end <= _count.Read(record);
    }

    // Events that print pfn 0 for "no page" store -1.
    private bool TryDecodeCounted(ReadOnlySpan<byte> record, ulong page, ref TraceEvent item, out string? complaint)
    {
        ulong count = _count.Read(record);
        item.Value = item.Kind == TraceEventKind.Refill && !_count.Exists ? item.Order == 0 ? 1 : 0 : (int)count;
        if (count > int.MaxValue)
        {
            complaint = $"{_name} counts {count} pages, more than {int.MaxValue}; the file is damaged, copy it again";
            return false;
        }

        return SetPage(page == ulong.MaxValue ? 0 : page, ref item, out complaint) && (item.Kind != TraceEventKind.FreeIsolated || count > 0);
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
