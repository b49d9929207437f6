using System.Diagnostics;
using Palimpsest.Nats;
using Palimpsest.Reports.Html;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Cli;

/// <summary>How sweeps stand, for the page that follows them: from a folder of results, or from a server.</summary>
internal static class SweepLook
{
    // An engine says something every second, however long its cells take.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>Is a path a folder of results?</summary>
    public static bool IsFolder(string path) => Directory.Exists(path) && ResultFiles.IsFolder(path);

    /// <summary>A sweep that fills a folder, over whatever engine, and what its cells tell so far.</summary>
    public static Func<CancellationToken, Task<byte[]>> OfFolder(string folder)
    {
        SweepProgressFile file = new(folder);
        SummarySoFar soFar = new(folder);
        string name = Call.NameOf(Path.GetFullPath(folder));
        return _ => Task.Run(() => SweepMessages.Look(file.Read() is var (progress, written)
            ? [Standing(name, progress, DateTime.UtcNow - written)] : [], soFar.Tables()));
    }

    /// <summary>The sweeps of a server; what their cells tell is in the folders of those who sweep.</summary>
    public static Func<CancellationToken, Task<byte[]>> OfServer(SweepWatch watch) => async cancellation => SweepMessages.Look(
        [.. (await watch.Look(cancellation)).Select(sweep =>
            Standing(sweep.Name, sweep.Progress, DateTimeOffset.UtcNow - sweep.Told))], []);

    private static SweepStanding Standing(string name, SweepProgress progress, TimeSpan silent) => new(name,
        progress.Done >= progress.Cells ? "done" : silent > Silence ? "stopped" : "running", progress.Cells, progress.Done,
        progress.InFlight, progress.Refused, progress.SetAside, progress.Rate, progress.SecondsLeft);
}

/// <summary>What takes long is done again only after many times as long.</summary>
internal sealed class Seldom<T>(Func<T> make, T first)
{
    private const int Times = 10;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private T _last = first;
    private long _made;
    private TimeSpan _wait;

    public T Value
    {
        get
        {
            if (Stopwatch.GetElapsedTime(_made) >= _wait)
            {
                long start = Stopwatch.GetTimestamp();
                _last = make();
                _made = Stopwatch.GetTimestamp();
                TimeSpan took = Times * Stopwatch.GetElapsedTime(start, _made);
                _wait = took > Least ? took : Least;
            }

            return _last;
        }
    }
}
