using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Blocks on lists of their kind, for each zone.</summary>
// Linked through two numbers a block, heads behind the last one, as the lists of frames are.
internal sealed class BlockClasses
{
    private readonly int _count;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int _blocks;

    public BlockClasses(int blocks, int zones, int count)
    {
        _blocks = blocks;
        _count = count;
        _next = new int[blocks + (zones * count)];
        _previous = new int[_next.Length];
        for (int at = 0; at < _next.Length; at++)
        {
            (_next[at], _previous[at]) = (at, at);
        }
    }

    /// <summary>Puts a block first on a list, off any other.</summary>
    public void Put(BlockId block, Zone zone, int fill, bool toTail = false)
    {
        Remove(block);
        int head = HeadOf(zone, fill);
        int previous = toTail ? _previous[head] : head;
        int next = _next[previous];
        (_previous[block.Index], _next[block.Index]) = (previous, next);
        (_next[previous], _previous[next]) = (block.Index, block.Index);
    }

    /// <summary>Takes a block off its list, if it is on one.</summary>
    public void Remove(BlockId block)
    {
        int at = block.Index;
        (_next[_previous[at]], _previous[_next[at]]) = (_next[at], _previous[at]);
        (_next[at], _previous[at]) = (at, at);
    }

    /// <summary>First block of a list; none of an empty one.</summary>
    public BlockId First(Zone zone, int fill) => BlockAt(_next[HeadOf(zone, fill)]);

    /// <summary>The block after one on its list; none after the last.</summary>
    public BlockId After(BlockId block) => BlockAt(_next[block.Index]);

    private BlockId BlockAt(int at) => at < _blocks ? new BlockId(at) : BlockId.None;

    private int HeadOf(Zone zone, int fill) => _blocks + (zone.Index * _count) + fill;
}
