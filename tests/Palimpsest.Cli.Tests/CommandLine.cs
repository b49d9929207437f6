using System.Diagnostics;

namespace Palimpsest.Cli.Tests;

/// <summary>What the program printed and how it ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);

/// <summary>Runs the program as a shell would.</summary>
internal static class CommandLine
{
    public static string SampleTrace => Path.Combine(AppContext.BaseDirectory, "samples", "small.txt.zst");

    public static string SampleBoard => Path.Combine(AppContext.BaseDirectory, "samples", "small.dtb");

    public static string SampleCensus => Path.Combine(AppContext.BaseDirectory, "Snapshots", "census");

    public static Finished Run(params string[] arguments) => Run(standardInput: null, arguments);

    public static Finished Run(byte[]? standardInput, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using (Stream input = process.StandardInput.BaseStream)
        {
            input.Write(standardInput ?? []);
        }

        process.WaitForExit();
        return new Finished(process.ExitCode, output.Result, errors.Result);
    }
}

/// <summary>Runs lines of bash, in the folder of the program.</summary>
internal static class Shell
{
    public static Finished Run(string line, string? folder = null)
    {
        ProcessStartInfo start = new("bash", ["-c", line])
        {
            WorkingDirectory = folder ?? AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new Finished(process.ExitCode, output.Result, errors);
    }
}

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public IEnumerable<string> Files => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name)
        .Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
