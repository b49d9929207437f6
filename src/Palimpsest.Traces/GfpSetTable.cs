using System.Buffers.Binary;
using System.Text;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Distinct sets of allocation flags, found again by the text that named them.</summary>
internal sealed class GfpSetTable(GfpBits bits)
{
    private const int MostSets = ushort.MaxValue;
    private const int RecentSlots = 1024;
    private const int MostUnknownNames = 16;

    private readonly List<GfpFlags> _sets = [];
    private readonly Dictionary<GfpFlags, ushort> _indexes = [];
    private readonly SortedSet<string> _unknownNames = new(StringComparer.Ordinal);

    // A trace has some dozens of texts; two that share a slot only cost time.
    private readonly Recent[] _recent = new Recent[RecentSlots];
    private readonly (ulong Number, int IndexPlusOne)[] _recentNumbers = new (ulong, int)[RecentSlots];
    private bool _decodedNumber;

    /// <summary>What numbers mean from here on.</summary>
    public GfpBits Bits
    {
        get;
        set
        {
            field = value;
            Array.Clear(_recentNumbers);
        }
    } = bits;

    public IReadOnlyList<GfpFlags> Sets => _sets;

    /// <summary>Index of the set that the same text named before.</summary>
    public bool TryRecall(ReadOnlySpan<byte> text, out ushort index)
    {
        ref readonly Recent recent = ref _recent[SlotOf(text)];
        index = recent.Index;
        return recent.Text is not null && text.SequenceEqual(recent.Text);
    }

    /// <summary>Index of the set that a text like <c>GFP_KERNEL|__GFP_ZERO</c> names.</summary>
    public ushort IndexOf(ReadOnlySpan<byte> text, TextPosition position)
    {
        if (!TryRecall(text, out ushort index))
        {
            index = IndexOf(Parse(text, position)) ?? throw position.Error(TooMany);
            _recent[SlotOf(text)] = new Recent(text.ToArray(), index);
        }

        return index;
    }

    /// <summary>Index of the set that a number stands for; null if there are too many sets for a sane recording.</summary>
    public ushort? IndexOfNumber(ulong number)
    {
        ref (ulong Number, int IndexPlusOne) recent = ref _recentNumbers[(int)((number * 0x9e3779b97f4a7c15) >> 54)];
        if (recent.IndexPlusOne == 0 || recent.Number != number)
        {
            _decodedNumber = true;
            if (IndexOf(Bits.Translate(number)) is not { } index)
            {
                return null;
            }

            recent = (number, index + 1);
        }

        return (ushort)(recent.IndexPlusOne - 1);
    }

    /// <summary>What had to be assumed.</summary>
    public IEnumerable<string> Notes()
    {
        if (_decodedNumber && Bits.Note is { } note)
        {
            yield return note;
        }

        if (_unknownNames.Count > 0)
        {
            yield return $"Unknown allocation flags were left out: {string.Join(", ", _unknownNames)}.";
        }
    }

    public static string TooMany { get; } =
        $"more than {MostSets} different sets of gfp_flags, which no kernel uses; check that the file is not damaged";

    private ushort? IndexOf(GfpFlags flags)
    {
        if (_indexes.TryGetValue(flags, out ushort index))
        {
            return index;
        }

        if (_sets.Count == MostSets)
        {
            return null;
        }

        index = (ushort)_sets.Count;
        _sets.Add(flags);
        _indexes.Add(flags, index);
        return index;
    }

    private GfpFlags Parse(ReadOnlySpan<byte> text, TextPosition position)
    {
        var flags = GfpFlags.None;
        foreach (Range range in text.Split((byte)'|'))
        {
            ReadOnlySpan<byte> word = text[range];
            if (!GfpNames.TryRead(word, out GfpFlags bits, out GfpWord kind, out ulong number))
            {
                string quoted = Encoding.Latin1.GetString(word[..Math.Min(word.Length, 40)]);
                throw position.Error(
                    $"gfp_flags has \"{quoted}\", neither a flag's name nor a number; the line is damaged, record or copy the file again");
            }

            flags |= kind == GfpWord.Number ? Bits.Translate(number) : bits;
            _decodedNumber |= kind == GfpWord.Number;
            if (kind == GfpWord.Unknown && _unknownNames.Count < MostUnknownNames)
            {
                _unknownNames.Add(Encoding.Latin1.GetString(word));
            }
        }

        return flags;
    }

    // Texts differ in length, at the end or in the middle; the beginnings are all alike.
    private static int SlotOf(ReadOnlySpan<byte> text)
    {
        if (text.Length < sizeof(ulong))
        {
            return text.Length;
        }

        ulong end = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
        ulong middle = BinaryPrimitives.ReadUInt64LittleEndian(text[((text.Length - sizeof(ulong)) / 2)..]);
        ulong mixed = (end ^ ((ulong)text.Length << 56) ^ (middle * 31)) * 0x9e3779b97f4a7c15;
        return (int)(mixed >> 54);
    }

    private readonly record struct Recent(byte[]? Text, ushort Index);
}
