using System.Diagnostics;
using Palimpsest.Races;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>One line on standard error that says how far a search is; nothing where that is not a terminal.</summary>
// How many schedules there are nobody knows before the last: what is known is after how many a search is broken off.
internal sealed class SearchLine(bool isOn) : IDisposable
{
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LeastToTell = TimeSpan.FromSeconds(2);

    private readonly DrawnLine _line = new(isOn);
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _drawn = Stopwatch.GetTimestamp();
    private long _searchBegan = Stopwatch.GetTimestamp();
    private long _last;

    /// <summary>For the searches of a race; null when nobody looks.</summary>
    public Action<RaceProgress>? Of(string id) => _line.IsOn ? progress => Told(id, progress) : null;

    /// <summary>Says how long it took; no result depends on it.</summary>
    public void End(string what)
    {
        Dispose();
        if (_line.IsOn)
        {
            Console.Error.WriteLine(InvariantText.Of($"{what}: {Stopwatch.GetElapsedTime(_began).TotalSeconds:F1} s"));
        }
    }

    public void Dispose() => _line.Dispose();

    private void Told(string id, RaceProgress progress)
    {
        // The next search counts from 1 again.
        _searchBegan = progress.Schedules <= _last ? Stopwatch.GetTimestamp() : _searchBegan;
        _last = progress.Schedules;
        if (Stopwatch.GetElapsedTime(_drawn) < Distance)
        {
            return;
        }

        _drawn = Stopwatch.GetTimestamp();
        string how = progress.Without.Length == 0 ? "with all safeguards" : $"without {progress.Without}";
        _line.Draw(InvariantText.Of(
            $"{id} {how}: {progress.Schedules:N0} schedules, {Stopwatch.GetElapsedTime(_began).TotalSeconds:F0} s{Left(progress)}"));
    }

    private string Left(RaceProgress progress)
    {
        TimeSpan gone = Stopwatch.GetElapsedTime(_searchBegan);
        return gone < LeastToTell ? ""
            : InvariantText.Of($", at most {gone.TotalSeconds * (progress.Most - progress.Schedules) / progress.Schedules:N0} s left");
    }
}
