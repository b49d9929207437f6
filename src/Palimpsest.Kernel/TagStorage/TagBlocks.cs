using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>State of a block of tag storage: the fewest frames that can be taken for tags at once.</summary>
// Lent     → Reserved  the first tagged page it covers needs it, and no guest is left   (TagStorage.Reserve)
// Reserved → Lent      its last tagged page is freed and its tag lines are clean        (TagStorage.Release)
// Lent: its frames are free, or hold guests' data. Laws TAG-1, TAG-2.
public enum TagBlockState : byte
{
    /// <summary>Open to data, free or in use.</summary>
    Lent,

    /// <summary>Holds tags, or is about to.</summary>
    Reserved,
}

/// <summary>
/// All blocks of tag storage: which data they cover, their state, and how many tagged pages refer to each. Geometry:
/// block = storage + floor(offset/32) rounded down to a block (RFC v1-v3; Documentation of the tag-storage binding).
/// </summary>
public sealed class TagBlocks
{
    private readonly Region[] _regions;
    private readonly int[] _references;
    private readonly TagBlockState[] _states;
    private readonly bool[] _kept;
    private readonly Tracepoints _trace;

    /// <param name="blockBytes">Bytes that blocks are rounded up to; 0 to leave them as the board has them.</param>
    /// <param name="lends">Tells whether a block is lent; one that is not is Reserved from the start.</param>
    internal TagBlocks(MemoryLayout layout, int blockBytes, Func<StorageBlockView, bool> lends, Tracepoints trace)
    {
        _trace = trace;
        _regions = new Region[layout.Storage.Count];
        int blocks = 0;
        for (int index = 0; index < _regions.Length; index++)
        {
            StorageRun run = layout.Storage[index];
            int frames = Rounded(run.BlockFrames, blockBytes, layout.Geometry.PageBytes);
            _regions[index] = new Region(run, frames, new BlockId(blocks));
            blocks += run.Frames / frames;
        }

        _references = new int[blocks];
        _states = new TagBlockState[blocks];
        _kept = new bool[blocks];
        for (int index = 0; index < _regions.Length; index++)
        {
            KeepWhatIsNotLent(index, lends);
        }
    }

    /// <summary>Blocks of a home; those of a region that does not come online are lent by nobody.</summary>
    /// <exception cref="InputException">The region is none of a CMA area.</exception>
    internal static TagBlocks Of(MemoryLayout layout, StorageHome home, int blockBytes, int? failedRegion, Tracepoints trace)
    {
        if (failedRegion >= (home.Place == StoragePlace.Cma ? layout.Storage.Count : 0))
        {
            throw new InputException($"region {failedRegion} of tag storage is no CMA area, so it cannot fail to come online");
        }

        return new TagBlocks(layout, blockBytes, block => block.Region != failedRegion && home.Lends(block), trace);
    }

    /// <summary>Tag blocks of the board.</summary>
    public int Count => _states.Length;

    /// <summary>Frames of storage in blocks that are reserved now.</summary>
    public int ReservedFrames { get; private set; }

    /// <summary>Blocks of <see cref="TagBlockState.Reserved"/> now.</summary>
    public int ReservedBlocks { get; private set; }

    /// <summary>Block that holds the tags of a data frame, or none when nothing covers it.</summary>
    public BlockId BlockOf(Frame dataFrame)
    {
        foreach (ref readonly Region region in _regions.AsSpan())
        {
            uint offset = (uint)(dataFrame.Index - region.Run.FirstCovered);
            if (offset < (uint)region.Run.CoveredFrames)
            {
                int block = (int)(offset >> TagGeometry.DataFramesPerStorageFrameLog2) / region.BlockFrames;
                return block < region.Blocks ? region.FirstBlock + block : BlockId.None;
            }
        }

        return BlockId.None;
    }

    /// <summary>First storage frame of a block, and how many there are.</summary>
    public (Frame First, int Count) StorageOf(BlockId block)
    {
        ref readonly Region region = ref RegionOf(block);
        return (new(region.Run.FirstFrame + (block - region.FirstBlock) * region.BlockFrames), region.BlockFrames);
    }

