using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Which data frames of each block are free for tagged pages: a bit each, in words of 32.</summary>
internal sealed class BlockMasks
{
    private const int WordBits = 32;
    private const int WordOrder = 5;

    // A run of 2^order bits begins at these bits of a word.
    private static readonly uint[] StartsOfRuns = [0xFFFFFFFF, 0x55555555, 0x11111111, 0x01010101, 0x00010001, 0x00000001];

    private readonly uint[] _words;
    private readonly int[] _firstWord;
    private readonly int[] _free;
    private readonly Frame[] _first;

    public BlockMasks(TagBlocks blocks)
    {
        _firstWord = new int[blocks.Count + 1];
        _free = new int[blocks.Count];
        _first = new Frame[blocks.Count];
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            (Frame first, int count) = blocks.CoverOf(block);
            _first[block.Index] = first;
            _firstWord[block.Index + 1] = _firstWord[block.Index] + ((count + WordBits - 1) / WordBits);
        }

        _words = new uint[_firstWord[blocks.Count]];
    }

    /// <summary>Bytes of all masks.</summary>
    public long Bytes => (long)_words.Length * sizeof(uint);

    public int FreeOf(BlockId block) => _free[block.Index];

    public bool Has(BlockId block, Frame frame)
    {
        int bit = frame - _first[block.Index];
        return (_words[_firstWord[block.Index] + (bit / WordBits)] >> (bit % WordBits) & 1) != 0;
    }

    public void Add(BlockId block, Frame frame)
    {
        int bit = frame - _first[block.Index];
        _words[_firstWord[block.Index] + (bit / WordBits)] |= 1u << (bit % WordBits);
        _free[block.Index]++;
    }

    public bool HasRun(BlockId block, int order) => _free[block.Index] >= 1 << order && FirstRun(block, order) >= 0;

    /// <summary>Takes the first 2^order free frames of a block that a folio may lie in; none where there are none.</summary>
    public Frame TakeRun(BlockId block, int order)
    {
        int bit = _free[block.Index] < 1 << order ? -1 : FirstRun(block, order);
        if (bit < 0)
        {
            return Frame.None;
        }

        int word = _firstWord[block.Index] + (bit / WordBits);
        if (order < WordOrder)
        {
            _words[word] &= ~(((1u << (1 << order)) - 1) << (bit % WordBits));
        }
        else
        {
            _words.AsSpan(word, 1 << (order - WordOrder)).Clear();
        }

        _free[block.Index] -= 1 << order;
        return _first[block.Index] + bit;
    }

    /// <summary>Bit that the first free run of a block begins at; -1 without one.</summary>
    private int FirstRun(BlockId block, int order)
    {
        ReadOnlySpan<uint> words = _words.AsSpan(_firstWord[block.Index].._firstWord[block.Index + 1]);
        if (order > 0 && (_first[block.Index].Index & (Math.Min(WordBits, 1 << order) - 1)) != 0)
        {
            // Words do not lie as folios must; nobody makes such blocks.
            return -1;
        }

        return order < WordOrder ? RunInWord(words, order) : RunOfWords(words, order, _first[block.Index]);
    }

    private static int RunInWord(ReadOnlySpan<uint> words, int order)
    {
        for (int at = 0; at < words.Length; at++)
        {
            uint run = words[at];
            for (int half = 0; half < order && run != 0; half++)
            {
                run &= run >> (1 << half);
            }

            run &= StartsOfRuns[order];
            if (run != 0)
            {
                return (at * WordBits) + BitOperations.TrailingZeroCount(run);
            }
        }

        return -1;
    }

    private static int RunOfWords(ReadOnlySpan<uint> words, int order, Frame first)
    {
        int count = 1 << (order - WordOrder);
        for (int at = 0; at + count <= words.Length; at++)
        {
            bool isAligned = ((first.Index + (at * WordBits)) & ((1 << order) - 1)) == 0;
            if (isAligned && words.Slice(at, count).IndexOfAnyExcept(uint.MaxValue) < 0)
            {
                return at * WordBits;
            }
        }

        return -1;
    }
}
