namespace Palimpsest.Mutants;

/// <summary>A plausible bug: one place of one file, and what stands there instead.</summary>
/// <param name="Rule">What the code does right, in words that outlive the lines.</param>
/// <param name="Project">Under src: the code may move about in it.</param>
internal sealed record Mutant(string Id, string Rule, string Project, string Right, string Wrong)
{
    private const string Fence = "~~~";

    /// <summary>
    /// Reads a file of bench/mutants: "rule: ", "project: ", the right text between two fences and the wrong one between the
    /// second and a third.
    /// </summary>
    public static Mutant Read(string path)
    {
        string[] parts = File.ReadAllText(path).Split(Fence + "\n");
        string[] head = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 4
            ? new Mutant(Path.GetFileNameWithoutExtension(path), Field(head, "rule"), Field(head, "project"), parts[1], parts[2])
            : throw new InvalidDataException($"{path}: rule, project and three lines of {Fence} are wanted");

        string Field(string[] lines, string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..]
            ?? throw new InvalidDataException($"{path}: no line '{name}: '");
    }

    /// <summary>The one file that has the right text, and its text with the bug in it.</summary>
    /// <exception cref="InvalidDataException">No file has it, or it stands more than once: the code has moved on.</exception>
    public (string File, string Text) In(string root)
    {
        string folder = Path.Combine(root, "src", Project);
        string right = Right.TrimEnd('\n');
        (string File, string Text)[] places =
        [
            .. from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
               let text = File.ReadAllText(file)
               from at in Places(text, right)
               select (file, text[..at] + Wrong.TrimEnd('\n') + text[(at + right.Length)..]),
        ];
        return places is [var only] ? only : throw new InvalidDataException($"{Id}: {Project} has its text {places.Length} times");
    }

    private static IEnumerable<int> Places(string text, string part)
    {
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            yield return at;
        }
    }
}