    /// <summary>Data frames whose tags a block holds; none where storage is larger than its memory needs.</summary>
    public (Frame First, int Count) CoverOf(BlockId block)
    {
        ref readonly Region region = ref RegionOf(block);
        int frames = region.BlockFrames * TagGeometry.DataFramesPerStorageFrame;
        int first = (block - region.FirstBlock) * frames;
        return (new(region.Run.FirstCovered + first), Math.Clamp(region.Run.CoveredFrames - first, 0, frames));
    }

    /// <summary>A block that is never lent: it holds tags, or nothing, from boot on.</summary>
    public bool IsKept(BlockId block) => _kept[block.Index];

    /// <summary>No block is ever lent.</summary>
    public bool KeepsAll { get; private set; } = true;

    /// <summary>
    /// Does a frame of storage belong to a block that is never lent? Frames behind a region's last whole block go with it.
    /// </summary>
    internal bool IsKeptFrame(Frame storageFrame) => BlockHolding(storageFrame) is { IsNone: false } block && IsKept(block);

    /// <summary>Block that a frame of storage belongs to; none for other frames.</summary>
    internal BlockId BlockHolding(Frame storageFrame)
    {
        foreach (ref readonly Region region in _regions.AsSpan())
        {
            uint offset = (uint)(storageFrame.Index - region.Run.FirstFrame);
            if (offset < (uint)region.Run.Frames)
            {
                return region.Blocks > 0
                    ? region.FirstBlock + Math.Min((int)offset / region.BlockFrames, region.Blocks - 1)
                    : BlockId.None;
            }
        }

        return BlockId.None;
    }

    /// <summary>Read without the lock that guards it: it may have changed when the caller looks.</summary>
    public TagBlockState StateOf(BlockId block) => _states[block.Index];

    /// <summary>Tagged frames that refer to a block.</summary>
    public int ReferencesOf(BlockId block) => _references[block.Index];

    internal void AddReferences(BlockId block, int frames)
    {
        _references[block.Index] += frames;
        ReferencesChanged?.Invoke(block, frames);
    }

    /// <summary>Told which block, and how many tagged frames it has more; null where nobody asks.</summary>
    internal Action<BlockId, int>? ReferencesChanged { get; set; }

    /// <summary>The only setter of a block's state; moves the counters along.</summary>
    internal void Become(BlockId block, TagBlockState state)
    {
        if (_states[block.Index] == state)
        {
            throw new LawException("TAG-2", $"block {block} is {state} already");
        }

        int sign = state == TagBlockState.Reserved ? 1 : -1;
        _states[block.Index] = state;
        ReservedBlocks += sign;
        (Frame first, int count) = StorageOf(block);
        ReservedFrames += sign * count;
        KernelEventKind what = sign > 0 ? KernelEventKind.BlockReserved : KernelEventKind.BlockReleased;
        _trace.Tell(new KernelEvent(what, Cpu: CpuId.None, first, Value: count));
    }

    private void KeepWhatIsNotLent(int index, Func<StorageBlockView, bool> lends)
    {
        ref readonly Region region = ref _regions[index];
        for (BlockId block = region.FirstBlock; block != region.FirstBlock + region.Blocks; block++)
        {
            if (lends(new StorageBlockView(block, index, region.BlockFrames)))
            {
                KeepsAll = false;
            }
            else
            {
                _kept[block.Index] = true;
                Become(block, TagBlockState.Reserved);
            }
        }
    }

    private ref readonly Region RegionOf(BlockId block)
    {
        int index = 0;
        while (block - _regions[index].FirstBlock >= _regions[index].Blocks)
        {
            index++;
        }

        return ref _regions[index];
    }

    private static int Rounded(int blockFrames, int blockBytes, int pageBytes)
    {
        int wanted = Math.Max(1, blockBytes / pageBytes);
        return (wanted + blockFrames - 1) / blockFrames * blockFrames;
    }

    private readonly struct Region(StorageRun run, int blockFrames, BlockId firstBlock)
    {
        public readonly StorageRun Run = run;
        public readonly int BlockFrames = blockFrames;
        public readonly BlockId FirstBlock = firstBlock;
        public readonly int Blocks = run.Frames / blockFrames;
    }
}
