using System.Globalization;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Turns an event's payload into a <see cref="TraceEvent"/>: the exact way, by keys.</summary>
internal sealed class EventDecoder(GfpSetTable gfpSets, TextPosition position)
{
    /// <summary>Reads a payload of the kind in <paramref name="item"/>; false if it tells nothing worth keeping.</summary>
    public bool TryDecode(PayloadFields fields, ref TraceEvent item)
    {
        switch (item.Kind)
        {
            case TraceEventKind.Allocate:
                DecodeAllocate(fields, ref item);
                return true;
            case TraceEventKind.Free:
                item.Pfn = fields.Pfn();
                item.Order = (byte)fields.Order("order"u8);
                return true;
            case TraceEventKind.FreeBatched:
                item.Pfn = fields.Pfn();
                item.Order = fields.Has("order"u8) ? (byte)fields.Order("order"u8) : (byte)0;
                return true;
            case TraceEventKind.Refill or TraceEventKind.Drain:
                DecodeMove(fields, ref item);
                return true;
            case TraceEventKind.ExternalFragmentation:
                item.Pfn = fields.Pfn();
                item.Order = (byte)fields.Order("alloc_order"u8);
                item.MigrateType = fields.MigrateType("alloc_migratetype"u8);
                item.Value = fields.Has("fallback_migratetype"u8) ? fields.MigrateType("fallback_migratetype"u8)
                    : (int)MigrateType.Movable;
                return true;
            case TraceEventKind.CmaAllocate or TraceEventKind.CmaRelease:
                return TryDecodeCma(fields, ref item);
            case TraceEventKind.RangeMigration:
                bool isCompaction = fields.Word("reason"u8).SequenceEqual("compaction"u8) || fields.Word("reason"u8).SequenceEqual("0"u8);
                item.Kind = isCompaction ? TraceEventKind.CompactionMigration : item.Kind;
                return isCompaction || fields.Word("reason"u8).StartsWith("contig_range"u8) || fields.Word("reason"u8).SequenceEqual("6"u8);
            case TraceEventKind.RangeIsolated:
                return TryDecodeIsolated(fields, ref item);
            case TraceEventKind.FreeIsolated:
                return TryDecodeTaken(fields, ref item);
            case TraceEventKind.TaggedMapping:
                return fields.Has("a"u8) && fields.Has("b"u8)
                    && EventKinds.TryReadTaggedMapping(fields.Number("a"u8), fields.Number("b"u8), ref item);
            case TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget:
                DecodeMigration(fields, ref item);
                return true;
            default:
                return TryDecodeTagStorage(fields, ref item);
        }
    }

    // The kernel prints pfn 0 for "no page", which is also the number of a real one; the page pointer tells. With trace
    // option fields it prints the number it has stored, -1.
    private void DecodeAllocate(PayloadFields fields, ref TraceEvent item)
    {
        ulong pfn = fields.Number("pfn"u8);
        if (pfn == ulong.MaxValue || (pfn == 0 && fields.HasNullPage()))
        {
            item.Kind = TraceEventKind.AllocateFailed;
            item.Pfn = default;
        }
        else
        {
            item.Pfn = fields.Pfn();
        }

        item.Order = (byte)fields.Order("order"u8);
        item.MigrateType = fields.MigrateType("migratetype"u8);
        item.Gfp = gfpSets.IndexOf(fields.Word("gfp_flags"u8), position);
    }

    private static void DecodeMove(PayloadFields fields, ref TraceEvent item)
    {
        item.Pfn = fields.Pfn();
        item.Order = (byte)fields.Order("order"u8);
        item.MigrateType = fields.MigrateType("migratetype"u8);
        if (item.Kind == TraceEventKind.Refill)
        {
            // Old kernels store no such field and print order == 0 in its place.
            item.Value = fields.Has("percpu_refill"u8) ? (int)fields.Number("percpu_refill"u8, int.MaxValue) : item.Order == 0 ? 1 : 0;
        }
    }

    // Up to 5.10 these, and only these, print hexadecimal without 0x. A failed allocation has pfn -1.
    private static bool TryDecodeCma(PayloadFields fields, ref TraceEvent item)
    {
        ulong pfn = fields.Number("pfn"u8, isHex: true);
        item.Value = (int)fields.Number("count"u8, int.MaxValue);
        if (item.Kind == TraceEventKind.CmaAllocate && (pfn == ulong.MaxValue || fields.HasNullPage()))
        {
            return false;
        }

        item.Pfn = new Pfn(fields.Number("pfn"u8, Pfn.MaxValue, isHex: true));
        return true;
    }

    private static bool TryDecodeIsolated(PayloadFields fields, ref TraceEvent item)
    {
        ulong start = fields.Number("start_pfn"u8, Pfn.MaxValue);
        ulong end = fields.Number("end_pfn"u8, Pfn.MaxValue);
        bool isSuccess = fields.Has("ret"u8) ? fields.Word("ret"u8).StartsWith("success"u8) : end <= fields.Number("fin_pfn"u8);
        if (!isSuccess || end <= start || end - start > int.MaxValue)
        {
            return false;
        }

        item.Pfn = new Pfn(start);
        item.Value = (int)(end - start);
        return true;
    }

    /// <summary>"range=(0x4a000 ~ 0x4a200) nr_scanned=1024 nr_taken=1024", or with start_pfn= where trace-cmd prints fields.</summary>
    private static bool TryDecodeTaken(PayloadFields fields, ref TraceEvent item)
    {
        if (fields.Has("start_pfn"u8))
        {
            item.Pfn = new Pfn(fields.Number("start_pfn"u8, Pfn.MaxValue));
            item.Value = (int)fields.Number("nr_taken"u8, int.MaxValue);
            return item.Value > 0;
        }

        if (!fields.Has("range"u8) || !fields.Has("nr_taken"u8) || !fields.Word("range"u8).StartsWith("(0x"u8)
            || !ulong.TryParse(fields.Word("range"u8)[3..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            || start > Pfn.MaxValue)
        {
            return false;
        }

        item.Pfn = new Pfn(start);
        item.Value = (int)fields.Number("nr_taken"u8, int.MaxValue);
        return item.Value > 0;
    }

    private static bool TryDecodeTagStorage(PayloadFields fields, ref TraceEvent item)
    {
        if (!TagStorageEvents.TryRead(fields, item.Kind, out EventValues values)
            || values[(int)EventRole.Page] > Pfn.MaxValue || values[(int)EventRole.Order] > byte.MaxValue)
        {
            return false;
        }

        item.Pfn = new Pfn(values[(int)EventRole.Page]);
        item.Order = (byte)values[(int)EventRole.Order];
        item.MigrateType = (byte)values[(int)EventRole.MigrateType];
        TagStorageEvents.Compose(values, ref item);
        return true;
    }

    private static void DecodeMigration(PayloadFields fields, ref TraceEvent item)
    {
        ulong entry = fields.Number("pte"u8, isHex: true);
        if (item.Kind == TraceEventKind.MigrationSource)
        {
            item.Pfn = new Pfn(PageTableEntry.SwapPfnOf(entry));
        }
        else
        {
            item.Pfn = new Pfn(PageTableEntry.PfnOf(entry));
            item.Value = PageTableEntry.IsTagged(entry) ? 1 : 0;
        }

        item.Order = fields.Has("order"u8) ? (byte)fields.Order("order"u8) : (byte)0;
    }
}
