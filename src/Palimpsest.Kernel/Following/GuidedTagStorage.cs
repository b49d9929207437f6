using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Following;

/// <summary>How a page gets its storage, in the words of the recorded kernel's event mts_reserve and in their order.</summary>
public enum StoragePath : byte
{
    /// <summary>It has it already: another mapping was first (R6).</summary>
    Flag,

    /// <summary>Every block is reserved already.</summary>
    Present,

    /// <summary>A block is free, and taken straight off the buddy lists.</summary>
    Free,

    /// <summary>A block must be emptied by a range allocation.</summary>
    Contig,

    /// <summary>One block so, another so.</summary>
    Mixed,

    /// <summary>A block cannot be had.</summary>
    Failed,

    /// <summary>No storage covers the page.</summary>
    NoMap,
}

/// <summary>What a reservation would do now.</summary>
/// <param name="Block">First frame of storage of the first block; none where nothing covers the folio.</param>
/// <param name="Blocks">Blocks that the folio needs.</param>
/// <param name="Moves">Frames in use that lie in blocks to be taken: they must leave first.</param>
public readonly record struct StoragePlan(StoragePath Path, Frame Block, int Blocks, int Moves);

/// <summary>
/// The decisions about tag storage one at a time, for following a recording: the model says what it would do, by the same rules
/// that a reservation goes by, and is then put into the recorded kernel's state.
/// </summary>
public sealed class GuidedTagStorage
{
    private readonly FrameTable _frames;
    private readonly TagBlocks _blocks;
    private readonly BlockRecall _recall;
    private readonly FolioBlocks _folios;
    private readonly GuidedAllocator _allocator;

    // Not a flag of the frames: where the recording is silent, folios are split that never were whole.
    private readonly bool[] _hasStorage;

    internal GuidedTagStorage(FrameTable frames, TagBlocks blocks, BlockRecall recall, FolioBlocks folios, GuidedAllocator allocator)
    {
        _frames = frames;
        _blocks = blocks;
        _recall = recall;
        _folios = folios;
        _allocator = allocator;
        _hasStorage = new bool[frames.Count];
    }

    /// <summary>Is storage reserved for a page?</summary>
    public bool HasStorage(Frame frame) => _hasStorage[frame.Index];

    /// <summary>Does a frame lie in tag storage?</summary>
    public bool IsStorage(Frame frame) => _frames[frame].Has(FrameFlags.TagStorage);

    /// <summary>What the reservation for a folio would do now.</summary>
    public StoragePlan Plan(Frame frame, int order)
    {
        BlockId block = _blocks.BlockOf(frame);
        if (block.IsNone || _frames[frame].Has(FrameFlags.Untaggable))
        {
            return new StoragePlan(StoragePath.NoMap, Frame.None, 0, 0);
        }

        StoragePath path = HasStorage(frame) ? StoragePath.Flag : StoragePath.Present;
        Frame first = _blocks.StorageOf(block).First;
        int blocks = 0;
        int moves = 0;
        Frame end = _folios.EndOf(frame, 1 << order);
        for (Frame at = frame; at < end; at += _folios.Covered(block, at, end), blocks++)
        {
            block = _blocks.BlockOf(at);
            if (block.IsNone)
            {
                return new StoragePlan(StoragePath.NoMap, first, blocks, moves);
            }

            path = path == StoragePath.Flag ? path : Dearer(path, PathOf(block, ref moves));
        }

        return new StoragePlan(path, first, blocks, moves);
    }

    /// <summary>Does a frame of storage belong to one of so many blocks from a folio's first on?</summary>
    public bool IsNeededBy(Frame folio, int blocks, Frame storage)
    {
        BlockId block = _blocks.BlockHolding(storage);
        return !block.IsNone && (uint)(block - _blocks.BlockOf(folio)) < (uint)blocks;
    }

    /// <summary>The kernel took a block, whatever the model thought was in it.</summary>
    /// <param name="first">Its first frame of storage.</param>
    /// <returns>False: the model had it reserved, or no block begins there.</returns>
    public bool Take(Frame first)
    {
        if (BlockAt(first) is not { IsNone: false } block || _blocks.StateOf(block) == TagBlockState.Reserved)
        {
            return false;
        }

        _blocks.Become(block, TagBlockState.Reserved);
        for (Frame frame = first; frame < first + _blocks.StorageOf(block).Count; frame++)
        {
            _allocator.ForceTake(frame, 0);
            _frames[frame].Become(FrameState.Held, 0);
        }

        return true;
    }

