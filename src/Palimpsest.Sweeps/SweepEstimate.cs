using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps;

/// <summary>What a sweep takes, by rates that were measured (bench/results/sweep.md) and sizes of its inputs: a guess, within a factor.
/// </summary>
/// <param name="CpuSeconds">Of all cells.</param>
/// <param name="MemoryMib">At the most.</param>
internal readonly record struct SweepEstimate(double CpuSeconds, double MemoryMib)
{
    // Measured on two cores of an x86-64 server, the bundled recording and its like.
    private const double ReadNsOfEvent = 2_600;
    private const double ReplayNsOfEvent = 220;
    private const double FullNsOfEvent = 450;
    private const double RunSeconds = 2;
    private const double ScheduleSeconds = 0.0013;
    private const double BytesOfEvent = 64;
    private const double BytesOfFrame = 40;
    private const double ProgramMib = 90;
    private const double MibOfLoopRam = 0.4;

    /// <summary>RAM of a board whose size its tree tells, for who did not read it.</summary>
    private const double UsualRamMib = 2048;

    /// <param name="threads">Cells at a time.</param>
    public static SweepEstimate Of(SweepPlan plan, int threads)
    {
        double seconds = 0;
        double largest = 0;
        HashSet<string> read = [];
        foreach (CellSetting setting in plan.Settings)
        {
            long cells = (long)plan.Designs.Count * (setting.HasChance ? plan.Seeds.Count : 1);
            double events = setting.Recording is { } recording ? EventsOf(recording) : 0;
            double frames = (setting.RamMib ?? UsualRamMib) * 256;
            seconds += setting.Verb switch
            {
                CellVerb.Compare => cells * events * (setting.View == MemoryView.Full ? FullNsOfEvent : ReplayNsOfEvent) / 1e9,
                CellVerb.Run => cells * RunSeconds,
                _ => cells * (double)setting.Programs * setting.Schedules * ScheduleSeconds,
            };
            seconds += setting.Recording is { } one && read.Add(one.Sha256) ? events * ReadNsOfEvent / 1e9 : 0;
            double shared = events * BytesOfEvent / (1 << 20);
            double own = setting.Verb == CellVerb.Run ? (setting.RamMib ?? 0) * MibOfLoopRam : frames * BytesOfFrame / (1 << 20);
            largest = Math.Max(largest, shared + (threads * own));
        }

        double kept = CellRunner.UsualBytes / (double)(1 << 20);
        return new SweepEstimate(seconds, ProgramMib + largest + Math.Min(kept, plan.Inputs.All.Sum(input => EventsOf(input)
            * BytesOfEvent / (1 << 20))));
    }

    /// <summary>In words.</summary>
    internal string Sentence(SweepPlan plan, int threads) => InvariantText.Of(
        $"{Of(plan.Count, "cell")}: {Of(plan.Settings.Count, "setting")}, {Of(plan.Designs.Count, "design")}, ")
        + InvariantText.Of($"{Of(plan.Seeds.Count, "seed")} where chance decides. About {Words(CpuSeconds / threads)} on ")
        + InvariantText.Of($"{Of(threads, "thread")} ({Words(CpuSeconds)} of CPU) and ")
        + InvariantText.Of($"{MemoryMib:N0} MiB of memory, by rates measured on the bundled recording (bench/results/sweep.md); within a ")
        + "factor of three for others.";

    private static string Of(int count, string thing) => InvariantText.Of($"{count:N0} {thing}{(count == 1 ? "" : "s")}");

    // Bytes of an event in a recording, by what its name says of it.
    private static double EventsOf(CellInput recording) => recording.Bytes / Path.GetExtension(recording.Name) switch
    {
        ".zst" => 8.0,
        ".gz" => 10.0,
        ".dat" or ".data" or ".pftrace" => 60.0,
        _ => 110.0,
    };

    private static string Words(double seconds) => seconds switch
    {
        < 120 => InvariantText.Of($"{seconds:N0} s"),
        < 7200 => InvariantText.Of($"{seconds / 60:N0} min"),
        _ => InvariantText.Of($"{seconds / 3600:N1} h"),
    };
}
