using System.Diagnostics;
using System.Globalization;
using Palimpsest.Nats;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.SweepCosts;

/// <summary>What a cell takes over a server: in the sweep and a worker, here one process, and in the server.</summary>
internal static class NatsCosts
{
    private const double TicksOfASecond = 100;

    public static async Task Measure(string url, int serverPid, int cells)
    {
        string folder = Directory.CreateTempSubdirectory("palimpsest-costs-").FullName;
        SweepPlan plan = Made.Plan(cells);
        NatsAddress address = new(url);
        using CancellationTokenSource stop = new();
        await using NatsWorker worker = await NatsWorker.Open(address, new WorkerOptions(2, Path.Combine(folder, "cache"), 1 << 30),
            _ => (cell, _) => Made.Cell(cell, 0), stop.Token);
        Task working = worker.Run(stop.Token);
        (double own, double server, long start) = (Made.CpuSeconds, CpuOf(serverPid), Stopwatch.GetTimestamp());
        using (ResultFolder results = ResultFolder.Open(Path.Combine(folder, "out"), plan))
        {
            await new NatsEngine(plan, results, address).Run(null, stop.Token);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (own, server) = (Made.CpuSeconds - own, CpuOf(serverPid) - server);
        await stop.CancelAsync();
        await working;
        Console.WriteLine($"{plan.Count:N0} empty cells over NATS: {seconds:N1} s, {plan.Count / seconds:N0} a second; CPU a cell: "
            + $"sweep and worker {1000 * own / plan.Count:N3} ms, server {1000 * server / plan.Count:N3} ms; peak {Made.PeakMib:N0} MiB; "
            + $"{CellOrder.Of([plan[0]]).ToBytes().Length} bytes sent with one, "
            + $"{CellOrder.Of([.. Enumerable.Range(0, Math.Min(56, plan.Count)).Select(at => plan[at])]).ToBytes().Length} with 56, and "
            + $"{Made.Cell(plan[0], 0).ToBytes().Length} back");
    }

    private static double CpuOf(int pid)
    {
        string[] parts = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(parts[11], CultureInfo.InvariantCulture)
            + double.Parse(parts[12], CultureInfo.InvariantCulture)) / TicksOfASecond;
    }
}
