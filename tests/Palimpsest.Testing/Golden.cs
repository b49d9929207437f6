namespace Palimpsest.Testing;

/// <summary>Compares a text with a file in Goldens/, and shows where they part.</summary>
public static class Golden
{
    private const int ContextLines = 4;

    public static void Matches(string name, string actual)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Goldens");
        string path = Path.Combine(folder, name);
        string[] expected = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] lines = actual.TrimEnd('\n').Split('\n');
        int first = Enumerable.Range(0, Math.Max(expected.Length, lines.Length))
            .FirstOrDefault(line => line >= expected.Length || line >= lines.Length || expected[line] != lines[line], -1);
        if (first < 0)
        {
            return;
        }

        string kept = Path.Combine(folder, name + ".actual");
        Directory.CreateDirectory(folder);
        File.WriteAllText(kept, actual.TrimEnd('\n') + "\n");
        Assert.Fail($"{name} differs from line {first + 1} on; all of it is in {kept}\n{Difference(expected, lines, first)}");
    }

    private static string Difference(string[] expected, string[] actual, int first)
    {
        IEnumerable<string> before = actual.Take(first).TakeLast(ContextLines).Select(line => "  " + line);
        IEnumerable<string> wanted = expected.Skip(first).Take(ContextLines).Select(line => "- " + line);
        IEnumerable<string> got = actual.Skip(first).Take(ContextLines).Select(line => "+ " + line);
        return string.Join('\n', before.Concat(wanted).Concat(got));
    }
}
