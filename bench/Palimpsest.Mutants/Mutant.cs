namespace Palimpsest.Mutants;

/// <summary>A plausible bug: one place of one file, and what stands there instead.</summary>
/// <param name="Rule">What the code does right, in words that outlive the lines.</param>
/// <param name="File">From the root of the repository.</param>
internal sealed record Mutant(string Id, string Rule, string File, string Right, string Wrong)
{
    private const string Fence = "~~~";

    /// <summary>
    /// Reads a file of bench/mutants: "rule: ", "file: ", the right lines between two fences and the wrong ones between the
    /// second and a third.
    /// </summary>
    public static Mutant Read(string path)
    {
        string[] parts = System.IO.File.ReadAllText(path).Split(Fence + "\n");
        string[] head = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 4
            ? new Mutant(Path.GetFileNameWithoutExtension(path), Field(head, "rule"), Field(head, "file"), parts[1], parts[2])
            : throw new InvalidDataException($"{path}: rule, file and three lines of {Fence} are wanted");

        string Field(string[] lines, string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..]
            ?? throw new InvalidDataException($"{path}: no line '{name}: '");
    }

    /// <summary>The text of its file with the bug in it.</summary>
    /// <exception cref="InvalidDataException">The right lines stand there never or more than once: the code has moved on.</exception>
    public string Applied(string text)
    {
        int at = text.IndexOf(Right, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(Right, at + 1, StringComparison.Ordinal) < 0
            ? text[..at] + Wrong + text[(at + Right.Length)..]
            : throw new InvalidDataException($"{Id}: {File} has its lines {(at < 0 ? "no longer" : "more than once")}");
    }
}
