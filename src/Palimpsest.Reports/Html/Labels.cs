using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html;

/// <summary>Names of the designs of one report, each different: a design may be run twice with other parameters.</summary>
internal sealed class Labels
{
    private readonly Dictionary<DesignResult, string> _labels = new(ReferenceEqualityComparer.Instance);

    public Labels(IReadOnlyList<DesignResult> designs)
    {
        HashSet<string> used = [];
        foreach (DesignResult design in designs)
        {
            string wanted = design.Design.Label;
            string label = wanted;
            for (int copy = 2; !used.Add(label); copy++)
            {
                label = $"{wanted} ({copy})";
            }

            _labels.Add(design, label);
        }
    }

    public string Of(DesignResult design) => _labels[design];
}
