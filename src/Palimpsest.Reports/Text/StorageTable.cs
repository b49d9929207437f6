using Palimpsest.Lab.Fidelity;

namespace Palimpsest.Reports.Text;

/// <summary>Decisions about tag storage on a terminal.</summary>
internal static class StorageTable
{
    private const int MissesShown = 8;

    /// <param name="design">What the recorded kernel does with its tag storage.</param>
    /// <param name="others">Misses of the allocator, which are numbered before those of tag storage.</param>
    public static void Write(Terminal terminal, StorageResult storage, string? design, int others)
    {
        terminal.Line($"tag storage as {design}");
        terminal.Line($"{"tag storage, guided",-40}{"as kernel",12}{"of",12}{"%",10}");
        foreach ((StorageQuestion question, Tally tally) in storage.Questions)
        {
            if (tally.Total > 0)
            {
                terminal.Line($"  {StorageExplanation.QuestionName(question),-38}{tally.Predicted,12:N0}{tally.Total,12:N0}"
                    + $"{100 * tally.Share,10:N3}");
            }
        }

        terminal.Line($"deduced {storage.ReservedAtStart:N0} pages with storage at the first event; {storage.Contradictions:N0} blocks of "
            + $"another state than thought");
        terminal.Line();
        terminal.Line($"{storage.Misses.Count:N0} misses of tag storage (--explain N shows the block)");
        for (int index = 0; index < Math.Min(storage.Misses.Count, MissesShown); index++)
        {
            MissedStorage miss = storage.Misses[index];
            terminal.Line($"{others + index + 1,4}  {miss.TimeNs / 1e9:N3} s  "
                + $"{miss.Question.ToString().ToLowerInvariant()} of {miss.Pfn:x}: {miss.Model}; the kernel: {miss.Kernel}");
        }

        terminal.Line();
    }
}
