namespace Palimpsest.Kernel.Tasks;

/// <summary>A page that somebody outside the process's memory holds on to.</summary>
public sealed class PinnedPage
{
    internal PinnedPage(int folio, int frame)
    {
        Folio = folio;
        Frame = frame;
    }

    /// <summary>Frame number, as in a layout.</summary>
    public int Frame { get; }

    internal int Folio { get; }
}
