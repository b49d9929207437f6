using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Races.Worlds;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>The page that a race is about and its storage, in words.</summary>
internal static class PageWords
{
    /// <summary>Where no page is the one that a race is about.</summary>
    public static string Of(LinuxMachine machine) =>
        $"{machine.Memory.Blocks.ReservedBlocks} blocks reserved, {machine.SavedTags} pages with saved tags";

    public static string Of(RaceWorld world)
    {
        if (world.Frame.Index == 0)
        {
            return Of(world.Machine);
        }

        PageFrame frame = world.Memory.Frames[world.Frame];
        BlockId block = world.Memory.Blocks.BlockOf(world.Frame);
        string saved = world.Kernel.SavedTags.Find(world.Frame) is null ? "" : ", tags saved by pfn";
        return $"frame {world.Frame} "
            + $"{(frame.Has(FrameFlags.StorageReserved) ? "reserved" : "not reserved")}"
            + $"{(frame.Has(FrameFlags.Tagged) ? ", tagged" : "")}{saved}; "
            + $"block {block} {(world.Memory.Blocks.StateOf(block) == TagBlockState.Reserved ? "reserved" : "lent")}, "
                + $"{world.Memory.Blocks.ReferencesOf(block)} references";
    }
}
