using Palimpsest.Designs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>The design that a result is of.</summary>
/// <param name="Parameters">As the command line writes them; empty for a design without any.</param>
/// <param name="IsBound">It marks an end of the scale; nobody would ship it.</param>
public sealed record DesignFacts(string Name, string Parameters, string Origin, string Essence, bool IsBound)
{
    /// <summary>Parameters that are not as the design has them by itself, in the same words.</summary>
    public string Changed { get; init; } = "";

    /// <summary>What tells its row from that of the same design with other parameters.</summary>
    public string Label => Changed.Length == 0 ? Name : $"{Name}:{Changed}";

    /// <summary>Name, parameters and sentence of a choice.</summary>
    public static DesignFacts Of(DesignChoice choice) =>
        new(choice.Name, choice.ParameterText, choice.Entry.Origin, choice.Entry.Essence, choice.Entry.IsBound)
        {
            Changed = choice.ChangedText,
        };

    /// <summary>What a design can be told, with what it takes by itself: use=first,attempts=5.</summary>
    public static string ParametersOf(DesignEntry entry) => new DesignChoice(entry, entry.Defaults).ParameterText;

    /// <summary>Designs by NAME or NAME:PARAMETER=VALUE,...; all with their defaults where none is named.</summary>
    /// <param name="bothEngines">Each that can take its storage by either engine stands there with both.</param>
    /// <exception cref="UsageException">No such design or parameter, or a value out of range.</exception>
    internal static IReadOnlyList<DesignChoice> Chosen(
        IReadOnlyList<string> names, IReadOnlyList<DesignEntry> own, bool bothEngines = false)
    {
        IEnumerable<DesignChoice> chosen = names.Count == 0
            ? [.. DesignCatalog.Defaults, .. own.Select(entry => new DesignChoice(entry, entry.Defaults))]
            : [.. names.Select(name => DesignCatalog.Parse(name, own))];
        return [.. bothEngines ? chosen.SelectMany(choice => choice.WithBothEngines) : chosen];
    }
}
