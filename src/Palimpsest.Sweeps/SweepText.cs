using Palimpsest.Reports.Text;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps;

/// <summary>A sweep in words: what it will do, and what it did.</summary>
public static class SweepText
{
    private const int MostErrors = 5;

    /// <summary>An estimate, then a line a cell: its key and the command that repeats it.</summary>
    /// <param name="threads">Cells at a time.</param>
    public static void WritePlan(Terminal terminal, SweepPlan plan, int threads)
    {
        SweepEstimate estimate = SweepEstimate.Of(plan, threads);
        terminal.Paragraph(estimate.Sentence(plan, threads));
        terminal.Line();
        for (int index = 0; index < plan.Count; index++)
        {
            terminal.Line($"{plan.KeyOf(index, BuildIdentity.Current).ToString()}  {CellCommand.Of(plan[index])}");
        }
    }

    /// <summary>What there is now, and where to read it.</summary>
    /// <param name="before">Cells that were there before.</param>
    public static void WriteEnd(Terminal terminal, SweepPlan plan, ResultFolder results, int before)
    {
        terminal.Paragraph(Vocabulary.InvariantText.Of($"{plan.Count:N0} cells in {results.Path}, {results.Count - before:N0} of them new.")
            + $" palimpsest results {results.Path} says what they tell.");
        if (results.SetAside.Count > 0)
        {
            terminal.Line();
            terminal.Alarm($"{results.SetAside.Count:N0} cells broke three times and were set aside (set-aside.txt):");
            foreach (string error in results.SetAside.Take(MostErrors))
            {
                terminal.Paragraph(error.Replace("\t", ": ", StringComparison.Ordinal), indent: 2);
            }
        }
    }
}
