using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Traces.Records;

/// <summary>Layouts of a recording's events by the number that each record begins with.</summary>
internal sealed class RecordTable(TraceBuilder trace)
{
    /// <summary>Bytes of the fields that all events have: u16 number, u8 flags, u8 preemption depth, s32 thread.</summary>
    public const int CommonBytes = 8;

    private readonly RecordLayout?[] _layouts = new RecordLayout?[ushort.MaxValue + 1];
    private readonly Dictionary<ushort, int> _unknownSlots = [];

    /// <summary>Meaning of gfp_flags by the table of mm_page_alloc; empty if the recording has none.</summary>
    public IReadOnlyList<(ulong Value, string Name)> GfpNames { get; private set; } = [];

    public static ushort NumberOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt16LittleEndian(record);

    public static int ThreadOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[4..]);

    public void Add(EventFormat format)
    {
        // The kernel's own text calls a mark by the function that wrote it.
        string name = format.Name == "print" ? "tracing_mark_write" : format.Name;
        _layouts[format.Id] ??= new RecordLayout(format, trace.Tally.SlotOf(Encoding.UTF8.GetBytes(name)));
        if (format.Name == "mm_page_alloc")
        {
            GfpNames = PrintTable.Find(format.Print, "__print_flags", "gfp_flags");
        }
    }

    /// <summary>Reads a record of at least <see cref="CommonBytes"/>; false if it is only counted, under <paramref name="slot"/>.</summary>
    public bool TryDecode(ReadOnlySpan<byte> record, ref TraceEvent item, out int slot, out string? complaint)
    {
        if (_layouts[NumberOf(record)] is { } layout)
        {
            slot = layout.Slot;
            return layout.TryDecode(record, trace.GfpSets, ref item, out complaint);
        }

        slot = SlotOfUnknown(NumberOf(record));
        complaint = null;
        return false;
    }

    private int SlotOfUnknown(ushort number)
    {
        if (!_unknownSlots.TryGetValue(number, out int slot))
        {
            slot = trace.Tally.SlotOf(Encoding.UTF8.GetBytes($"(event {number} without a format)"));
            _unknownSlots.Add(number, slot);
        }

        return slot;
    }
}
