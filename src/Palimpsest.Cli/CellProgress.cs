using Palimpsest.Sweeps.Engines;

namespace Palimpsest.Cli;

/// <summary>How far a sweep is: a line on standard error where that is a terminal, and a file in the folder for who looks on.</summary>
internal sealed class CellProgress(bool isOn, string folder) : IDisposable
{
    private const int Width = 78;

    private readonly bool _isOn = isOn && !Console.IsErrorRedirected;
    private readonly SweepProgressFile _file = new(folder);
    private bool _hasDrawn;

    public void Tell(SweepProgress progress)
    {
        _file.Write(progress);
        if (_isOn)
        {
            Console.Error.Write("\r" + progress.ToString().PadRight(Width)[..Width]);
            _hasDrawn = true;
        }
    }

    public void Dispose()
    {
        if (_hasDrawn)
        {
            Console.Error.Write("\r" + new string(' ', Width) + "\r");
        }
    }
}
