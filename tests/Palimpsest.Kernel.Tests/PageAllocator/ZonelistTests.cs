using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Which zone a request goes to, as get_page_from_freelist of 6.1 walks the zonelist.</summary>
public sealed class ZonelistTests
{
    private static readonly PageGeometry SmallBlocks = new(4096, 5);

    [Theory]
    [InlineData(GfpFlags.KernelDefault, ZoneKind.Normal)]
    [InlineData(GfpFlags.HighUserMovable, ZoneKind.Normal)]
    [InlineData(GfpFlags.KernelDefault | GfpFlags.Dma, ZoneKind.Dma)]
    public void ARequestBeginsInTheHighestZoneItMayUse(GfpFlags gfp, ZoneKind expected)
    {
        MemorySystem system = TwoZones();

        Assert.Equal(expected, ZoneOf(system, Allocate(system, gfp)).Kind);
    }

    [Fact]
    public void AZoneAtItsLowWatermarkIsPassedOver()
    {
        MemorySystem system = TwoZones();
        Zone normal = system.Zones.Single(zone => zone.Kind == ZoneKind.Normal);
        while (ZoneOf(system, Allocate(system, GfpFlags.HighUserMovable)).Kind == ZoneKind.Normal)
        {
        }

        Assert.InRange(normal.FreeFrames, normal.Watermarks.Low - normal.PerCpu[0].State.Batch, normal.Watermarks.Low + 1);
        Assert.Equal(0, system.Counters.KswapdWakes);
    }

