using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Cores;

/// <summary>
/// The short ways of one CPU, direct mapped by address. One that checks tags is there only while its line of tags is cached
/// and its storage declared to hold tags, so that no check has to look.
/// </summary>
internal sealed unsafe class ShortWays : ITagLineWatcher
{
    private const ulong Within = (1UL << ShortWay.Shift) - 1;

    private readonly byte[] _noTags = GC.AllocateArray<byte>(TagMap.LineBytes, pinned: true);
    private ShortWay[] _entries = [];
    private int*[] _dirty = [];

    // Places of entries that were used since all were forgotten, each once: only they are looked at where some are looked for.
    private int[] _used = [];
    private bool[] _isUsed = [];
    private int _uses;
    private readonly TaggedMemory _memory;
    private readonly int _pageBytes;

    public ShortWays(TaggedMemory memory)
    {
        _memory = memory;
        _pageBytes = memory.Layout.Geometry.PageBytes;
        Widen(ShortWay.Count);
        memory.Tags.AddWatcher(this);
    }

    public ShortWay* First { get; private set; }

    /// <summary>An address shifted right by <see cref="ShortWay.AddressShift"/>, and this, is the place of its entry in bytes.</summary>
    public ulong OffsetMask { get; private set; }

    /// <summary>There was an entry that checks tags.</summary>
    public bool HasChecked { get; private set; }

    /// <summary>Makes room for so many entries, a power of two; all are forgotten.</summary>
    public void Widen(int count)
    {
        _entries = GC.AllocateUninitializedArray<ShortWay>(count, pinned: true);
        _dirty = new int*[count];
        _used = new int[count];
        _isUsed = new bool[count];
        _uses = 0;
        First = (ShortWay*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_entries));
        OffsetMask = (ulong)(count - 1) * ShortWay.Bytes;
        _entries.AsSpan().Fill(Unknown);
    }

    public void Clear()
    {
        foreach (int place in Used)
        {
            _entries[place] = Unknown;
            _isUsed[place] = false;
        }

        _uses = 0;
    }

    /// <param name="address">Of the page's first byte.</param>
    public void ForgetPage(ulong address)
    {
        for (ulong at = address; at < address + (ulong)_pageBytes; at += Within + 1)
        {
            ShortWay* entry = Of(at);
            if (((entry->Read ^ at) & ~Within) == 0 || ((entry->Write ^ at) & ~Within) == 0)
            {
                entry->Read = entry->Write = ShortWay.None;
            }
        }
    }

    /// <summary>Stores to a frame take the long way.</summary>
    public void ForgetWrites(int frame)
    {
        if (_memory.Dram.TryFind(frame, out byte[] bytes, out int offset))
        {
            byte* page = Start(bytes) + offset;
            foreach (int place in Used)
            {
                ref ShortWay entry = ref _entries[place];
                bool isOfFrame = entry.Write != ShortWay.None && (ulong)(entry.Data + (entry.Write & ~Within) - page) < (ulong)_pageBytes;
                entry.Write = isOfFrame ? ShortWay.None : entry.Write;
            }
        }
    }

    public void TagLineChanges(LinePage page, int line, int hint)
    {
        byte* tags = Start(page.Bytes) + (line * TagMap.LineBytes);
        if (hint > 0)
        {
            // It may be of another CPU, which has more of them.
            if (hint <= _entries.Length)
            {
                Forget(ref _entries[hint - 1], tags);
            }

            return;
        }

        foreach (int place in Used)
        {
            Forget(ref _entries[place], tags);
        }
    }

    /// <summary>Tags of the line that an address's granule is of, to be loaded at once; null where that takes the long way.</summary>
    public byte* TagsToLoad(ulong address)
    {
        ShortWay* entry = Of(address);
        return (entry->Read ^ KeyOf(address)) == ShortWay.Checked ? entry->Tags : null;
    }

    /// <summary>As <see cref="TagsToLoad"/>, of granules to be stored: only a line that is dirty already just changes.</summary>
    public byte* TagsToStore(ulong first, ulong last)
    {
        ShortWay* entry = Of(first);
        ulong key = KeyOf(first);
        return (entry->Write ^ key) == ShortWay.Checked && KeyOf(last) == key && *_dirty[entry - First] != 0 ? entry->Tags : null;
    }

    /// <summary>Place of an address that has a short way.</summary>
    public byte* Data(ulong address) => Of(address)->Data + LogicalTag.Untagged(address);

    /// <summary>Place of an access that is allowed, whatever its tag; null where it has no short way.</summary>
    public byte* DataOf(ulong address, int bytes, bool isWrite)
    {
        ShortWay* entry = Of(address);
        ulong untagged = LogicalTag.Untagged(address);
        ulong key = isWrite ? entry->Write : entry->Read;
        return ((key ^ (untagged + (uint)bytes - 1)) & ~Within) == 0 && key != ShortWay.None ? entry->Data + untagged : null;
    }

    /// <summary>Gives an address its short way where there is one: not to pages of zeros that nobody wrote, nor to tag storage.</summary>
    /// <param name="address">Bits 55:0.</param>
    public void Add(ulong address, Translation translation)
    {
        ulong start = address & ~Within;
        ShortWay* entry = Of(start);
        int frame = translation.Frame;
        ulong key = translation.IsTagged ? start | ShortWay.Checked : start;
        ulong read = translation.IsReadable ? key : ShortWay.None;
        ulong write = translation.IsWritable && !_memory.IsCode(frame) ? key : ShortWay.None;
        if ((entry->Read == read && entry->Write == write)
            || _memory.Map.IsStorage(frame) || !_memory.Dram.TryFind(frame, out byte[] bytes, out int offset))
        {
            return;
        }

        int inPage = (int)(start & (ulong)(_pageBytes - 1));
        byte* tags = Start(_noTags);
        if (translation.IsTagged)
        {
            int line = inPage >> ShortWay.Shift;
            if (!_memory.Tags.TryLine(frame, ref line, out LinePage? page) || !page.CanShorten(line))
            {
                return;
            }

            HasChecked = true;
            tags = Start(page.Bytes) + (line * TagMap.LineBytes);
            _dirty[entry - First] = page.PlaceOfDirty(line);
            page.Shorten(line, (int)((byte*)entry - (byte*)First) / ShortWay.Bytes);
        }

        int at = (int)(entry - First);
        if (!_isUsed[at])
        {
            _isUsed[at] = true;
            _used[_uses++] = at;
        }

        entry->Tags = tags;
        entry->Data = Start(bytes) + offset + inPage - start;
        entry->Read = read;
        entry->Write = write;
    }

    private static ulong KeyOf(ulong address) => LogicalTag.Untagged(address) & ~Within;

    private static void Forget(ref ShortWay entry, byte* tags)
    {
        if (entry.Tags == tags)
        {
            entry.Read = entry.Write = ShortWay.None;
        }
    }

    private static byte* Start(byte[] pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    private ShortWay* Of(ulong address) => (ShortWay*)((byte*)First + ((address >> ShortWay.AddressShift) & OffsetMask));

    private ReadOnlySpan<int> Used => _used.AsSpan(0, _uses);

    private ShortWay Unknown => new() { Read = ShortWay.None, Write = ShortWay.None, Tags = Start(_noTags) };
}
