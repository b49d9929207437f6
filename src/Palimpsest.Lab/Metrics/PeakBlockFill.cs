using Palimpsest.Kernel;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Metrics;

/// <summary>How full the reserved blocks are at the sampled moment with most tagged frames.</summary>
public sealed class PeakBlockFill
{
    private int _mostTagged = -1;

    /// <summary>Reserved blocks by tagged frames per storage frame, 0 to 32, rounded to nearest.</summary>
    public int[] Histogram { get; } = new int[TagGeometry.DataFramesPerStorageFrame + 1];

    /// <summary>Keeps the histogram of now if more pages are tagged than at any look before.</summary>
    public void Look(MemorySystem system)
    {
        if (system.TaggedFrames <= _mostTagged)
        {
            return;
        }

        _mostTagged = system.TaggedFrames;
        Array.Clear(Histogram);
        TagBlocks blocks = system.Blocks;
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            if (blocks.StateOf(block) == TagBlockState.Reserved)
            {
                int frames = blocks.StorageOf(block).Count;
                Histogram[(blocks.ReferencesOf(block) + frames / 2) / frames]++;
            }
        }
    }
}
