namespace Palimpsest.Machine.Memory;

/// <summary>The block rule of the tag-storage binding (RFC v1-v3): a block is whole pages and whole hardware blocks.</summary>
public static class TagBlockSize
{
    /// <summary>lcm(page, block) / page.</summary>
    /// <param name="blockBytes">The block-size property, in bytes; at least 1.</param>
    public static int Frames(int pageBytes, ulong blockBytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(blockBytes);
        return checked((int)(blockBytes / GreatestCommonDivisor((ulong)pageBytes, blockBytes)));
    }

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
