using System.Text;

namespace Palimpsest.Traces.Perfetto;

/// <summary>Which fields of an event's message, or of a generic event, hold what a <see cref="TraceEvent"/> needs.</summary>
internal sealed class MessageLayout
{
    private const byte NoRole = byte.MaxValue;

    // No event of the kernel has as many fields.
    private const int MostFields = 128;

    private readonly EventMeaning _meaning;
    private readonly byte[] _roles = new byte[MostFields];
    private readonly byte[][] _names;
    private readonly uint _required;

    /// <param name="slot">Number under which the event is counted.</param>
    /// <param name="fields">Names and numbers of the fields of the message; empty for events that name them themselves.</param>
    public MessageLayout(string name, int slot, IReadOnlyList<(string Name, uint Number)> fields)
    {
        Slot = slot;
        _meaning = new EventMeaning(name, EventKinds.Of(Encoding.UTF8.GetBytes(name)));
        _names = [.. _meaning.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
        Array.Fill(_roles, NoRole);
        foreach ((EventRole role, string field) in _meaning.Fields)
        {
            _required |= _meaning.Requires(role) ? 1u << (int)role : 0;
            uint number = fields.FirstOrDefault(known => known.Name == field).Number;
            if (number is > 0 and < MostFields)
            {
                _roles[number] = (byte)role;
            }
        }
    }

    public int Slot { get; }

    public bool IsKept => _meaning.IsKept;

    /// <summary>Reads a message with a field for each of the event's.</summary>
    public bool TryDecode(ReadOnlySpan<byte> message, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        var values = default(EventValues);
        uint present = 0;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field < MostFields && _roles[fields.Field] is not NoRole and byte role && fields.Type != WireType.Bytes)
            {
                values[role] = fields.Number;
                present |= 1u << role;
            }
        }

        return TryDecode(values, present, fields.IsBroken, gfpSets, ref item, out complaint);
    }

    /// <summary>Reads a GenericFtraceEvent: fields 2, each a message of name 1 and text 3 or number 4 or 5.</summary>
    public bool TryDecodeNamed(ReadOnlySpan<byte> message, GfpSetTable gfpSets, ref TraceEvent item, out string? complaint)
    {
        var values = default(EventValues);
        uint present = 0;
        bool isBroken = false;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field == 2 && fields.Type == WireType.Bytes)
            {
                isBroken |= !TryReadNamed(fields.Bytes, ref values, ref present);
            }
        }

        return TryDecode(values, present, isBroken | fields.IsBroken, gfpSets, ref item, out complaint);
    }

    private bool TryReadNamed(ReadOnlySpan<byte> message, ref EventValues values, ref uint present)
    {
        int role = -1;
        ulong? value = null;
        var parts = new WireReader(message);
        while (parts.TryNext())
        {
            if (parts.Field == 1 && parts.Type == WireType.Bytes)
            {
                role = RoleOf(parts.Bytes);
            }
            else if (parts.Field is 4 or 5 && parts.Type == WireType.Varint)
            {
                value = parts.Number;
            }
        }

        if (role >= 0 && value is { } number)
        {
            values[role] = number;
            present |= 1u << role;
        }

        return !parts.IsBroken;
    }

    private int RoleOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return (int)_meaning.Fields[i].Role;
            }
        }

        return -1;
    }

    // A field that is missing was not recorded: it is not zero.
    private bool TryDecode(in EventValues values, uint present, bool isBroken, GfpSetTable gfpSets, ref TraceEvent item,
        out string? complaint)
    {
        if (isBroken)
        {
            complaint = "an event's fields do not fit into it; the file is damaged, copy it again";
            return false;
        }

        uint missing = _required & ~present;
        if (missing != 0)
        {
            complaint = Lacks(missing);
            return false;
        }

        return _meaning.TryDecode(values, (present & (1u << (int)EventRole.Count)) != 0, gfpSets, ref item, out complaint);
    }

    private string Lacks(uint missing) => _meaning.Lacks(_meaning.Fields.First(field => (missing & (1u << (int)field.Role)) != 0).Name);
}
