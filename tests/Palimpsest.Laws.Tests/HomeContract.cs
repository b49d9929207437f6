using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>
/// What every home of tag storage owes, those of the kernel and one from outside: lent memory is used, taken for tags, and lent again.
/// </summary>
public sealed class HomeContract
{
    private static readonly string[] Boards = ["flat 8 MiB, small blocks", "two nodes", "blocks of 4", "CMA pool", "firmware and a hole"];

    public static TheoryData<string, string> EveryHomeAndBoard() =>
        [.. from home in TestHomes.Names from board in Boards select (home, board)];

    [Theory]
    [MemberData(nameof(EveryHomeAndBoard))]
    public void AllThatIsLentIsUsedBeforeAMovableRequestFails(string home, string board)
    {
        MemorySystem system = Machine(home, board);
        int lent = Enumerable.Range(0, system.Blocks.Count).Where(block => !system.Blocks.IsKept(new BlockId(block)))
            .Sum(block => system.Blocks.StorageOf(new BlockId(block)).Count);

        Fill(system, isTagged: false);

        Assert.Equal(lent, system.LentFramesInUse);
        Assert.Equal(0, system.Zones.Sum(zone => zone.FreeFrames));
        Assert.Empty(system.Audit());
    }

    [Theory]
    [MemberData(nameof(EveryHomeAndBoard))]
    public void WhatTagsTookIsLentAgainWhenTheLastOfThemIsGone(string home, string board)
    {
        MemorySystem system = Machine(home, board);
        int before = Fill(Machine(home, board), isTagged: false).Count;
        List<Frame> tagged = Fill(system, isTagged: true, most: 200);
        Assert.Empty(system.Audit());

        tagged.ForEach(frame => system.Free(frame, CpuId.Boot));

        Assert.Equal(before, Fill(system, isTagged: false).Count);
        Assert.Empty(system.Audit());
    }

    [Theory]
    [MemberData(nameof(EveryHomeAndBoard))]
    public void AKeptBlockIsReservedForEver(string home, string board)
    {
        MemorySystem system = Machine(home, board);
        List<Frame> frames = Fill(system, isTagged: true, most: 100);
        frames.AddRange(Fill(system, isTagged: false));
        frames.ForEach(frame => system.Free(frame, CpuId.Boot));

        Assert.All(
            Enumerable.Range(0, system.Blocks.Count).Select(index => new BlockId(index)).Where(system.Blocks.IsKept),
            block => Assert.Equal(FrameState.Held, system.Frames[system.Blocks.StorageOf(block).First].State));
    }

    private static MemorySystem Machine(string home, string board) =>
        new(TestBoards.Layout(board), new PlainDesign(TestHomes.Home(home)), new MachineOptions(1));

    private static List<Frame> Fill(MemorySystem system, bool isTagged, int most = int.MaxValue)
    {
        List<Frame> frames = [];
        AllocationRequest request = new(GfpFlags.HighUserMovable, Order.Zero, Cpu: CpuId.Boot, isTagged, Owner: 1);
        while (frames.Count < most && system.Allocate(request).Frame is { IsNone: false } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }
}
