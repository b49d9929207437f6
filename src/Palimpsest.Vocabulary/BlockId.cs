using System.Globalization;

namespace Palimpsest.Vocabulary;

/// <summary>Number of a block of tag storage, over all regions of a machine.</summary>
public readonly record struct BlockId(int Index)
{
    /// <summary>No block: no storage covers the frame.</summary>
    public static BlockId None => new(-1);

    /// <summary>No block: what -1 stands for.</summary>
    public bool IsNone => Index < 0;

    /// <summary>Blocks further on.</summary>
    public static BlockId operator +(BlockId start, int blocks) => new(start.Index + blocks);

    /// <summary>Blocks from one to the other.</summary>
    public static int operator -(BlockId end, BlockId start) => end.Index - start.Index;

    /// <summary>The next.</summary>
    public static BlockId operator ++(BlockId block) => new(block.Index + 1);

    /// <summary>The index in decimal.</summary>
    public override string ToString() => Index.ToString(CultureInfo.InvariantCulture);
}
