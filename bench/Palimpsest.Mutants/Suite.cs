using System.Diagnostics;

namespace Palimpsest.Mutants;

/// <summary>A built test project in a tree of its own.</summary>
internal sealed class Suite(string root, string name)
{
    // Holds each mutant to a place in the code, which is gone while one is in it.
    private const string HoldsTheMutants = "Palimpsest.Laws.Tests.MutantTests";

    private readonly string _folder = Path.Combine(root, "tests", $"Palimpsest.{name}.Tests", "bin", "Debug", "net10.0");

    public string Name => name;

    /// <summary>Gives the tests another build of an assembly.</summary>
    public void Take(string assembly)
    {
        string own = Path.Combine(_folder, Path.GetFileName(assembly));
        if (File.Exists(own))
        {
            File.Copy(assembly, own, overwrite: true);
        }
    }

    /// <summary>Runs until a test fails: its name, or null when none does. What has no end within the time is caught too.</summary>
    public string? FirstFailure(TimeSpan time)
    {
        ProcessStartInfo start = new(Path.Combine(_folder, $"Palimpsest.{name}.Tests"),
            ["-stopOnFail", "-parallelMode", "all", "-noColor", "-class-", HoldsTheMutants])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process tests = Process.Start(start)!;
        Task<string> output = tests.StandardOutput.ReadToEndAsync();
        Task<string> errors = tests.StandardError.ReadToEndAsync();
        if (!tests.WaitForExit(time))
        {
            tests.Kill(entireProcessTree: true);
            return "has no end";
        }

        return tests.ExitCode == 0 ? null : Failure(output.Result + errors.Result);
    }

    private static string Failure(string output)
    {
        string line = output.Split('\n').FirstOrDefault(line => line.Contains("[FAIL]", StringComparison.Ordinal)) ?? "crashes";
        return line.Replace("[FAIL]", "", StringComparison.Ordinal).Trim();
    }
}
