namespace Palimpsest.Vocabulary;

/// <summary>A law of docs/laws.md was broken: a bug of this program, never of its input.</summary>
public sealed class LawException(string law, string message) : Exception($"{law}: {message}")
{
    /// <summary>Id of docs/laws.md.</summary>
    public string Law { get; } = law;
}

/// <summary>A broken law found by an audit.</summary>
/// <param name="Law">Id as in docs/laws.md, e.g. BUDDY-1.</param>
/// <param name="Message">What disagrees with what, with frame numbers.</param>
public readonly record struct LawViolation(string Law, string Message)
{
    /// <summary>LAW: what was seen.</summary>
    public override string ToString() => $"{Law}: {Message}";
}