    /// <summary>The kernel gives a block back: its frames are in use, by nobody, until they are freed one by one.</summary>
    /// <returns>False: the model did not have it reserved.</returns>
    public bool GiveBack(Frame first)
    {
        if (BlockAt(first) is not { IsNone: false } block || _blocks.StateOf(block) == TagBlockState.Lent)
        {
            return false;
        }

        _blocks.Become(block, TagBlockState.Lent);
        for (Frame frame = first; frame < first + _blocks.StorageOf(block).Count; frame++)
        {
            _frames[frame].Become(FrameState.Allocated, 0);
        }

        return true;
    }

    /// <summary>A folio has its storage: it counts on its blocks.</summary>
    public void Refer(Frame frame, int order) => Count(frame, order, sign: 1);

    /// <summary>A folio with storage is freed.</summary>
    /// <returns>Blocks that nobody counts on any longer.</returns>
    public int Release(Frame frame, int order) => Count(frame, order, sign: -1);

    /// <summary>Frames of storage in the block that begins at one; 0 where none begins.</summary>
    public int BlockFrames(Frame first) => BlockAt(first) is { IsNone: false } block ? _blocks.StorageOf(block).Count : 0;

    /// <summary>First frames of the blocks that a folio counts on.</summary>
    public IReadOnlyList<Frame> BlocksOf(Frame frame, int order)
    {
        List<Frame> firsts = [];
        Frame end = _folios.EndOf(frame, 1 << order);
        for (Frame at = frame; at < end && _blocks.BlockOf(at) is { IsNone: false } block; at += _folios.Covered(block, at, end))
        {
            firsts.Add(_blocks.StorageOf(block).First);
        }

        return firsts;
    }

    /// <summary>Somebody has a reference on a block that no page of the recording accounts for: it stays.</summary>
    public void ReferForEver(Frame first) => _blocks.AddReferences(BlockAt(first), 1);

    /// <summary>What lies in the blocks of a folio could not be moved; until it is freed, it cannot.</summary>
    public void Pin(Frame frame, int order)
    {
        Frame end = _folios.EndOf(frame, 1 << order);
        for (Frame at = frame; at < end; at++)
        {
            BlockId block = _blocks.BlockOf(at);
            (Frame first, int count) = block.IsNone ? (Frame.None, 0) : _blocks.StorageOf(block);
            for (Frame storage = first; storage < first + count && _blocks.StateOf(block) == TagBlockState.Lent; storage++)
            {
                Pin(_frames.FolioOf(storage));
            }
        }
    }

    /// <summary>A folio is freed: nobody holds on to it.</summary>
    public void Unpin(Frame frame) => _frames[frame].Clear(FrameFlags.Pinned);

    private void Pin(Frame folio)
    {
        if (!folio.IsNone)
        {
            _frames[folio].Set(FrameFlags.Pinned);
        }
    }

    private int Count(Frame frame, int order, int sign)
    {
        int released = 0;
        Frame end = _folios.EndOf(frame, 1 << order);
        for (Frame at = frame; at < end && !_blocks.BlockOf(at).IsNone;)
        {
            BlockId block = _blocks.BlockOf(at);
            int covered = _folios.Covered(block, at, end);
            _blocks.AddReferences(block, sign * _folios.References(covered));
            released += _blocks.ReferencesOf(block) == 0 ? 1 : 0;
            at += covered;
        }

        _hasStorage.AsSpan(frame.Index, 1 << order).Fill(sign > 0);
        return released;
    }

    private StoragePath PathOf(BlockId block, ref int moves)
    {
        if (_blocks.StateOf(block) == TagBlockState.Reserved)
        {
            return StoragePath.Present;
        }

        if (_recall.FindsFree(block))
        {
            return StoragePath.Free;
        }

        (Frame first, int count) = _blocks.StorageOf(block);
        bool isPinned = false;
        for (Frame frame = first; frame < first + count; frame++)
        {
            Frame folio = _frames.FolioOf(frame);
            moves += folio.IsNone ? 0 : 1;
            isPinned |= !folio.IsNone && _frames[folio].Has(FrameFlags.Pinned);
        }

        return isPinned ? StoragePath.Failed : StoragePath.Contig;
    }

    private static StoragePath Dearer(StoragePath path, StoragePath step) => (path, step) switch
    {
        (StoragePath.Failed, _) or (_, StoragePath.Failed) => StoragePath.Failed,
        (StoragePath.Present, _) => step,
        (_, StoragePath.Present) => path,
        _ => path == step ? path : StoragePath.Mixed,
    };

    private BlockId BlockAt(Frame first)
    {
        BlockId block = _blocks.BlockHolding(first);
        return !block.IsNone && _blocks.StorageOf(block).First == first ? block : BlockId.None;
    }
}
