using System.Globalization;

namespace Palimpsest.Traces.Records;

/// <summary>An event's format file (/sys/kernel/tracing/events/SYSTEM/EVENT/format): its number, its fields, how it is printed.</summary>
internal sealed class EventFormat
{
    private readonly Dictionary<string, RecordField> _fields = [];

    private EventFormat(string name, ushort id, string print)
    {
        Name = name;
        Id = id;
        Print = print;
    }

    public string Name { get; }

    /// <summary>Number that the event's records carry.</summary>
    public ushort Id { get; }

    /// <summary>The C expression that prints the event.</summary>
    public string Print { get; }

    /// <summary>The field of that name; one that does not exist if the event has none.</summary>
    public RecordField Field(string name) => _fields.GetValueOrDefault(name);

    /// <summary>Reads the text of a format file; null if it is none.</summary>
    public static EventFormat? Parse(string text)
    {
        string name = "";
        ushort? id = null;
        int printAt = text.IndexOf("\nprint fmt:", StringComparison.Ordinal);
        string head = printAt < 0 ? text : text[..printAt];
        var fields = new List<(string, RecordField)>();
        foreach (string line in head.Split('\n'))
        {
            if (line.StartsWith("name: ", StringComparison.Ordinal))
            {
                name = line[6..].Trim();
            }
            else if (line.StartsWith("ID: ", StringComparison.Ordinal)
                && ushort.TryParse(line.AsSpan(4), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out ushort number))
            {
                id = number;
            }
            else if (ParseField(line) is { } field)
            {
                fields.Add(field);
            }
        }

        if (name.Length == 0 || id is null)
        {
            return null;
        }

        var format = new EventFormat(name, id.Value, printAt < 0 ? "" : text[(printAt + 11)..]);
        foreach ((string key, RecordField field) in fields)
        {
            format._fields.TryAdd(key, field);
        }

        return format;
    }

    //	field:unsigned long pfn;	offset:8;	size:8;	signed:0;
    private static (string, RecordField)? ParseField(string line)
    {
        string[] parts = line.Trim().Split(';', StringSplitOptions.TrimEntries);
        if (parts.Length < 3 || !parts[0].StartsWith("field:", StringComparison.Ordinal)
            || Number(parts[1], "offset:") is not { } offset || Number(parts[2], "size:") is not { } size)
        {
            return null;
        }

        string declaration = parts[0];
        string name = declaration[(declaration.LastIndexOfAny([' ', '*']) + 1)..];
        bool isNumber = size is 1 or 2 or 4 or 8 && !name.EndsWith(']');
        return isNumber ? (name, new RecordField(offset, size, parts.Length > 3 && parts[3] == "signed:1")) : null;
    }

    // No record is longer than a page of the largest ring buffer.
    private static int? Number(string part, string key) =>
        part.StartsWith(key, StringComparison.Ordinal)
            && ushort.TryParse(part.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? number
            : null;
}
