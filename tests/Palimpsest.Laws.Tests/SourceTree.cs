using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>The sources of the repository, for laws that are read off them.</summary>
internal static partial class SourceTree
{
    public static readonly string Top = Root();

    public static readonly string Source = Path.Combine(Top, "src");

    /// <summary>Every source file of the repository, of tests and benchmarks too.</summary>
    public static IEnumerable<string> All() => new[] { "src", "tests", "bench" }.Select(folder => Path.Combine(Top, folder))
        .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")))
        .Order(StringComparer.Ordinal);

    public static string CodeOf(string file) => Comment().Replace(File.ReadAllText(file), "");

    /// <summary>What the README and the pages of docs show.</summary>
    public static string Readme() => string.Join('\n',
        Directory.GetFiles(Path.Combine(Top, "docs"), "*.md").Prepend(Path.Combine(Top, "README.md"))
            .SelectMany(page => Fence().Matches(File.ReadAllText(page)).Select(fence => fence.Value)));

    public static IEnumerable<string> Projects() => Directory.GetDirectories(Source).Select(folder => Path.GetFileName(folder)!);

    public static string ProjectFile(string project) => Path.Combine(Source, project, project + ".csproj");

    /// <summary>Sources of a project without their comments.</summary>
    public static IEnumerable<(string File, string Code)> Files(string project)
    {
        string folder = Path.Combine(Source, project);
        string[] files = [.. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(Path.GetRelativePath(folder, file)))];
        Assert.NotEmpty(files);
        return files.Select(file => (Path.GetRelativePath(Source, file), CodeOf(file)));
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("```csharp.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    private static bool IsBuilt(string path) =>
        path.StartsWith("obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || path.StartsWith("bin" + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Root([CallerFilePath] string path = "")
    {
        DirectoryInfo? folder = new(Path.GetDirectoryName(path)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Palimpsest.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no Palimpsest.slnx above the tests");
    }
}
