using Palimpsest.Races.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Perfetto;

/// <summary>
/// The failing runs of races as a Perfetto trace: a track an actor with a slice a step, a track a lock with a slice while somebody holds
/// it. A step counts as a microsecond; the races follow each other, a millisecond apart at least.
/// </summary>
public static class RacePerfetto
{
    private const long StepNs = 1_000;
    private const long GapNs = 1_000_000;

    /// <summary>A whole trace of protobuf packets, the races one after the other; the stream stays open.</summary>
    public static void Write(Stream stream, IReadOnlyList<RaceOutcome> races)
    {
        PerfettoTrace trace = new(stream);
        long start = 0;
        foreach (RaceOutcome race in races.Where(race => race.Failing is not null))
        {
            start = Write(trace, race, race.Failing!, start) + GapNs;
        }
    }

    private static long Write(PerfettoTrace trace, RaceOutcome race, ToldRun run, long start)
    {
        ulong group = trace.Track($"{race.Id}: {race.Title}");
        ulong[] actors = [.. run.Actors.Select(actor => trace.Track(actor, group))];
        foreach ((int row, RunRow step) in run.Rows.Index())
        {
            trace.Slice(actors[step.Actor], At(row), At(row + 1), step.Words, Details(step));
        }

        foreach (string name in run.Rows.SelectMany(row => row.Held).Distinct())
        {
            WriteLock(trace, trace.Track($"lock {name}", group), run, name, At);
        }

        if (run is { Law: { } law, Failure: { } failure })
        {
            trace.Mark(group, At(run.Rows.Count), $"{law} broken", ("what", failure), ("schedule", run.Schedule));
        }

        return At(run.Rows.Count);

        long At(int row) => start + (row * StepNs);
    }

    /// <summary>Rows of others do not say what this one holds: it is held from the first of its own rows to the last that has it.</summary>
    private static void WriteLock(PerfettoTrace trace, ulong track, ToldRun run, string name, Func<int, long> at)
    {
        int? from = null;
        int last = 0;
        int holder = 0;
        foreach ((int row, RunRow step) in run.Rows.Index())
        {
            bool has = step.Held.Contains(name);
            if (from is { } begun && (step.Actor == holder ? !has : has))
            {
                trace.Slice(track, at(begun), at(last + 1), run.Actors[holder]);
                from = null;
            }

            if (has)
            {
                (from, last, holder) = (from ?? row, row, step.Actor);
            }
        }

        if (from is { } open)
        {
            trace.Slice(track, at(open), at(last + 1), run.Actors[holder]);
        }
    }

    private static IEnumerable<(string, string)> Details(RunRow step)
    {
        if (step.Number > 0)
        {
            yield return ("step", InvariantText.Of($"{step.Number}"));
        }

        if (step.Heard is { } heard)
        {
            yield return ("heard", heard);
        }

        if (step.State is { } state)
        {
            yield return ("state", state);
        }
    }
}
