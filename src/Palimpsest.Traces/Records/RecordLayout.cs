using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Records;

/// <summary>Where an event's records keep what a <see cref="TraceEvent"/> needs, by the names in the event's format.</summary>
internal sealed class RecordLayout
{
    private readonly EventMeaning _meaning;
    private readonly string _name;
    private readonly string? _missing;
    private readonly (EventRole Role, RecordField Field)[] _fields;
    private readonly bool _hasCount;
    private readonly int _leastLength;

    public RecordLayout(EventFormat format, int slot)
    {
        Slot = slot;
        _name = OneLine.Quote(format.Name);
        TraceEventKind? kind = EventKinds.Of(Encoding.UTF8.GetBytes(format.Name));
        _meaning = new EventMeaning(format.Name, kind, kind == TraceEventKind.RangeMigration ? ContigRangeOf(format) : null);
        (EventRole Role, string Name, RecordField Field)[] fields = [.. _meaning.Fields
            .Select(field => (field.Role, field.Name, format.Field(field.Name)))];
        _missing = fields.FirstOrDefault(field => !field.Field.Exists && _meaning.Requires(field.Role)).Name is { } missing
            ? _meaning.Lacks(missing)
            : null;
        _fields = [.. fields.Where(field => field.Field.Exists).Select(field => (field.Role, field.Field))];
        _hasCount = _fields.Any(field => field.Role == EventRole.Count);
        _leastLength = _fields.Select(field => field.Field.End).DefaultIfEmpty().Max();
    }

    /// <summary>Number under which the event is counted.</summary>
    public int Slot { get; }

    /// <summary>
    /// Reads a record; false if it tells nothing worth keeping, or <paramref name="complaint"/> says what is wrong with it.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> record, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        complaint = null;
        if (!_meaning.IsKept)
        {
            return false;
        }

        if (_missing is not null || record.Length < _leastLength)
        {
            complaint = _missing ?? $"{_name} has {record.Length} bytes, fewer than its format says; the file is damaged, copy it again";
            return false;
        }

        var values = default(EventValues);
        foreach ((EventRole role, RecordField field) in _fields)
        {
            values[(int)role] = field.Read(record);
        }

        return _meaning.TryDecode(values, _hasCount, gfpSets, ref item, out complaint);
    }

    private static ulong? ContigRangeOf(EventFormat format)
    {
        (ulong value, string? name) = PrintTable.Find(format.Print, "__print_symbolic", "reason")
            .Find(entry => entry.Name == "contig_range");
        return name is null ? null : value;
    }
}
