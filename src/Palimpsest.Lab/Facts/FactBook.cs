using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Facts;

/// <summary>
/// All that the inputs of one trial tell of its machine, held against each other: of each kind the best source is believed, and
/// whoever says otherwise is refused or noted, never passed over.
/// </summary>
internal sealed class FactBook
{
    private readonly List<Fact> _facts = [];

    /// <summary>In the order of kinds, the best source of each first.</summary>
    public IReadOnlyList<Fact> Facts => [.. _facts.OrderBy(fact => fact.Kind).ThenByDescending(fact => fact.Source)];

    /// <summary>Adds what an input tells; nothing where it does not tell.</summary>
    public void Add(FactKind kind, ulong? value, FactSource source, string place, ulong? least = null)
    {
        if (value is { } told)
        {
            _facts.Add(new Fact(kind, told, source, place, least));
        }
    }

    /// <summary>What is believed; null where nobody tells.</summary>
    public Fact? Best(FactKind kind) => Facts.FirstOrDefault(fact => fact.Kind == kind);

    /// <summary>A sentence for each fact that cannot be true beside the best of its kind.</summary>
    /// <exception cref="InputException">Two cannot be of one machine, and what was computed from both would be of none.</exception>
    public IReadOnlyList<string> Settle()
    {
        List<string> notes = [];
        foreach (IGrouping<FactKind, Fact> kind in Facts.GroupBy(fact => fact.Kind))
        {
            Fact best = kind.First();
            foreach (Fact other in kind.Skip(1).Where(fact => !fact.AgreesWith(best)))
            {
                if (FactRules.Refusal(best, other) is { } remedy)
                {
                    throw new InputException(
                        $"{best.Place}: {FactRules.Name(best.Kind)} {best.Text}, but {other.Place} says {other.Text}; {remedy}");
                }

                if (!FactRules.IsReplaced(other))
                {
                    notes.Add(FactRules.Note(best, other));
                }
            }
        }

        return notes;
    }
}
