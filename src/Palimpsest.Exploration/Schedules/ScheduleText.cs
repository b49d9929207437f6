using System.Globalization;
using System.Text;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Schedules;

/// <summary>The text of schedules.</summary>
internal static class ScheduleText
{
    private const int MostChoices = 1_000_000;
    private const string Word = "schedule";

    public static string Print(Schedule schedule)
    {
        StringBuilder text =
            new(string.Create(CultureInfo.InvariantCulture, $"{Word} {Schedule.Version} {schedule.Scenario} seed {schedule.Seed}:"));
        IReadOnlyList<Choice> choices = schedule.Choices;
        for (int at = 0; at < choices.Count;)
        {
            if (choices[at].IsValue)
            {
                text.Append(at == 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"?{choices[at++].Value}");
                continue;
            }

            int turns = Turns(choices, at);
            text.Append(' ').Append(choices[at].Actor).Append(turns > 1 ? string.Create(CultureInfo.InvariantCulture, $"*{turns}") : "");
            at += turns;
        }

        return text.ToString();
    }

    public static Schedule Parse(string text)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        if (lines.Length != 1)
        {
            throw new ScheduleFormatException($"a schedule is one line, here are {lines.Length}");
        }

        int colon = lines[0].IndexOf(':', StringComparison.Ordinal);
        string[] head = lines[0][..Math.Max(colon, 0)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (head.Length != 5 || head[0] != Word || head[3] != "seed"
            || !ulong.TryParse(head[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            throw new ScheduleFormatException($"a schedule begins with \"{Word} {Schedule.Version} SCENARIO seed NUMBER:\"");
        }

        return head[1] == Schedule.Version.ToString(CultureInfo.InvariantCulture)
            ? new Schedule(head[2], seed, Choices(lines[0][(colon + 1)..]))
            : throw new ScheduleFormatException($"schedule of version {Start(head[1])}, this reads version {Schedule.Version}");
    }

    /// <summary>How often an actor goes in a row without drawing a value before the last time.</summary>
    private static int Turns(IReadOnlyList<Choice> choices, int at)
    {
        int turns = 1;
        while (at + turns < choices.Count && choices[at + turns].Actor == choices[at].Actor)
        {
            turns++;
        }

        return turns;
    }

    private static List<Choice> Choices(string text)
    {
        List<Choice> choices = [];
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] values = word.Split('?');
            string[] turns = values[0].Split('*');
            int count = turns.Length == 1 ? 1 : Number(turns[^1], word);
            bool isDrawnFirst = word[0] == '?' && choices.Count == 0;
            if ((turns[0].Length == 0 && !isDrawnFirst) || turns.Length > 2 || count < 1
                || choices.Count + count + values.Length > MostChoices)
            {
                throw Bad(word);
            }

            choices.AddRange(Enumerable.Repeat(new Choice(turns[0], 0), isDrawnFirst ? 0 : count));
            choices.AddRange(values.Skip(1).Select(value => new Choice(null, Number(value, word))));
        }

        return choices;
    }

    private static int Number(string text, string word) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Bad(word);

    private static string Start(string word) => word.Length > 40 ? word[..40] : word;

    private static ScheduleFormatException Bad(string word) =>
        new($"\"{Start(word)}\" is no choice of a schedule: NAME, NAME*TURNS or NAME?VALUE, {MostChoices} in all");
}
