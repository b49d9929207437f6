using System.Text;
using Palimpsest.Exploration.Runs;

namespace Palimpsest.Races;

/// <summary>One run as text that can be pasted into a mail: a line a step, a column an actor, the locks that it held.</summary>
public static class RunTable
{
    private const int LineWidth = 100;

    /// <summary>More steps of one kind in a row are told by the first and the last.</summary>
    private const int MostAlike = 4;

    public static string Print(RunRecord run)
    {
        StringBuilder text = new();
        int column = Math.Clamp((LineWidth - 4) / Math.Max(1, run.Actors.Count), 24, 46);
        text.Append("    ").AppendLine(string.Concat(run.Actors.Select(actor => Cell(actor, column))).TrimEnd());
        for (int at = 0; at < run.Steps.Count;)
        {
            int alike = Alike(run.Steps, at);
            Append(text, run.Steps[at], at + 1, column);
            if (alike > MostAlike)
            {
                text.Append("    ").Append(new string(' ', run.Steps[at].Actor * column)).AppendLine($"... {alike - 2} steps alike");
                at += alike - 1;
                Append(text, run.Steps[at], at + 1, column);
            }

            at++;
        }

        if (run.Failure is { } failure)
        {
            text.AppendLine($"    => {failure}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, RunStep step, int number, int column)
    {
        string locks = step.Held.Count > 0 ? $"  [{string.Join(", ", step.Held)}]" : "";
        string drawn = step.Values.Count > 0 ? $" ({string.Join(", ", step.Values)})" : "";
        text.Append($"{number,3} ").Append(new string(' ', step.Actor * column)).AppendLine($"{step.Words}{drawn}{locks}");
    }

    /// <summary>Steps from one on of the same actor and kind.</summary>
    private static int Alike(IReadOnlyList<RunStep> steps, int from)
    {
        int end = from + 1;
        while (end < steps.Count && steps[end].Actor == steps[from].Actor && steps[end].Step.Kind == steps[from].Step.Kind && steps[from].Took is null)
        {
            end++;
        }

        return end - from;
    }

    private static string Cell(string text, int width) => text.Length >= width ? text[..(width - 1)] + " " : text.PadRight(width);
}
