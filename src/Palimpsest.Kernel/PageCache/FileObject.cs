using Palimpsest.Kernel.Owners;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageCache;

/// <summary>A file, or an object of shared memory (tmpfs, memfd, shared anonymous memory), and its pages in memory.</summary>
/// <param name="isShared">RAM-based: its pages go to swap, and may be mapped PROT_MTE.</param>
internal sealed class FileObject(int id, int pages, bool isShared)
{
    private readonly Dictionary<int, int> _folios = [];

    public int Id { get; } = id;

    /// <summary>Length in pages.</summary>
    public int Pages { get; set; } = pages;

    /// <summary>What is in it before anybody writes; null for a pattern.</summary>
    public IFirstContent? First { get; init; }

    public bool IsShared { get; } = isShared;

    /// <summary>Mappings and open descriptors; the object goes with the last.</summary>
    public int Users { get; set; }

    /// <summary>Slots of pages that are in swap, by index; of shared memory only.</summary>
    public Dictionary<int, int> SwapSlots { get; } = [];

    /// <summary>What was written back to storage, by index; other pages have their first content.</summary>
    public Dictionary<int, byte[]> Stored { get; } = [];

    /// <summary>Pages that were dropped under pressure, by index: to read one again is a refault.</summary>
    public Dictionary<int, Shadow> Evicted { get; } = [];

    public int CachedPages => _folios.Count;

    /// <summary>Indexes and frames of cached pages; do not rely on their order.</summary>
    public IReadOnlyDictionary<int, int> Cached => _folios;

    /// <summary>Frame of a cached page, or none.</summary>
    public Frame Find(int index) => new(_folios.GetValueOrDefault(index, -1));

    public void Insert(int index, Frame frame) => _folios[index] = frame.Index;

    public void Remove(int index) => _folios.Remove(index);
}

/// <summary>The content of a file as it lies on storage.</summary>
internal interface IFirstContent
{
    /// <param name="page">A whole page, of zeros.</param>
    void Fill(int index, Span<byte> page);
}
