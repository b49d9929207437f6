using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Palimpsest.Cli.Tests;

/// <summary>Source code that is compiled against the library as a project with implicit usings that has the package would be.</summary>
internal static partial class OwnSource
{
    private static readonly string[] Implicit =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    /// <summary>All C# of a page, in its order.</summary>
    public static string Shown(string page) =>
        string.Join('\n', Fence().Matches(File.ReadAllText(page)).Select(fence => fence.Groups[1].Value));

    /// <summary>Compiles it with the compiler of the SDK.</summary>
    /// <param name="library">Path of what is made.</param>
    /// <param name="references">Beside the libraries of this program.</param>
    public static void Compile(string code, string library, params string[] references)
    {
        string source = library + ".cs";
        string usings = library + ".usings.cs";
        File.WriteAllText(source, code);
        File.WriteAllLines(usings, Implicit.Concat(OfThePackage()).Select(name => $"global using {name};"));
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string compiler = Directory.GetDirectories(Path.Combine(runtime, "..", "..", "..", "sdk"), "10.*")
            .Order(StringComparer.Ordinal).Last();
        ProcessStartInfo start = new("dotnet",
        [
            Path.Combine(compiler, "Roslyn", "bincore", "csc.dll"), "-nologo", "-target:library", "-nullable:enable", "-warnaserror",
            $"-out:{library}", source, usings,
            .. Directory.GetFiles(AppContext.BaseDirectory, "Palimpsest.*.dll")
                .Where(file => !file.EndsWith("Tests.dll", StringComparison.Ordinal))
                .Concat(Directory.GetFiles(runtime, "System.*.dll").Where(file => !file.Contains("Native", StringComparison.Ordinal)))
                .Concat(references).Select(file => $"-reference:{file}"),
        ]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    private static IEnumerable<string> OfThePackage() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Goldens", "Palimpsest.props")).Descendants("Using")
            .Select(element => element.Attribute("Include")!.Value);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
