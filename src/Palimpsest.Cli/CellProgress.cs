using Palimpsest.Sweeps.Engines;

namespace Palimpsest.Cli;

/// <summary>How far a sweep is: a line on standard error where that is a terminal, and a file in the folder for who looks on.</summary>
internal sealed class CellProgress(bool isOn, string folder) : IDisposable
{
    private const int Width = 78;

    private readonly DrawnLine _line = new(isOn);
    private readonly SweepProgressFile _file = new(folder);

    public void Tell(SweepProgress progress)
    {
        _file.Write(progress);
        _line.Draw(progress.ToString().PadRight(Width)[..Width]);
    }

    public void Dispose() => _line.Dispose();
}