    [Fact]
    public void MemoryEndsOnlyWhenEveryZoneAndEveryCpusListIsEmpty()
    {
        MemorySystem system = TwoZones();
        while (!Allocate(system, GfpFlags.HighUserMovable).IsNone)
        {
        }

        Assert.All(system.Zones, zone => Assert.Equal(0, zone.FreeFrames));
        Assert.True(system.Counters.DirectReclaims > 0);
        Assert.Equal(1, system.Counters.FailedAllocations);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void AtTheLowWatermarkOfTheNearNodeARequestGoesToTheOther()
    {
        MemorySystem system = TwoNodes(secondNode: 1);
        while (ZoneOf(system, Allocate(system, GfpFlags.HighUserMovable)).Node == 0)
        {
        }

        Assert.Equal(0, system.Counters.KswapdWakes);
    }

    // Node 0 has no whole free block, node 1 has nothing else.
    [Fact]
    public void FragmentingTheNearNodeIsBetterThanGoingToTheOther()
    {
        MemorySystem system = TwoNodes(secondNode: 1);
        Assert.Equal([ZoneKind.Dma, ZoneKind.Dma32, ZoneKind.Normal, ZoneKind.Normal], system.Zones.Select(zone => zone.Kind));
        foreach (Zone near in system.Zones.Where(zone => zone.Node == 0))
        {
            LeaveHolesOnly(system, near, near.ManagedFrames / 2);
        }

        Assert.Equal(0, ZoneOf(system, Allocate(system, GfpFlags.KernelDefault)).Node);
        Assert.Empty(system.Audit());
    }

    // Both zones are between min and low. Fast, the request would avoid fragmentation; the slow path does not.
    [Fact]
    public void TheSlowPathFragmentsTheHighestZoneFirst()
    {
        MemorySystem system = TwoZones();
        Zone normal = system.Zones.Single(zone => zone.Kind == ZoneKind.Normal);
        Zone dma = system.Zones.Single(zone => zone.Kind == ZoneKind.Dma);
        LeaveHolesOnly(system, normal, normal.Watermarks.Min + 4);
        int kept = dma.Watermarks.Min + dma.LowmemReserve[(int)ZoneKind.Normal] + 4;
        for (Frame frame = dma.Start; frame < dma.End - kept; frame++)
        {
            system.TryOccupy(frame, frame.Index, isMovable: true);
        }

        Frame given = Allocate(system, GfpFlags.KernelDefault);

        Assert.Equal(1, system.Counters.KswapdWakes);
        Assert.Equal(ZoneKind.Normal, ZoneOf(system, given).Kind);
    }

    // As the above, but on one node with a zone below: that zone has whole blocks and is preferred.
    [Fact]
    public void OnOneNodeALowerZoneWithWholeBlocksIsPreferredToFragmentation()
    {
        MemorySystem system = TwoZones();
        Zone normal = system.Zones.Single(zone => zone.Kind == ZoneKind.Normal);
        LeaveHolesOnly(system, normal, normal.ManagedFrames / 2);

        Assert.Equal(ZoneKind.Dma, ZoneOf(system, Allocate(system, GfpFlags.KernelDefault)).Kind);
    }

    [Fact]
    public void ThisNodeNeverLeavesTheNode()
    {
        MemorySystem system = StorageNode();
        int given = 0;
        for (Frame frame; !(frame = Allocate(system, GfpFlags.HighUserMovable | GfpFlags.ThisNode)).IsNone; given++)
        {
            Assert.Equal(0, ZoneOf(system, frame).Node);
        }

        Assert.True(given > 1000, $"{given} pages");
        Assert.Equal(1, ZoneOf(system, Allocate(system, GfpFlags.HighUserMovable)).Node);
    }

    [Fact]
    public void AGuestOfTheStorageNodeMovesToOtherPagesOfThatNode()
    {
        MemorySystem system = StorageNode();
        Frame guest = new(system.Layout.Storage[0].FirstFrame);
        Assert.True(system.TryOccupy(guest, owner: 1, isMovable: true));

        Assert.Equal(MigrationOutcome.Done, system.Migration.Move(guest, CpuId.Boot).Now());

        Assert.Contains(Enumerable.Range(0, system.Frames.Count).Select(index => new Frame(index)), frame =>
            frame != guest && system.Frames[frame].State == FrameState.Allocated && ZoneOf(system, frame).Node == 1);
    }

    [Fact]
    public void AnOrdinaryPageDoesNotMoveIntoAZoneOfMovableMemory()
    {
        MemorySystem system = StorageNode();
        Frame page = Allocate(system, GfpFlags.HighUserMovable);
        while (Allocate(system, GfpFlags.HighUserMovable | GfpFlags.ThisNode) is { IsNone: false })
        {
        }

        Assert.Equal(MigrationOutcome.NoTarget, system.Migration.Move(page, CpuId.Boot).Now());
    }

    [Fact]
    public void APinnedPageInLentStorageIsNotMade()
    {
        MemoryLayout layout = TestBoards.Flat(8 << 20, SmallBlocks);
        MemorySystem system = new(layout, new PlainDesign(new Cma(candidates: 16)), new MachineOptions(1));
        Frame storage = new(layout.Storage[0].FirstFrame);

        Assert.False(system.TryOccupy(storage, owner: 1, isMovable: false));
        Assert.True(system.TryOccupy(storage, owner: 1, isMovable: true));
        Assert.False(system.TryOccupy(storage, owner: 2, isMovable: true));
        Assert.Equal(1, system.LentFramesInUse);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void PartsOfASplitFolioHaveTheFlagsOfTheFolioAndNoOlderOnes()
    {
        MemorySystem system = TwoZones();
        Frame single = Allocate(system, GfpFlags.HighUserMovable);
        int[] row = [.. Enumerable.Range(0, 8).Select(_ => Allocate(system, GfpFlags.HighUserMovable).Index)];
        foreach (int frame in row)
        {
            system.Pin(new Frame(frame));
        }

        foreach (int frame in row)
        {
            system.Free(new Frame(frame), CpuId.Boot);
        }

        system.Free(single, CpuId.Boot);
        system.DrainAll();
        for (Frame folio = Allocate(system, GfpFlags.KernelDefault, 3); !folio.IsNone; folio = Allocate(system, GfpFlags.KernelDefault, 3))
        {
            system.Frames.Split(folio, owner: 100);
            for (Frame part = folio; part < folio + 8; part++)
            {
                Assert.False(system.Frames[part].Has(FrameFlags.Movable | FrameFlags.Pinned));
            }
        }
    }

    /// <summary>No two free frames of a zone are neighbours, so that no whole block is free.</summary>
    private static void LeaveHolesOnly(MemorySystem system, Zone zone, int holes)
    {
        List<int> frames = [];
        for (Frame frame = zone.Start; frame < zone.End; frame++)
        {
            if (system.TryOccupy(frame, frame.Index, isMovable: true))
            {
                frames.Add(frame.Index);
            }
        }

        foreach (int frame in frames.Where(frame => frame % 2 == 0).Take(holes))
        {
            system.Free(new Frame(frame), CpuId.Boot);
        }

        system.DrainAll();
    }

    private static Zone ZoneOf(MemorySystem system, Frame frame) => system.Zones[system.Frames[frame].Zone];

    private static Frame Allocate(MemorySystem system, GfpFlags gfp, int order = 0) =>
        system.Allocate(new AllocationRequest(gfp, new Order(order), Cpu: CpuId.Boot, IsTagged: false, Owner: 1)).Frame;

    // Zone Dma ends at 4 GiB; 4 MiB below and 4 MiB, with the storage, above.
    private static MemorySystem TwoZones() => new(
        TestBoards.OneBank(SmallBlocks, 0x1_0000_0000 - (4 << 20), 8 << 20, 4096), new PlainDesign(new Hidden()), new MachineOptions(1));

    private static MemorySystem StorageNode() =>
        new(TestBoards.Flat(8 << 20, SmallBlocks), new PlainDesign(new OwnNode()), new MachineOptions(1));

    // Node 0 has 1 MiB below 1 GiB (zone Dma, as one bus has 30 bits), 2 MiB below 4 GiB (Dma32) and 6 MiB above; node 1
    // has 4 MiB.
    private static MemorySystem TwoNodes(int secondNode)
    {
        const ulong boundary = 0x1_0000_0000;
        MemoryBoard board = TestBoards.Board(
            [
                TestBoards.Bank(0x1000_0000, 1 << 20, node: 0),
                TestBoards.Bank(boundary - (2 << 20), 8 << 20, node: 0),
                TestBoards.Bank(boundary + (64 << 20), 4 << 20, secondNode),
            ],
            []) with
        {
            DmaAddressBits = 30,
        };
        return new MemorySystem(MemoryLayout.For(board, SmallBlocks), new PlainDesign(new Hidden()), new MachineOptions(1));
    }
}
