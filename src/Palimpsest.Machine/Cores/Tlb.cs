using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.Machine.Caches;

namespace Palimpsest.Machine.Cores;

/// <summary>What an access needs at hand: one line of a cache. Places are of pinned arrays, which live as long as the memory.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct TlbEntry
{
    /// <summary>Page that <see cref="Bytes"/> can be read for, or <see cref="Tlb.NoPage"/> when reads take the long way.</summary>
    public ulong ReadPage;

    /// <summary>As <see cref="ReadPage"/>, for writes.</summary>
    public ulong WritePage;

    /// <summary>The page in DRAM.</summary>
    public byte* Bytes;

    /// <summary>Cached tags to check against, two to a byte; null for a page that is not checked.</summary>
    public byte* Tags;

    /// <summary>A byte of state for each line of tags.</summary>
    public byte* TagStates;
}

/// <summary>A cached translation.</summary>
/// <param name="Page">Page that it is of, or <see cref="Tlb.NoPage"/>.</param>
/// <param name="IsShort">Its entry has a short way.</param>
internal readonly record struct CachedTranslation(ulong Page, Translation Translation, bool IsShort);

/// <summary>Direct-mapped translation cache of one CPU; like the hardware's, it is stale until it is invalidated.</summary>
internal sealed unsafe class Tlb
{
    public const ulong NoPage = ulong.MaxValue;

    /// <summary>Mask of the part of a page number that finds its entry.</summary>
    public const ulong IndexMask = Entries - 1;

    private const int Entries = 512;

    private readonly TlbEntry[] _entries = GC.AllocateArray<TlbEntry>(Entries, pinned: true);
    private readonly CachedTranslation[] _translations = new CachedTranslation[Entries];
    private readonly TaggedMemory _memory;

    public Tlb(TaggedMemory memory)
    {
        _memory = memory;
        First = (TlbEntry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_entries));
        Clear();
    }

    /// <summary>The entries: a page's is at the low bits of its number.</summary>
    public TlbEntry* First { get; }

    public void Clear()
    {
        for (int index = 0; index < Entries; index++)
        {
            Forget(index);
        }
    }

    public void Invalidate(ulong page)
    {
        int index = (int)(page & IndexMask);
        if (_translations[index].Page == page)
        {
            Forget(index);
        }
    }

    public void ForgetWrites(int frame)
    {
        for (int index = 0; index < Entries; index++)
        {
            if (_translations[index].Page != NoPage && _translations[index].Translation.Frame == frame)
            {
                First[index].WritePage = NoPage;
            }
        }
    }

    /// <summary>The entry of a page, filled by a walk if need be; false on a translation fault.</summary>
    public bool TryFind(PageTable table, ulong page, out Translation translation)
    {
        int index = (int)(page & IndexMask);
        ref CachedTranslation cached = ref _translations[index];
        if (cached.Page != page)
        {
            if (!table.TryTranslate(page, out translation))
            {
                return false;
            }

            Forget(index);
            cached = new CachedTranslation(page, translation, IsShort: false);
        }

        translation = cached.Translation;
        if (!cached.IsShort)
        {
            cached = cached with { IsShort = TryShorten(ref First[index], cached) };
        }

        return true;
    }

    private void Forget(int index)
    {
        _translations[index] = new CachedTranslation(NoPage, default, IsShort: false);
        First[index] = new TlbEntry { ReadPage = NoPage, WritePage = NoPage };
    }

    /// <summary>Gives the entry its short way where there is one: not to pages of zeros that nobody wrote, nor to tag storage.</summary>
    private bool TryShorten(ref TlbEntry entry, CachedTranslation cached)
    {
        int frame = cached.Translation.Frame;
        if (_memory.Map.IsStorage(frame) || !_memory.Dram.TryFind(frame, out byte[] bytes, out int offset))
        {
            return false;
        }

        entry.Tags = null;
        if (cached.Translation.IsTagged)
        {
            if (!_memory.Tags.TryLines(frame, out byte[] lines, out int tagsOffset))
            {
                return false;
            }

            byte* content = Start(lines);
            entry.Tags = content + tagsOffset;
            entry.TagStates = content + _memory.Layout.Geometry.PageBytes + (tagsOffset / Dram.TagMap.LineBytes);
        }

        entry.Bytes = Start(bytes) + offset;
        entry.ReadPage = cached.Translation.IsReadable ? cached.Page : NoPage;
        entry.WritePage = cached.Translation.IsWritable && !_memory.IsCode(frame) ? cached.Page : NoPage;
        return true;
    }

    private static byte* Start(byte[] pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
