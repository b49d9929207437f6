using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>What the documents name is there: pages, paths, projects, files, and members of types.</summary>
public sealed partial class DocumentTests
{
    // Stands for several.
    private static readonly string[] Patterns = ["bench/README.md: tests/Palimpsest.Lab.Tests/Corpus/READER.tar.zst"];

    private static readonly Lazy<string[]> Sources = new(() => [.. SourceTree.All()]);

    public static TheoryData<string> Pages() =>
    [
        .. new[] { "README.md", "CONTRIBUTING.md", "bench/README.md", "samples/README.md" },
        .. Directory.GetFiles(Path.Combine(SourceTree.Top, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SourceTree.Top, file)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void WhatAPageNamesExists(string page)
    {
        string text = Fence().Replace(File.ReadAllText(Path.Combine(SourceTree.Top, page)), "");
        string folder = Path.GetDirectoryName(page)!;
        IEnumerable<string> missing = Link().Matches(text).Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !Exists(Path.Combine(folder, link)))
            .Concat(Project().Matches(text).Select(project => project.Value).Where(project => !IsProject(project)))
            .Concat(Code().Matches(text).Select(code => code.Groups[1].Value).Where(code => !IsThere(code)));

        Assert.Empty(missing.Select(name => $"{page}: {name}").Except(Patterns));
    }

    [Theory]
    [InlineData("src/Palimpsest.Kernel/Nowhere.cs", false)]
    [InlineData("src/Palimpsest.Kernel/Tasks", true)]
    [InlineData("Nowhere.cs", false)]
    [InlineData("RaceSearch.Beyond", false)]
    [InlineData("Tasks/LinuxTask.Resolve", true)]
    [InlineData("Reclaim/LinuxTask.Resolve", false)]
    [InlineData("--pinned 0.2", true)]
    public void TheScanSeesWhatIsNot(string code, bool isThere) => Assert.Equal(isThere, IsThere(code));

    private static bool IsThere(string code)
    {
        if (PathOfTree().IsMatch(code))
        {
            return Exists(code);
        }

        if (FileName().IsMatch(code))
        {
            return Sources.Value.Any(file => Path.GetFileName(file) == code) || Directory.GetFiles(SourceTree.Top, code,
                new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 }).Length > 0;
        }

        return Member().Match(code) is not { Success: true } member || code.Contains("Palimpsest.", StringComparison.Ordinal)
            || Sources.Value.Where(file => IsIn(file, member.Groups[1].Value))
                .Any(file => Has(file, member.Groups[2].Value, member.Groups[3].Value));
    }

    private static bool IsIn(string file, string rooms) =>
        Path.GetDirectoryName(file)!.Replace('\\', '/').EndsWith(rooms.TrimEnd('/'), StringComparison.Ordinal);

    /// <summary>The file declares the type, and names the member anywhere but in its usings.</summary>
    private static bool Has(string file, string type, string member)
    {
        string code = Using().Replace(SourceTree.CodeOf(file), "");
        return Regex.IsMatch(code, $@"\b(class|struct|record|interface|enum) {type}\b") && Regex.IsMatch(code, $@"\b{member}\b");
    }

    private static bool IsProject(string name) => new[] { "src", "tests", "bench" }.Any(folder => Exists(Path.Combine(folder, name)));

    private static bool Exists(string path) => Path.Exists(Path.Combine(SourceTree.Top, path));

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bPalimpsest\.[A-Z]\w+(\.Tests)?")]
    private static partial Regex Project();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(src|tests|bench|docs|samples|web)/[\w./-]+$")]
    private static partial Regex PathOfTree();

    [GeneratedRegex(@"^[\w.-]+\.(cs|md|csproj|slnx|js)$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^((?:[A-Z]\w+/)*)([A-Z][a-z]\w*)\.([A-Z]\w+)$")]
    private static partial Regex Member();

    [GeneratedRegex(@"^using [^\n]*", RegexOptions.Multiline)]
    private static partial Regex Using();
}
