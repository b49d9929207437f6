using System.Text;

namespace Palimpsest.Traces;

/// <summary>Counts events by name.</summary>
internal sealed class EventTally
{
    // No kernel has as many events; a file that names more is damaged, and must not fill the memory with names.
    private const int MostNames = 4096;

    private const string Others = "(other names)";

    private readonly Dictionary<string, int> _slots = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _slotOfText;
    private readonly List<string> _names = [];
    private readonly long[] _counts = new long[MostNames + 1];

    public EventTally() => _slotOfText = _slots.GetAlternateLookup<ReadOnlySpan<char>>();

    public long Total { get; private set; }

    /// <summary>Number under which a name is counted: the same for the same name, in order of first use.</summary>
    public int SlotOf(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[Math.Min(name.Length, 128)];
        int length = Encoding.Latin1.GetChars(name[..text.Length], text);
        return SlotOf(text[..length]);
    }

    public void Count(int slot)
    {
        _counts[slot]++;
        Total++;
    }

    public long CountOf(int slot) => _counts[slot];

    public string NameOf(int slot) => _names[slot];

    public KeyValuePair<string, long>[] ByName() =>
    [
        .. _slots.Select(name => KeyValuePair.Create(name.Key, _counts[name.Value]))
            .Where(name => name.Value > 0)
            .OrderBy(name => name.Key, StringComparer.Ordinal),
    ];

    private int SlotOf(ReadOnlySpan<char> name)
    {
        if (_slotOfText.TryGetValue(name, out int slot))
        {
            return slot;
        }

        string added = _slots.Count < MostNames ? name.ToString() : Others;
        if (_slots.TryAdd(added, _slots.Count))
        {
            _names.Add(added);
        }

        return _slots[added];
    }
}
