using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>A high-order atomic request keeps its block for its kind, up to one hundredth of the zone and a block (6.1).</summary>
public sealed class HighAtomicTests
{
    private readonly TinyZone _zone = new();
    private readonly HighAtomic _highAtomic;

    public HighAtomicTests() => _highAtomic = new HighAtomic(_zone.Frames, _zone.Buddy, _zone.Rules);

    [Fact]
    public void TheBlockOfThePageAndItsFreeChunksAreReserved()
    {
        _zone.Free(new Frame(8), 2);
        _zone.FreeEach(13);
        _highAtomic.Reserve(_zone.Zone, new Frame(14));

        Assert.Equal(MigrateType.HighAtomic, _zone.Frames.BlockType(new Frame(8)));
        Assert.Equal("0: 13 | 2: 8", _zone.Picture(MigrateType.HighAtomic));
        Assert.Equal(8, _zone.Zone.HighAtomicFrames);
        Assert.Equal(5, _zone.Zone.FreeFrames);
    }

    // 64 / 100 + 8 = 8: the first block reaches the limit.
    [Fact]
    public void NoMoreThanTheLimitIsReserved()
    {
        _highAtomic.Reserve(_zone.Zone, new Frame(8));
        _highAtomic.Reserve(_zone.Zone, new Frame(16));

        Assert.Equal(MigrateType.Movable, _zone.Frames.BlockType(new Frame(16)));
        Assert.Equal(8, _zone.Zone.HighAtomicFrames);
    }

    [Theory]
    [InlineData(MigrateType.Cma)]
    [InlineData(MigrateType.Metadata)]
    [InlineData(MigrateType.HighAtomic)]
    public void SpecialBlocksAreNotReserved(MigrateType type)
    {
        _zone.SetBlocks(type, new Frame(8), 8);
        _highAtomic.Reserve(_zone.Zone, new Frame(8));

        Assert.Equal(type, _zone.Frames.BlockType(new Frame(8)));
        Assert.Equal(0, _zone.Zone.HighAtomicFrames);
    }

    [Fact]
    public void LentTagStorageIsNotReserved()
    {
        TinyZone zone = new(home: new OwnFreeArea(StorageUse.AfterCma));
        zone.Frames[new Frame(8)].MoveToSet(StorageSets.Storage);
        new HighAtomic(zone.Frames, zone.Buddy, zone.Rules).Reserve(zone.Zone, new Frame(8));

        Assert.Equal(MigrateType.Movable, zone.Frames.BlockType(new Frame(8)));
    }

    [Fact]
    public void UnderPressureABlockIsGivenToTheTypeThatAsks()
    {
        _zone.Free(new Frame(8), 2);
        _highAtomic.Reserve(_zone.Zone, new Frame(12));

        Assert.False(_highAtomic.TryUnreserve(_zone.Zone, MigrateType.Unmovable, force: false));
        Assert.True(_highAtomic.TryUnreserve(_zone.Zone, MigrateType.Unmovable, force: true));

        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(8)));
        Assert.Equal("2: 8", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal(0, _zone.Zone.HighAtomicFrames);
    }

    [Fact]
    public void WithoutFreeReservedFramesThereIsNothingToGive()
    {
        _highAtomic.Reserve(_zone.Zone, new Frame(8));

        Assert.False(_highAtomic.TryUnreserve(_zone.Zone, MigrateType.Movable, force: true));
        Assert.Equal(8, _zone.Zone.HighAtomicFrames);
    }

    [Fact]
    public void WhileTheZoneIsLowAnAtomicRequestMakesAReserveAndDrawsFromIt()
    {
        MemorySystem system = new(
            TestBoards.Flat(8 << 20, new PageGeometry(4096, 5)), new PlainDesign(new Hidden()), new MachineOptions(1));
        Zone zone = system.Zones[0];
        while (zone.FreeFrames > zone.Watermarks.Min)
        {
            Allocate(system, GfpFlags.HighUserMovable, 0);
        }

        Frame first = Allocate(system, GfpFlags.AtomicDefault, 1);

        Assert.True(!first.IsNone);
        Assert.Equal(MigrateType.HighAtomic, system.Frames.BlockType(first));
        Assert.Equal(32, zone.HighAtomicFrames);
        Assert.Equal(system.Frames.BlockType(first), system.Frames.BlockType(Allocate(system, GfpFlags.AtomicDefault, 1)));
        Assert.Empty(system.Audit());
    }

    private static Frame Allocate(MemorySystem system, GfpFlags gfp, int order) =>
        system.Allocate(new AllocationRequest(gfp, new Order(order), Cpu: CpuId.Boot, IsTagged: false, Owner: 1)).Frame;
}
