using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Engines;

/// <summary>A cell that breaks this program is tried again, and set aside in the end.</summary>
public static class CellTries
{
    /// <summary>Tries of a cell before it is set aside.</summary>
    public const int Most = 3;

    /// <summary>Computes a cell; what it broke with, three times, is its outcome.</summary>
    public static CellOutcome Run(Func<Cell, CancellationToken, CellOutcome> run, Cell cell, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return run(cell, cancellation);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (attempt == Most)
                {
                    return CellOutcome.Failed($"{exception.GetType().Name}: {exception.Message}");
                }
            }
        }
    }
}
