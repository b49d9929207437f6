using System.Net;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Reports;

namespace Palimpsest.Benchmarks;

/// <summary>A table of bench/results, and what people wrote below it.</summary>
internal sealed record ResultFile(string Name, Type Benchmarks, string Title, string Facts)
{
    public void Write(Summary summary)
    {
        string path = $"bench/results/{Name}.md";
        string notes = Notes(path);
        File.WriteAllText(path, Header() + Table(summary) + notes);
        Console.WriteLine($"wrote {path}");
    }

    private string Header() => $"""
        # {Title}, nanoseconds

        - Command: `dotnet run -c Release --project bench/Palimpsest.Benchmarks {Name}`
        - Machine: {Environment.ProcessorCount} cores, {ProcessorModel()}, shared with other work while this ran
        - Date: {DateTime.UtcNow:yyyy-MM-dd}
        {Facts}


        """;

    private static string Table(Summary summary)
    {
        string file = MarkdownExporter.GitHub.ExportToFiles(summary, BenchmarkDotNet.Loggers.NullLogger.Instance).First();
        IEnumerable<string> rows = File.ReadLines(file)
            .Where(line => line.StartsWith('|'))
            .Select(line => WebUtility.HtmlDecode(line.TrimEnd()).Replace("'", "", StringComparison.Ordinal));
        return string.Join('\n', rows) + "\n";
    }

    /// <summary>What people wrote below the table of the last run stays.</summary>
    private static string Notes(string path)
    {
        string before = File.Exists(path) ? File.ReadAllText(path) : "";
        int start = before.IndexOf("\n## Notes", StringComparison.Ordinal);
        return start < 0 ? "" : before[start..];
    }

    private static string ProcessorModel() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
