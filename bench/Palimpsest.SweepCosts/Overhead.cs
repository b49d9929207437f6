using System.Diagnostics;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.SweepCosts;

/// <summary>What the engine in process takes over a loop that computes the same cells.</summary>
internal static class Overhead
{
    private const int Rounds = 5;

    public static void Measure(int cells)
    {
        SweepPlan plan = Made.Plan(cells);
        Loop(plan, 200);
        string folder = Directory.CreateTempSubdirectory("palimpsest-costs-").FullName;
        Sweep(plan, Path.Combine(folder, "warm"), threads: 1, most: 1);
        for (int time = 0; time < 3; time++)
        {
            double loop = Cpu(() => Loop(plan, plan.Count));
            double one = Cpu(() => Sweep(plan, Path.Combine(folder, $"one-{time}"), threads: 1, Rounds));
            double two = Cpu(() => Sweep(plan, Path.Combine(folder, $"two-{time}"), threads: 2, Rounds));
            Console.WriteLine($"{plan.Count:N0} cells: loop {1000 * loop / plan.Count:N3} ms of CPU a cell, engine on one thread "
                + $"{1000 * one / plan.Count:N3} ({1000 * (one - loop) / plan.Count:N3} more), on two {1000 * two / plan.Count:N3} "
                + $"({1000 * (two - loop) / plan.Count:N3} more); peak {Made.PeakMib:N0} MiB");
        }
    }

    /// <summary>Cells of about a second, on one thread and on two, by turns.</summary>
    public static void MeasureTwo(int cells)
    {
        SweepPlan plan = Made.Plan(cells);
        string folder = Directory.CreateTempSubdirectory("palimpsest-costs-").FullName;
        int rounds = RoundsOfASecond();
        for (int time = 0; time < 3; time++)
        {
            double[] walls = new double[2];
            double[] cpus = new double[2];
            for (int threads = 1; threads <= 2; threads++)
            {
                long start = Stopwatch.GetTimestamp();
                int number = threads;
                cpus[threads - 1] = Cpu(() => Sweep(plan, Path.Combine(folder, $"{time}-{number}"), number, rounds));
                walls[threads - 1] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            Console.WriteLine($"{plan.Count} cells of a second: one thread {walls[0]:N2} s ({cpus[0]:N2} of CPU), two {walls[1]:N2} s "
                + $"({cpus[1]:N2} of CPU): {walls[0] / walls[1]:N2} times");
        }
    }

    public static void Fill(int cells, string folder)
    {
        SweepPlan plan = Made.Plan(cells);
        long start = Stopwatch.GetTimestamp();
        double cpu = Cpu(() => Sweep(plan, folder, threads: 2, rounds: 0, build: null));
        Console.WriteLine($"{plan.Count:N0} cells: {cpu:N1} s of CPU, {1e6 * cpu / plan.Count:N1} us a cell, "
            + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s; peak {Made.PeakMib:N0} MiB; "
            + $"{new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / (double)plan.Count:N0} bytes a cell");
    }

    private static double Cpu(Action work)
    {
        double before = Made.CpuSeconds;
        work();
        return Made.CpuSeconds - before;
    }

    private static void Loop(SweepPlan plan, int most)
    {
        for (int index = 0; index < most && index < plan.Count; index++)
        {
            Made.Cell(plan[index], Rounds);
        }
    }

    private static void Sweep(SweepPlan plan, string folder, int threads, int rounds = Rounds, int most = 0, string? build = "made")
    {
        using ResultFolder results = ResultFolder.Open(folder, plan, build: build);
        new LocalEngine(plan, results, (cell, _) => Made.Cell(cell, most > 0 ? 0 : rounds), threads).Run();
    }

    /// <summary>Rounds of a cell that take about a second of CPU.</summary>
    public static int RoundsOfASecond()
    {
        SweepPlan plan = Made.Plan(1);
        Made.Cell(plan[0], 100);
        double cpu = Cpu(() => Made.Cell(plan[0], 1000));
        return (int)(1000 / cpu);
    }
}
