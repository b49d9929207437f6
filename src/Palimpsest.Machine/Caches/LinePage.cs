using System.Runtime.CompilerServices;
using Palimpsest.Machine.Dram;

namespace Palimpsest.Machine.Caches;

/// <summary>Which view of DRAM a line belongs to.</summary>
public enum LineView : byte
{
    /// <summary>The bytes of a page, by ordinary addresses.</summary>
    Data,

    /// <summary>Tags, by the addresses of the data that they belong to.</summary>
    Tags,
}

/// <summary>
/// Cached lines of a page of tag storage in one view: of its own bytes, or of a tag page, the tags of 32 data frames in
/// their order, wherever the block's interleave puts them.
/// </summary>
/// <param name="number">Storage index of the page, or number of the tag page.</param>
internal sealed class LinePage(LineView view, int number, int pageBytes)
{
    /// <summary>The line is in the cache.</summary>
    public const byte Valid = 1;

    /// <summary>A tag line whose storage is declared to hold data: an access is for the detectors.</summary>
    public const byte Unreserved = 2;

    public readonly LineView View = view;
    public readonly int Number = number;

    /// <summary>Content of the lines, and behind it a byte of state for each: one array, so that a check needs one reference.</summary>
    public readonly byte[] Bytes = GC.AllocateArray<byte>(pageBytes + (pageBytes / TagMap.LineBytes), pinned: true);

    /// <summary>Position + 1 among the dirty lines; 0 for a clean line.</summary>
    public readonly int[] DirtyAt = GC.AllocateArray<int>(pageBytes / TagMap.LineBytes, pinned: true);

    // Where a line's short way is, and 1; below 0 where there are several.
    private readonly int[] _shortAt = new int[pageBytes / TagMap.LineBytes];

    public int Lines => DirtyAt.Length;

    public ref byte State(int line) => ref Bytes[(DirtyAt.Length * TagMap.LineBytes) + line];

    public Span<byte> Line(int line) => Bytes.AsSpan(line * TagMap.LineBytes, TagMap.LineBytes);

    /// <summary>An access need not look at the state: the line is cached, and no detector waits for it.</summary>
    public bool CanShorten(int line) => (State(line) & (Valid | Unreserved)) == Valid;

    /// <summary>Where <see cref="DirtyAt"/> of a line lies, as long as the page is.</summary>
    public unsafe int* PlaceOfDirty(int line) => (int*)Unsafe.AsPointer(ref DirtyAt[line]);

    /// <summary>Somebody looks at the line without its state from now on.</summary>
    /// <param name="place">Where a watcher finds what it has to forget.</param>
    public void Shorten(int line, int place)
    {
        ref int at = ref _shortAt[line];
        at = at == 0 || at == place + 1 ? place + 1 : -1;
    }

    /// <summary>What to tell watchers, 0 for nothing; asked once.</summary>
    public int TakeShort(int line)
    {
        int at = _shortAt[line];
        _shortAt[line] = 0;
        return at;
    }
}
