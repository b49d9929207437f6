using Palimpsest.Machine.Cores;

namespace Palimpsest.Machine.Tests.Cores;

/// <summary>Pages one by one, as a test maps them.</summary>
internal sealed class FlatTable : PageTable
{
    private readonly Dictionary<ulong, Translation> _pages = [];

    public int Walks { get; private set; }

    public Translation this[ulong page]
    {
        set => _pages[page] = value;
    }

    public void Unmap(ulong page) => _pages.Remove(page);

    public override bool TryTranslate(ulong page, out Translation translation)
    {
        Walks++;
        return _pages.TryGetValue(page, out translation);
    }
}
