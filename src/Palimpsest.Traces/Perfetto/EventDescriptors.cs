using System.Text;

namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// Layouts of events: those with a message of their own; those that a bundle describes, with numbers from 65536 on that mean
/// something in their sequence of packets only; those that name their fields themselves.
/// </summary>
internal sealed class EventDescriptors(EventTally tally)
{
    /// <summary>The first number of events that the recording describes.</summary>
    public const uint FirstDescribed = 65536;

    private const int MostDescribed = 1 << 16;
    private const int MostFields = 256;

    private readonly MessageLayout?[] _known = new MessageLayout?[FirstDescribed];
    private readonly Dictionary<(uint Sequence, uint Number), (byte[] Text, MessageLayout Layout)> _described = [];
    private readonly List<MessageLayout?> _named = [];

    /// <summary>Layout of the event of a number.</summary>
    public MessageLayout Of(uint sequence, uint number)
    {
        if (number < FirstDescribed)
        {
            return _known[number] ??= Create(KnownEvents.NameOf(number), KnownEvents.FieldsOf(number));
        }

        if (_described.TryGetValue((sequence, number), out (byte[] Text, MessageLayout Layout) found))
        {
            return found.Layout;
        }

        MessageLayout layout = Create($"(event {number} without a description)", []);
        TryKeep((sequence, number), [], layout);
        return layout;
    }

    /// <summary>Layout of a GenericFtraceEvent, whose field 1 is the event's name.</summary>
    public MessageLayout OfNamed(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> name = "(event without a name)"u8;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field == 1 && fields.Type == WireType.Bytes)
            {
                name = fields.Bytes;
                break;
            }
        }

        int slot = tally.SlotOf(name);
        while (_named.Count <= slot)
        {
            _named.Add(null);
        }

        return _named[slot] ??= new MessageLayout(tally.NameOf(slot), slot, []);
    }

    /// <summary>Reads a description: number 1, and 2 a DescriptorProto; false if it is broken, or there are too many.</summary>
    public bool TryDescribe(uint sequence, ReadOnlySpan<byte> message)
    {
        uint number = 0;
        ReadOnlySpan<byte> descriptor = default;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            number = fields.Field == 1 ? (uint)fields.Number : number;
            descriptor = fields.Field == 2 ? fields.Bytes : descriptor;
        }

        if (_described.TryGetValue((sequence, number), out (byte[] Text, MessageLayout Layout) found)
            && descriptor.SequenceEqual(found.Text))
        {
            return !fields.IsBroken;
        }

        return !fields.IsBroken && number >= FirstDescribed && TryReadDescriptor(descriptor, out MessageLayout layout)
            && TryKeep((sequence, number), descriptor.ToArray(), layout);
    }

    // Name 1, fields 2.
    private bool TryReadDescriptor(ReadOnlySpan<byte> descriptor, out MessageLayout layout)
    {
        string name = "";
        var known = new List<(string, uint)>();
        bool isWhole = true;
        var parts = new WireReader(descriptor);
        while (parts.TryNext())
        {
            if (parts.Field == 1)
            {
                name = TextOf(parts.Bytes);
            }
            else if (parts.Field == 2 && known.Count < MostFields)
            {
                isWhole &= TryReadField(parts.Bytes, known);
            }
        }

        layout = Create(name, known);
        return isWhole && !parts.IsBroken;
    }

    // Name 1, number 3.
    private static bool TryReadField(ReadOnlySpan<byte> message, List<(string Name, uint Number)> known)
    {
        (string Name, uint Number) field = ("", 0);
        var parts = new WireReader(message);
        while (parts.TryNext())
        {
            field.Name = parts.Field == 1 ? TextOf(parts.Bytes) : field.Name;
            field.Number = parts.Field == 3 ? (uint)parts.Number : field.Number;
        }

        known.Add(field);
        return !parts.IsBroken;
    }

    private MessageLayout Create(string name, IReadOnlyList<(string Name, uint Number)> fields) =>
        new(name, tally.SlotOf(Encoding.UTF8.GetBytes(name)), fields);

    private bool TryKeep((uint Sequence, uint Number) key, byte[] text, MessageLayout layout)
    {
        bool isKept = _described.Count < MostDescribed;
        if (isKept)
        {
            _described[key] = (text, layout);
        }

        return isKept;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 128)]);
}
