using System.Net;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Palimpsest.Benchmarks;

/// <summary>Runs the benchmarks and keeps their table: <c>dotnet run -c Release --project bench/Palimpsest.Benchmarks [FILE]</c>.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        string results = arguments.Length > 0 ? arguments[0] : "bench/results/allocator.md";
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "palimpsest-benchmarks"));
        Summary summary = BenchmarkRunner.Run<AllocatorBenchmarks>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
        {
            return 1;
        }

        string notes = Notes(results);
        File.WriteAllText(results, Header() + Table(summary) + notes);
        Console.WriteLine($"wrote {results}");
        return 0;
    }

    private static string Header() => $"""
        # Page allocator, nanoseconds

        - Command: `dotnet run -c Release --project bench/Palimpsest.Benchmarks`
        - Machine: {Environment.ProcessorCount} cores, {ProcessorModel()}, shared with other work while this ran
        - Date: {DateTime.UtcNow:yyyy-MM-dd}
        - Job: ShortRun, in process. One operation is one pair of allocate and free, or one page where the name says so.
        - Goals: order 0 <= 20 ns, order 9 <= 100 ns, a page of a used range <= 200 ns without the copy.
        - Baseline: pop and push on a bare free list of indexes, the least that any allocator does.


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
    private static string Notes(string results)
    {
        string before = File.Exists(results) ? File.ReadAllText(results) : "";
        int start = before.IndexOf("\n## Notes", StringComparison.Ordinal);
        return start < 0 ? "" : before[start..];
    }

    private static string ProcessorModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
