using System.Diagnostics;
using System.Globalization;
using Palimpsest.Nats;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.SweepCosts;

/// <summary>One worker process against two, each of one thread, over a server of this machine: cells of about a second of CPU.</summary>
internal static class WorkerProcesses
{
    private const string Server = "/usr/sbin/nats-server";
    private const string Url = "nats://127.77.0.1:4222";

    /// <summary>Three times, by turns: what one takes and what two take, and how often the one goes into the other.</summary>
    public static async Task Measure(int cells)
    {
        string folder = Directory.CreateTempSubdirectory("palimpsest-costs-").FullName;
        int rounds = Overhead.RoundsOfASecond();
        SweepPlan plan = Made.Plan(cells);
        for (int time = 1; time <= 3; time++)
        {
            double one = await Seconds(plan, Path.Combine(folder, $"{time}-1"), workers: 1, rounds);
            double two = await Seconds(plan, Path.Combine(folder, $"{time}-2"), workers: 2, rounds);
            Console.WriteLine($"{plan.Count} cells of a second over NATS: one worker process {one:N2} s, two {two:N2} s: "
                + $"{one / two:N2} times");
        }
    }

    /// <summary>A worker until it is killed.</summary>
    public static async Task Work(string url, string folder, int rounds)
    {
        await using NatsWorker worker = await NatsWorker.Open(new NatsAddress(url), new WorkerOptions(1, folder, 1 << 30),
            _ => (cell, _) => Made.Cell(cell, rounds));
        Console.WriteLine("ready");
        await worker.Run(CancellationToken.None);
    }

    private static async Task<double> Seconds(SweepPlan plan, string folder, int workers, int rounds)
    {
        Directory.CreateDirectory(folder);
        // A server of its own for each: it would remember what the cells gave.
        using Process server = Process.Start(new ProcessStartInfo(Server, ["-js", "-a", new Uri(Url).Host, "-p", "4222", "-sd", folder,
            "-l", Path.Combine(folder, "log")]))!;
        Process[] started = [.. Enumerable.Range(0, workers).Select(number => Process.Start(new ProcessStartInfo("dotnet",
            [typeof(WorkerProcesses).Assembly.Location, "work", Url, Path.Combine(folder, $"cache-{number}"),
                rounds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!)];
        try
        {
            // The start of a worker is not to count.
            foreach (Process worker in started)
            {
                _ = await worker.StandardOutput.ReadLineAsync()
                    ?? throw new InvalidOperationException("a worker ended before it was ready");
            }

            long start = Stopwatch.GetTimestamp();
            using ResultFolder results = ResultFolder.Open(Path.Combine(folder, "out"), plan);
            await new NatsEngine(plan, results, new NatsAddress(Url)).Run();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            foreach (Process process in started.Append(server))
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }
}
