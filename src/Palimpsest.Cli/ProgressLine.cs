using System.Diagnostics;
using System.Globalization;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Cli;

/// <summary>One line on standard error that says how far the work is; nothing where that is not a terminal.</summary>
internal sealed class ProgressLine(bool isOn) : IDisposable
{
    private const int BarWidth = 30;
    private const double LeastSeconds = 2;
    private const double LeastShare = 0.02;

    private readonly DrawnLine _line = new(isOn);
    private readonly Lock _gate = new();
    private int _lastPercent = -1;
    private string _what = "";
    private long _began;

    /// <summary>For a trial that reads a file and then runs designs.</summary>
    /// <param name="runs">Of all designs together.</param>
    public TrialProgress Of(string? path, int runs) => new(path is null ? null : Reading(path), Replaying(runs));

    /// <summary>For a reader that tells how many bytes of the file it has taken; null when nobody looks.</summary>
    private Action<long>? Reading(string path)
    {
        long total = _line.IsOn && File.Exists(path) ? new FileInfo(path).Length : 0;
        return total == 0 ? null : taken => Draw("reading", (double)taken / total);
    }

    /// <summary>For replays that run side by side.</summary>
    private Action<int, double>? Replaying(int runs)
    {
        if (!_line.IsOn)
        {
            return null;
        }

        double[] shares = new double[runs];
        return (index, share) =>
        {
            lock (_gate)
            {
                shares[index] = share;
                Draw("replaying", shares.Sum() / shares.Length);
            }
        };
    }

    public void Dispose() => _line.Dispose();

    /// <summary>Time left, once enough is done to tell.</summary>
    private string Left(string what, double share)
    {
        if (what != _what)
        {
            (_what, _began) = (what, Stopwatch.GetTimestamp());
        }

        double seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        return seconds < LeastSeconds || share < LeastShare ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {seconds * (1 - share) / share:N0} s left");
    }

    private void Draw(string what, double share)
    {
        int percent = (int)(Math.Clamp(share, 0, 1) * 100);
        if (percent == _lastPercent)
        {
            return;
        }

        _lastPercent = percent;
        int filled = percent * BarWidth / 100;
        _line.Draw(string.Create(CultureInfo.InvariantCulture,
            $"{what,-10} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {percent,3} %{Left(what, share),-14}"));
    }
}
