using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Groups of data frames and the storage that holds their tags. All groups are of one size, that of the board's largest
/// block, so that every group has one block.
/// </summary>
internal sealed class TagGroups
{
    private readonly MemoryLayout _layout;

    /// <exception cref="InputException">The groups of this board would be no buddy chunks.</exception>
    public TagGroups(MemoryLayout layout)
    {
        _layout = layout;
        BlockFrames = layout.Storage.Select(run => run.BlockFrames).DefaultIfEmpty(1).Max();
        foreach (StorageRun run in layout.Storage)
        {
            if (!BitOperations.IsPow2(run.BlockFrames) || run.FirstCovered % DataFrames != 0 || Order > layout.Geometry.LargestOrder)
            {
                throw new InputException(
                    $"tag-blocks needs groups of {DataFrames} pages that are buddy chunks; {Misfit(run)}");
            }
        }
    }

    /// <summary>Storage frames of a group.</summary>
    public int BlockFrames { get; }

    /// <summary>Order of the data frames of a group.</summary>
    public int Order => TagGeometry.DataFramesPerStorageFrameLog2 + BitOperations.Log2((uint)BlockFrames);

    private string Misfit(StorageRun run) => BitOperations.IsPow2(run.BlockFrames) && Order <= _layout.Geometry.LargestOrder
        ? $"what a region covers on this board begins {run.FirstCovered % DataFrames} pages behind a multiple of that"
        : $"this board has blocks of {run.BlockFrames} frames";

    private int DataFrames => BlockFrames << TagGeometry.DataFramesPerStorageFrameLog2;

    /// <summary>
    /// A group is whole when nobody keeps a part of it and no driver's pool overlaps it: then it goes to the Blocks set and
    /// holds its storage frames. Any other group is untagged memory from the start.
    /// </summary>
    public void Form(FrameTable frames)
    {
        foreach (StorageRun run in _layout.Storage)
        {
            for (int group = 0; (group + 1) * DataFrames <= run.CoveredFrames && (group + 1) * BlockFrames <= run.Frames; group++)
            {
                Frame first = new(run.FirstCovered + group * DataFrames);
                Frame storage = new(run.FirstFrame + group * BlockFrames);
                if (IsWhole(frames, first, DataFrames) && IsWhole(frames, storage, BlockFrames))
                {
                    Form(frames, first, storage);
                }
            }
        }
    }

    private void Form(FrameTable frames, Frame first, Frame storage)
    {
        for (Frame frame = first; frame < first + DataFrames; frame++)
        {
            frames[frame].MoveToSet(StorageSets.Blocks);
        }

        for (Frame frame = storage; frame < storage + BlockFrames; frame++)
        {
            frames[frame].Become(FrameState.Held, 0);
        }
    }

    private static bool IsWhole(FrameTable frames, Frame first, int count)
    {
        for (Frame frame = first; frame < first + count; frame++)
        {
            if (frames[frame].State != FrameState.Covered || frames.BlockType(frame) != MigrateType.Movable)
            {
                return false;
            }
        }

        return true;
    }
}
