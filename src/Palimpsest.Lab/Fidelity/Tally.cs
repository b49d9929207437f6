namespace Palimpsest.Lab.Fidelity;

/// <summary>How many decisions were the recorded kernel's, of how many.</summary>
public readonly record struct Tally(long Predicted, long Total)
{
    /// <summary>Those in which the model and the kernel differ.</summary>
    public long Missed => Total - Predicted;

    /// <summary>Share of decisions predicted, 0 to 1; 1 when there was none to make.</summary>
    public double Share => Total == 0 ? 1 : (double)Predicted / Total;
}
