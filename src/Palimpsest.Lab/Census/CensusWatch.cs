using System.Diagnostics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>One census of several.</summary>
/// <param name="Seconds">Since the first began.</param>
/// <param name="All">The candidates.</param>
public sealed record CensusMoment(double Seconds, Scatter All, double GivenBackPercent);

/// <summary>What a machine was like over time.</summary>
/// <param name="Last">The last census, in full.</param>
public sealed record CensusCourse(CensusResult Last, IReadOnlyList<CensusMoment> Moments);

/// <summary>A machine that is counted again and again.</summary>
/// <param name="EverySeconds">From the beginning of one census to that of the next; one that takes longer delays those after it.</param>
public sealed record CensusWatch(CensusTrial Trial, double EverySeconds)
{
    /// <summary>Eleven days: a wait has no more milliseconds.</summary>
    public const double LongestSeconds = 1e6;

    /// <summary>No census begins after this time; until cancelled without it.</summary>
    public double? ForSeconds { get; init; }

    /// <summary>Counts until the time is over or somebody cancels; what was counted until then is the result.</summary>
    /// <param name="each">Told each census when it is done.</param>
    /// <exception cref="UsageException">Of the times in the description one cannot be.</exception>
    /// <exception cref="InputException">The machine cannot be counted.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first was done.</exception>
    public CensusCourse Run(Action<CensusMoment>? each = null, CancellationToken cancellation = default)
    {
        if (EverySeconds is not (> 0 and <= LongestSeconds) || ForSeconds is not (null or > 0 and <= LongestSeconds))
        {
            throw new UsageException($"--every {EverySeconds} s, --for {ForSeconds} s: give more than 0 and at most {LongestSeconds:N0} s");
        }

        long start = Stopwatch.GetTimestamp();
        List<CensusMoment> moments = [];
        CensusResult? last = null;
        for (double next = 0; last is null || (!cancellation.IsCancellationRequested && next <= (ForSeconds ?? double.MaxValue));)
        {
            double now = Stopwatch.GetElapsedTime(start).TotalSeconds;
            CensusResult census;
            try
            {
                census = Trial.Run(progress: null, cancellation);
            }
            catch (Exception end) when (last is not null && end is OperationCanceledException or InputException)
            {
                // The processes that were counted have ended, say: what was counted until then is the result.
                break;
            }

            last = census;
            moments.Add(new CensusMoment(Math.Round(now, 3), census.All, census.GivenBackPercent));
            each?.Invoke(moments[^1]);
            next = Math.Max(next + EverySeconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (next <= (ForSeconds ?? double.MaxValue))
            {
                cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Max(0, next - Stopwatch.GetElapsedTime(start).TotalSeconds)));
            }
        }

        return new CensusCourse(last, moments);
    }
}
