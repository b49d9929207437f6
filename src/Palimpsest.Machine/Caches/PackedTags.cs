using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Caches;

/// <summary>Tags two a byte, the even granule in the low nibble: as tag storage, saved tags and core dumps have them.</summary>
internal static class PackedTags
{
    public static int Get(ReadOnlySpan<byte> packed, int granule) =>
        (packed[granule / 2] >> (granule % 2 * TagGeometry.TagBits)) & 15;

    public static void Set(Span<byte> packed, int granule, int tag)
    {
        ref byte pair = ref packed[granule / 2];
        int shift = granule % 2 * TagGeometry.TagBits;
        pair = (byte)((pair & ~(15 << shift)) | ((tag & 15) << shift));
    }

    /// <summary>First granule from <paramref name="first"/> up to, not including, <paramref name="end"/> with another tag, or -1.</summary>
    public static int FirstOther(ReadOnlySpan<byte> packed, int first, int end, int tag)
    {
        if (first % 2 == 1 && first < end)
        {
            if (Get(packed, first) != tag)
            {
                return first;
            }

            first++;
        }

        if (first < end)
        {
            int index = packed[(first / 2)..(end / 2)].IndexOfAnyExcept((byte)(tag * 0x11));
            if (index >= 0)
            {
                first += index * 2;
                return Get(packed, first) != tag ? first : first + 1;
            }

            if (end % 2 == 1 && Get(packed, end - 1) != tag)
            {
                return end - 1;
            }
        }

        return -1;
    }
}
