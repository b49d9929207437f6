using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Palimpsest.Benchmarks;

/// <summary>
/// Runs the benchmarks and keeps their tables: <c>dotnet run -c Release --project bench/Palimpsest.Benchmarks
/// [allocator|core|fault|exploration]</c>.
/// </summary>
internal static class Program
{
    private static readonly ResultFile[] All =
    [
        new("allocator", typeof(AllocatorBenchmarks), "Page allocator", """
            - Job: ShortRun, in process. One operation is one pair of allocate and free, or one page where the name says so.
            - Goals: order 0 <= 20 ns, order 9 <= 100 ns, a page of a used range <= 200 ns without the copy.
            - Baseline: pop and push on a bare free list of indexes, the least that any allocator does.
            """),
        new("core", typeof(CoreBenchmarks), "CPU and tag caches", """
            - Job: ShortRun, in process. One operation is one access or instruction, or one page where the name says so.
            - Goal: a checked load that hits the TLB <= 10 ns.
            - Baseline: the same loads from a bare array, in the same scattered order over eight pages of 4 KiB.
            """),
        new("fault", typeof(FaultBenchmarks), "Minor faults", """
            - Job: ShortRun, in process. One operation is one page: mapped, written for the first time (zeroed, table, reverse map, LRU;
              tags and storage where tagged) and unmapped.
            - Goal: a fault <= 250 ns of CPU.
            - Baseline: the host's own kernel does the same, with transparent huge pages as the host has them.
            """),
        new("exploration", typeof(ExplorationBenchmarks), "Exploration", """
            - Job: ShortRun, in process. One operation is one schedule: a fresh state, its steps, the law at its end.
            - Goal: three actors of 30 steps together in <= 10,000 ns (100,000 schedules a second), aim 3,333 ns.
            - Baseline: the same three actors uncontrolled, one after the other: every point passes at once.
            - Peer: Microsoft.Coyote, the same additions, in the same run.
            """),
    ];

    public static int Main(string[] arguments)
    {
        ResultFile[] chosen = [.. All.Where(file => arguments.Length == 0 || arguments.Contains(file.Name))];
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"no such benchmarks; there are {string.Join(" and ", All.Select(file => file.Name))}");
            return 64;
        }

        IConfig config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "palimpsest-benchmarks"));
        foreach (ResultFile file in chosen)
        {
            Summary summary = BenchmarkRunner.Run(file.Benchmarks, config);
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            {
                return 1;
            }

            file.Write(summary);
        }

        return 0;
    }
}
