using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Which block is made active when no active one has room.</summary>
internal interface IActivationChoice
{
    /// <param name="order">It must have so large a folio free.</param>
    /// <param name="isStorageFree">Its storage is free; else it may hold data that can move.</param>
    /// <returns>None where no block will do.</returns>
    BlockId Find(Zone zone, int order, bool isStorageFree);

    /// <summary>The same, for somebody who has time.</summary>
    BlockId FindBest(Zone zone);

    /// <summary>The storage of a block could not be emptied. Is there another to be tried?</summary>
    bool HasAnother(BlockId failed);
}
