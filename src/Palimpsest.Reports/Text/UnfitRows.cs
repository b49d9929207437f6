using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>Designs that cannot run, below those that did: a name and a reason each.</summary>
internal static class UnfitRows
{
    public static void Write(Terminal terminal, IEnumerable<UnfitDesign> designs)
    {
        foreach (UnfitDesign design in designs)
        {
            terminal.Paragraph($"{design.Design.Label}  left out: {design.Reason}");
        }
    }
}
