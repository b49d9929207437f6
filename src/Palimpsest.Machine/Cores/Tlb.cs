using Palimpsest.Machine.Caches;

namespace Palimpsest.Machine.Cores;

/// <summary>A cached translation.</summary>
/// <param name="Page">Page that it is of, or <see cref="Tlb.NoPage"/>.</param>
internal readonly record struct CachedTranslation(ulong Page, Translation Translation);

/// <summary>Direct-mapped translation cache of one CPU; like the hardware's, it is stale until it is invalidated.</summary>
internal sealed class Tlb
{
    public const ulong NoPage = ulong.MaxValue;

    private const ulong IndexMask = Entries - 1;
    private const int Entries = 2048;

    private readonly CachedTranslation[] _translations = new CachedTranslation[Entries];
    private readonly ShortWays _short;
    private readonly int _pageShift;

    public Tlb(TaggedMemory memory)
    {
        _short = new ShortWays(memory);
        _pageShift = memory.Layout.Geometry.PageShift;
        Clear();
    }

    /// <summary>Where accesses can be performed at once.</summary>
    public ShortWays Short => _short;

    public void Clear()
    {
        _translations.AsSpan().Fill(new CachedTranslation(NoPage, default));
        _short.Clear();
    }

    public void Invalidate(ulong page)
    {
        ref CachedTranslation cached = ref _translations[page & IndexMask];
        if (cached.Page == page)
        {
            cached = new CachedTranslation(NoPage, default);
        }

        _short.ForgetPage(page << _pageShift);
    }

    /// <summary>The translation of a page, by a walk if need be; false on a translation fault.</summary>
    public bool TryFind(PageTable table, ulong page, out Translation translation)
    {
        ref CachedTranslation cached = ref _translations[page & IndexMask];
        if (cached.Page != page)
        {
            if (!table.TryTranslate(page, out translation))
            {
                return false;
            }

            cached = new CachedTranslation(page, translation);
        }

        translation = cached.Translation;
        return true;
    }
}
