namespace Palimpsest.Vocabulary;

/// <summary>How many tags there are and what they cost (Arm ARM, FEAT_MTE2): all other ratios are derived.</summary>
public static class TagGeometry
{
    /// <summary>Bytes that share a tag.</summary>
    public const int GranuleBytes = 16;

    /// <summary>Bits of a tag.</summary>
    public const int TagBits = 4;

    /// <summary>Data frames whose tags fill one frame of tag storage, for every page size: 32.</summary>
    public const int DataFramesPerStorageFrame = GranuleBytes * 8 / TagBits;

    /// <summary>Binary logarithm of <see cref="DataFramesPerStorageFrame"/>.</summary>
    public const int DataFramesPerStorageFrameLog2 = 5;
}
