using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.Machine.Caches;

namespace Palimpsest.Machine.Cores;

/// <summary>A cached translation, with what a checked access needs at hand.</summary>
internal struct TlbEntry
{
    /// <summary>Page that <see cref="Bytes"/> can be read for, or <see cref="Tlb.NoPage"/> when reads take the long way.</summary>
    public ulong ReadPage;

    /// <summary>As <see cref="ReadPage"/>, for writes.</summary>
    public ulong WritePage;

    /// <summary>Page that the translation is of.</summary>
    public ulong Page;

    /// <summary>Slab of DRAM that the page lies in; it never moves.</summary>
    public byte[] Bytes;

    /// <summary>Cached tag lines to check against, or null for a page that is not checked.</summary>
    public byte[]? Tags;

    public int BytesOffset;
    public int TagsOffset;
    public Translation Translation;
}

/// <summary>Direct-mapped translation cache of one CPU; like the hardware's, it is stale until it is invalidated.</summary>
internal sealed class Tlb
{
    public const ulong NoPage = ulong.MaxValue;

    private const int Entries = 512;

    private readonly TlbEntry[] _entries = new TlbEntry[Entries];
    private readonly TaggedMemory _memory;

    public Tlb(TaggedMemory memory)
    {
        _memory = memory;
        Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TlbEntry At(ulong page) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), (nint)(page & (Entries - 1)));

    public void Clear()
    {
        foreach (ref TlbEntry entry in _entries.AsSpan())
        {
            entry.ReadPage = entry.WritePage = entry.Page = NoPage;
        }
    }

    public void Invalidate(ulong page)
    {
        ref TlbEntry entry = ref At(page);
        if (entry.Page == page)
        {
            entry.ReadPage = entry.WritePage = entry.Page = NoPage;
        }
    }

    public void ForgetWrites(int frame)
    {
        foreach (ref TlbEntry entry in _entries.AsSpan())
        {
            entry.WritePage = entry.Page != NoPage && entry.Translation.Frame == frame ? NoPage : entry.WritePage;
        }
    }

    /// <summary>The entry of a page, filled by a walk if need be; false on a translation fault.</summary>
    public bool TryFind(PageTable table, ulong page, out Translation translation)
    {
        ref TlbEntry entry = ref At(page);
        if (entry.Page != page)
        {
            if (!table.TryTranslate(page, out translation))
            {
                return false;
            }

            entry = new TlbEntry { Page = page, ReadPage = NoPage, WritePage = NoPage, Bytes = [], Translation = translation };
        }

        translation = entry.Translation;
        if (entry.Bytes.Length == 0)
        {
            Shorten(ref entry);
        }

        return true;
    }

    /// <summary>Gives the entry its short way where there is one: not to pages of zeros that nobody wrote, nor to tag storage.</summary>
    private void Shorten(ref TlbEntry entry)
    {
        int frame = entry.Translation.Frame;
        if (_memory.Map.IsStorage(frame) || !_memory.Dram.TryFind(frame, out byte[] bytes, out int offset))
        {
            return;
        }

        if (entry.Translation.IsTagged)
        {
            if (!_memory.Tags.TryLines(frame, out entry.Tags, out entry.TagsOffset))
            {
                entry.Tags = null;
                return;
            }
        }

        entry.Bytes = bytes;
        entry.BytesOffset = offset;
        entry.ReadPage = entry.Translation.IsReadable ? entry.Page : NoPage;
        entry.WritePage = entry.Translation.IsWritable && !_memory.IsCode(frame) ? entry.Page : NoPage;
    }
}
