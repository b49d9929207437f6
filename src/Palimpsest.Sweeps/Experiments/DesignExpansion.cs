using System.Globalization;
using Palimpsest.Designs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>The designs of an experiment, one for each combination of their parameters; those that are the same are one.</summary>
internal static class DesignExpansion
{
    private const int MostDesigns = 100_000;

    /// <exception cref="InputException">A design or a value cannot be, with the line.</exception>
    public static IReadOnlyList<DesignChoice> Of(ExperimentFile file)
    {
        List<DesignChoice> designs = [];
        HashSet<string> labels = [];
        foreach ((int index, DesignGrid grid) in file.Experiment.Designs.Index())
        {
            string place = $"designs[{index}]";
            foreach (string text in Combinations(file, grid, place))
            {
                DesignChoice choice = Parsed(file, text, place, grid);
                if (labels.Add($"{choice.Name}:{choice.ChangedText}"))
                {
                    designs.Add(choice);
                }
            }
        }

        return designs;
    }

    private static DesignChoice Parsed(ExperimentFile file, string text, string place, DesignGrid grid)
    {
        try
        {
            return DesignCatalog.Parse(text);
        }
        catch (UsageException exception)
        {
            // The message names the parameter, as the command line has it.
            string? blamed = grid.Parameters.Keys.Concat(grid.Ranges.Keys)
                .FirstOrDefault(name => exception.Message.Contains(name, StringComparison.Ordinal));
            string member = blamed is null ? ".name" : grid.Ranges.ContainsKey(blamed) ? $".ranges.{blamed}" : $".parameters.{blamed}";
            throw file.Wrong(place + member, exception.Message.Replace("--design ", "", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Combinations(ExperimentFile file, DesignGrid grid, string place)
    {
        List<(string Name, IReadOnlyList<string> Values)> axes =
            [.. grid.Parameters.Select(parameter => (parameter.Key, Given(file, parameter, $"{place}.parameters.{parameter.Key}")))];
        foreach ((string name, NumberRange range) in grid.Ranges)
        {
            if (grid.Parameters.ContainsKey(name))
            {
                throw file.Wrong($"{place}.ranges.{name}", "it has values in parameters already; leave one out");
            }

            axes.Add((name, Numbers(file, range, $"{place}.ranges.{name}")));
        }

        long count = axes.Aggregate(1L, (product, axis) => Math.Min(MostDesigns + 1L, product * axis.Values.Count));
        return count > MostDesigns
            ? throw file.Wrong(place, $"more than {MostDesigns} combinations; leave some values out")
            : axes.Aggregate<(string Name, IReadOnlyList<string> Values), IEnumerable<string>>([""], (texts, axis) =>
                texts.SelectMany(text => axis.Values.Select(value => $"{text},{axis.Name}={value}")))
                .Select(text => text.Length == 0 ? grid.Name : $"{grid.Name}:{text[1..]}");
    }

    private static IReadOnlyList<string> Given(ExperimentFile file, KeyValuePair<string, IReadOnlyList<string>> parameter, string place) =>
        parameter.Value.Count > 0 ? parameter.Value : throw file.Wrong(place, "it has no value; give one at least, or leave it out");

    private static string[] Numbers(ExperimentFile file, NumberRange range, string place)
    {
        if (range.Step < 1 || range.To < range.From || (range.To - (long)range.From) / range.Step >= MostDesigns)
        {
            throw file.Wrong(place, $"from {range.From} to {range.To} by {range.Step} is no range; "
                + "give from <= to and a step of 1 or more");
        }

        return [.. Enumerable.Range(0, ((range.To - range.From) / range.Step) + 1)
            .Select(at => (range.From + (at * range.Step)).ToString(CultureInfo.InvariantCulture))];
    }
}
