using System.Text;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>The <c>key=value</c> pairs after an event's name, read by key; throws where a value is not what the event must have.</summary>
internal readonly ref struct PayloadFields(ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload, TextPosition position)
{
    private readonly ReadOnlySpan<byte> _name = name;
    private readonly ReadOnlySpan<byte> _payload = payload;

    public int Order(ReadOnlySpan<byte> key) => (int)Number(key, 63);

    public byte MigrateType(ReadOnlySpan<byte> key) => (byte)Number(key, byte.MaxValue);

    public Pfn Pfn() => new(Number("pfn"u8, Vocabulary.Pfn.MaxValue));

    /// <summary>A number that must be there and at most <paramref name="largest"/>.</summary>
    public ulong Number(ReadOnlySpan<byte> key, ulong largest, bool isHex = false)
    {
        ulong value = Number(key, isHex);
        return value <= largest ? value : throw Error($"has {Text(key)}={Quote(key)}, more than {largest}");
    }

    public ulong Number(ReadOnlySpan<byte> key, bool isHex = false)
    {
        ReadOnlySpan<byte> value = Value(key);
        bool isNumber = TextNumber.TryNumber(value, isHex, out ulong number, out int length);
        return isNumber && (length == value.Length || value[length] == ' ')
            ? number
            : throw Error($"has {Text(key)}={Quote(key)}, which is not a number");
    }

    public bool Has(ReadOnlySpan<byte> key) => Find(key) >= 0;

    /// <summary>Everything from the key's value on, up to the next space.</summary>
    public ReadOnlySpan<byte> Word(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> value = Value(key);
        int space = value.IndexOf((byte)' ');
        return space < 0 ? value : value[..space];
    }

    /// <summary>Is page= a null pointer: zeros, or (null), which the kernel pads with spaces on the left.</summary>
    public bool HasNullPage()
    {
        if (!Has("page"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> page = Value("page"u8).TrimStart((byte)' ');
        int end = page.IndexOf((byte)' ');
        page = end < 0 ? page : page[..end];
        return page.IndexOfAnyExcept("0x"u8) < 0 || page.SequenceEqual("(null)"u8) || page.SequenceEqual("(nil)"u8);
    }

    private ReadOnlySpan<byte> Value(ReadOnlySpan<byte> key)
    {
        int at = Find(key);
        return at >= 0 ? _payload[at..] : throw Error($"has no {Text(key)}=");
    }

    // A key starts the payload or follows a space: order= is not the end of alloc_order=.
    private int Find(ReadOnlySpan<byte> key)
    {
        int from = 0;
        for (int next; (next = _payload[from..].IndexOf(key)) >= 0; from++)
        {
            from += next;
            int end = from + key.Length;
            if ((from == 0 || _payload[from - 1] == ' ') && end < _payload.Length && _payload[end] == '=')
            {
                return end + 1;
            }
        }

        return -1;
    }

    private InputException Error(string what) =>
        position.Error(
            $"{OneLine.Quote(Text(_name))} {what}; the line is damaged or from an unknown kernel, record or copy the file again");

    private string Quote(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> word = Word(key);
        return Text(word[..Math.Min(word.Length, 40)]);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
