using System.Diagnostics;

namespace Palimpsest.Mutants;

/// <summary>How a mutant fared: which suite caught it by which test; null when it survived.</summary>
internal sealed record Verdict(Mutant Mutant, string? Suite, string? Test, TimeSpan Took);

/// <summary>Puts one mutant after the other into a copy of the repository, and asks the suites.</summary>
internal sealed class Trials(string root, IReadOnlyList<string> suites, TimeSpan time)
{
    public void Build()
    {
        foreach (string suite in suites)
        {
            Dotnet("build", Path.Combine(root, "tests", $"Palimpsest.{suite}.Tests"), "-v", "q", "--nologo");
        }
    }

    public Verdict Try(Mutant mutant)
    {
        long began = Stopwatch.GetTimestamp();
        (string file, string wrong) = mutant.In(root);
        string right = File.ReadAllText(file);
        File.WriteAllText(file, wrong);
        try
        {
            Rebuild(mutant.Project);
            foreach (Suite suite in suites.Select(name => new Suite(root, name)))
            {
                if (suite.FirstFailure(time) is { } test)
                {
                    return new Verdict(mutant, suite.Name, test, Stopwatch.GetElapsedTime(began));
                }
            }

            return new Verdict(mutant, null, null, Stopwatch.GetElapsedTime(began));
        }
        finally
        {
            File.WriteAllText(file, right);
            Rebuild(mutant.Project);
        }
    }

    private void Rebuild(string project)
    {
        Dotnet("build", Path.Combine(root, "src", project), "--no-restore", "--no-dependencies", "-v", "q", "--nologo");
        foreach (string suite in suites)
        {
            new Suite(root, suite).Take(Path.Combine(root, "src", project, "bin", "Debug", "net10.0", project + ".dll"));
        }
    }

    private static void Dotnet(params string[] arguments)
    {
        using Process build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            throw new InvalidDataException($"dotnet {string.Join(' ', arguments)}: {output}");
        }
    }
}
