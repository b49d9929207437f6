using System.Numerics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>Counts blocks by how many pages of a set they hold.</summary>
internal sealed class FillTally
{
    private readonly long[] _fill = new long[TagGeometry.DataFramesPerStorageFrame + 1];

    /// <param name="mask">The pages of a block; one without any is not counted.</param>
    public void Add(uint mask)
    {
        if (mask != 0)
        {
            _fill[BitOperations.PopCount(mask)]++;
        }
    }

    public Scatter Result() => new([.. _fill]);
}
