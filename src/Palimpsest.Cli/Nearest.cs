namespace Palimpsest.Cli;

/// <summary>Which word somebody may have meant.</summary>
internal static class Nearest
{
    private const int MostSlips = 3;

    /// <summary>"; did you mean this?" of the word that takes fewest slips; empty where none is near.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        known.Select(other => (Word: other, Slips: Slips(word, other))).Where(other => other.Slips <= Math.Min(MostSlips, word.Length / 2))
            .OrderBy(other => other.Slips).Select(other => $"; did you mean {other.Word}?").FirstOrDefault("");

    /// <summary>Letters that are put in, left out, changed, or have changed places with the next.</summary>
    private static int Slips(string word, string other)
    {
        int[,] least = new int[word.Length + 1, other.Length + 1];
        for (int row = 0; row <= word.Length; row++)
        {
            for (int column = 0; column <= other.Length; column++)
            {
                least[row, column] = row == 0 || column == 0 ? row + column : Math.Min(
                    Math.Min(least[row - 1, column], least[row, column - 1]) + 1,
                    least[row - 1, column - 1] + (word[row - 1] == other[column - 1] ? 0 : 1));
                if (row > 1 && column > 1 && word[row - 1] == other[column - 2] && word[row - 2] == other[column - 1])
                {
                    least[row, column] = Math.Min(least[row, column], least[row - 2, column - 2] + 1);
                }
            }
        }

        return least[word.Length, other.Length];
    }
}
