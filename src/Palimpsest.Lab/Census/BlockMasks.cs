using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>A set of pages by pfn: a word for each block of 32. Where no page is there is nothing, so that holes cost little.</summary>
internal sealed class BlockMasks
{
    // The blocks of 4 GiB of 4 KiB pages.
    private const int ChunkBits = 15;

    private readonly List<uint[]?> _chunks = [];

    public static long BlockOf(Pfn pfn) => (long)(pfn.Value >> TagGeometry.DataFramesPerStorageFrameLog2);

    public static uint BitOf(Pfn pfn) => 1u << (int)(pfn.Value % TagGeometry.DataFramesPerStorageFrame);

    /// <summary>The pages of a block that are in the set.</summary>
    public uint Of(long block) =>
        block >> ChunkBits < _chunks.Count && _chunks[(int)(block >> ChunkBits)] is { } chunk ? chunk[(int)(block & ((1 << ChunkBits) - 1))]
            : 0;

    public bool Contains(Pfn pfn) => (Of(BlockOf(pfn)) & BitOf(pfn)) != 0;

    /// <summary>Puts pages of a block into the set; true where none of the block was in it.</summary>
    public bool Add(long block, uint mask)
    {
        int number = (int)(block >> ChunkBits);
        while (_chunks.Count <= number)
        {
            _chunks.Add(null);
        }

        ref uint word = ref (_chunks[number] ??= new uint[1 << ChunkBits])[(int)(block & ((1 << ChunkBits) - 1))];
        bool isFirst = word == 0;
        word |= mask;
        return isFirst;
    }

    /// <summary>Takes a block out of the set.</summary>
    public void Clear(long block) => _chunks[(int)(block >> ChunkBits)]![(int)(block & ((1 << ChunkBits) - 1))] = 0;
}
