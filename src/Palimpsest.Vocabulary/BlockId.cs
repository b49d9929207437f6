using System.Globalization;

namespace Palimpsest.Vocabulary;

/// <summary>Number of a block of tag storage, over all regions of a machine.</summary>
public readonly record struct BlockId(int Index)
{
    /// <summary>No block: no storage covers the frame.</summary>
    public static BlockId None => new(-1);

    public bool IsNone => Index < 0;

    public static BlockId operator +(BlockId start, int blocks) => new(start.Index + blocks);

    public static int operator -(BlockId end, BlockId start) => end.Index - start.Index;

    public static BlockId operator ++(BlockId block) => new(block.Index + 1);

    public override string ToString() => Index.ToString(CultureInfo.InvariantCulture);
}
