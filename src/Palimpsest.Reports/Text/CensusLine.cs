using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Text;

/// <summary>A census in a line, for one after another: figures, and a bar of the ideal (#) and what is reserved beyond it (-).</summary>
public sealed class CensusLine
{
    private const int FirstBar = 24;
    private const int LongestBar = 40;

    private double _pagesOfALetter;

    /// <summary>The heading above the lines.</summary>
    public static string Heading => "       s       pages  tag pages    ideal  ratio  back %  # ideal, - beyond it";

    /// <summary>The first of them sets the scale of all bars.</summary>
    public string Of(CensusMoment moment)
    {
        Scatter all = moment.All;
        _pagesOfALetter = _pagesOfALetter == 0 && all.TagPages > 0 ? (double)all.TagPages / FirstBar : _pagesOfALetter;
        int ideal = Letters(all.IdealTagPages);
        int whole = Math.Max(ideal, Letters(all.TagPages));
        string bar = new string('#', ideal) + new string('-', whole - ideal);
        string cut = bar.Length > LongestBar ? bar[..LongestBar] + ">" : bar;
        string ratio = all.OverIdeal is { } known ? InvariantText.Of($"{known:N2}") : "-";
        return InvariantText.Of($"{moment.Seconds,8:N1}{all.Pages,12:N0}{all.TagPages,11:N0}{all.IdealTagPages,9:N0}{ratio,7}")
            + InvariantText.Of($"{moment.GivenBackPercent,8:N1}  {cut}").TrimEnd();
    }

    private int Letters(long pages) =>
        _pagesOfALetter == 0 ? 0 : (int)Math.Min(LongestBar + 1, Math.Round(pages / _pagesOfALetter));
}
