using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>A page that somebody outside the process's memory holds on to.</summary>
public sealed class PinnedPage
{
    internal PinnedPage(Frame folio, Frame frame)
    {
        Folio = folio;
        Frame = frame;
    }

    /// <summary>Frame number, as in a layout.</summary>
    public Frame Frame { get; }

    internal Frame Folio { get; }
}
