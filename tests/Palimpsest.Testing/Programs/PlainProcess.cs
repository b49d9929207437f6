using System.Buffers.Binary;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.PageCache;

namespace Palimpsest.Testing.Programs;

/// <summary>A page as the program sees it: words and tags, and nothing of where they are.</summary>
public sealed class PlainPage(int file, int index)
{
    private Dictionary<int, ulong> _words = [];
    private Dictionary<int, int> _tags = [];

    /// <summary>Shared memory: every mapping sees the same page.</summary>
    public bool IsShared { get; init; }

    public ulong Word(int offset, int pageBytes) =>
        _words.TryGetValue(offset, out ulong value) ? value : file < 0 ? 0 : FileWord(offset, pageBytes);

    public void SetWord(int offset, ulong value) => _words[offset] = value;

    public int Tag(int granule) => _tags.GetValueOrDefault(granule);

    public void SetTag(int granule, int tag) => _tags[granule] = tag;

    public void Discard()
    {
        if (!IsShared)
        {
            _words = [];
            _tags = [];
        }
    }

    /// <summary>What a child gets at fork.</summary>
    public PlainPage ForChild() =>
        IsShared ? this : new PlainPage(file, index) { _words = new(_words), _tags = new(_tags) };

    private ulong FileWord(int offset, int pageBytes)
    {
        byte[] bytes = new byte[pageBytes];
        FileContents.Fill(file, index, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));
    }
}

/// <summary>A mapping of a page.</summary>
public sealed class PlainMapping(PlainPage page, bool isTagged, bool allowsTags)
{
    public PlainPage Page { get; } = page;

    public bool IsTagged { get; set; } = isTagged;

    public bool AllowsTags { get; } = allowsTags;

    public PlainMapping ForChild() => new(Page.ForChild(), IsTagged, AllowsTags);
}

/// <summary>A process as the programmer thinks of it: addresses and what is there.</summary>
public sealed class PlainProcess
{
    private readonly SortedList<ulong, PlainMapping> _pages = [];

    public int Count => _pages.Count;

    public PlainMapping this[ulong page] => _pages[page];

    /// <summary>Page number n in the order of addresses.</summary>
    public ulong PageAt(uint n) => _pages.Keys[(int)(n % (uint)_pages.Count)];

    public PlainMapping? Find(ulong page) => _pages.GetValueOrDefault(page);

    public void Add(ulong page, PlainMapping mapping) => _pages.Add(page, mapping);

    public void Remove(ulong page) => _pages.Remove(page);

    public PlainProcess Fork()
    {
        PlainProcess child = new();
        foreach ((ulong page, PlainMapping mapping) in _pages)
        {
            child._pages.Add(page, mapping.ForChild());
        }

        return child;
    }
}
