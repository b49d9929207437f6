using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>What counts as free for a request, and how far below the mark it may go (__zone_watermark_ok, 6.1).</summary>
public sealed class WatermarkTests
{
    private const int Mark = 16;

    private static readonly AllocationVerdict Ordinary = new(UseCma: false, UseStorage: false);

    private readonly TinyZone _zone = new();

    // The request is met while free > limit: 16, then 16 - 8, then 8 - 2.
    [Theory]
    [InlineData(ReserveRights.None, 16)]
    [InlineData(ReserveRights.NonBlocking, 16)]
    [InlineData(ReserveRights.MinReserve, 8)]
    [InlineData(ReserveRights.MinReserve | ReserveRights.NonBlocking, 6)]
    internal void AtomicRequestsMayGoDeeper(ReserveRights rights, int limit)
    {
        Fill(limit);
        Assert.False(IsMet(0, rights));

        _zone.FreeEach(62);
        Assert.True(IsMet(0, rights));
    }

    [Fact]
    public void AHighOrderRequestLeavesItsOwnFramesOut()
    {
        _zone.Free(new Frame(0), 4);
        _zone.FreeEach(16, 17, 18);

        // 19 - 3 = 16 is not above the mark.
        Assert.False(IsMet(2, ReserveRights.None));

        _zone.FreeEach(32);
        Assert.True(IsMet(2, ReserveRights.None));
    }

    [Fact]
    public void AHighOrderRequestNeedsAChunkOfItsSize()
    {
        for (Frame frame = new(0); frame.Index < 64; frame += 2)
        {
            _zone.FreeEach(frame.Index);
        }

        Assert.True(IsMet(0, ReserveRights.None));
        Assert.False(IsMet(1, ReserveRights.None));
    }

    [Fact]
    public void CmaCountsOnlyForThoseWhoMayHaveIt()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 32);
        _zone.Free(new Frame(0), 5);

        Assert.False(IsMet(0, ReserveRights.None));
        Assert.True(IsMet(0, ReserveRights.None, Ordinary with { UseCma = true }));
        Assert.True(IsMet(2, ReserveRights.None, Ordinary with { UseCma = true }));
    }

    [Fact]
    public void MetadataCountsOnlyForThoseWhoMayHaveIt()
    {
        _zone.SetBlocks(MigrateType.Metadata, new Frame(0), 32);
        _zone.Free(new Frame(0), 5);

        Assert.False(IsMet(0, ReserveRights.None));
        Assert.True(IsMet(3, ReserveRights.None, Ordinary with { UseStorage = true }));
    }

    [Fact]
    public void ASecondFreeAreaCountsOnlyForThoseWhoMayHaveIt()
    {
        TinyZone zone = new(home: new OwnFreeArea(StorageUse.AfterCma));
        for (Frame frame = new(0); frame.Index < 32; frame++)
        {
            zone.Frames[frame].MoveToSet(StorageSets.Storage);
        }

        zone.Free(new Frame(0), 5);

        Assert.Equal(32, zone.Zone.FreeStorageFrames);
        Assert.False(Watermark.IsMet(zone.Zone, zone.Frames, 1, Mark, ReserveRights.None, Ordinary, ZoneKind.Normal));
        Assert.True(Watermark.IsMet(zone.Zone, zone.Frames, 1, Mark, ReserveRights.None, Ordinary with { UseStorage = true },
            ZoneKind.Normal));
    }

    [Fact]
    public void HighAtomicFramesAreKeptFromOrdinaryRequests()
    {
        Fill(20);
        _zone.Zone.HighAtomicFrames = 8;

        Assert.False(IsMet(0, ReserveRights.None));
        Assert.True(IsMet(0, ReserveRights.NonBlocking));
        Assert.True(IsMet(0, ReserveRights.MinReserve));
    }

    [Fact]
    public void AHighAtomicChunkServesHighAtomicRequestsOnly()
    {
        Fill(20);
        _zone.SetBlocks(MigrateType.HighAtomic, new Frame(56), 8);
        _zone.Free(new Frame(56), 3);

        Assert.False(IsMet(3, ReserveRights.MinReserve));
        Assert.True(IsMet(3, ReserveRights.MinReserve | ReserveRights.NonBlocking | ReserveRights.HighAtomic));
    }

    [Fact]
    public void TheReserveOfALowZoneIsAddedForHighRequests()
    {
        Fill(20);
        _zone.Zone.LowmemReserve[(int)ZoneKind.Movable] = 4;

        Assert.True(IsMet(0, ReserveRights.None));
        Assert.False(Watermark.IsMet(_zone.Zone, _zone.Frames, 0, Mark, ReserveRights.None, Ordinary, ZoneKind.Movable));
    }

    private bool IsMet(int order, ReserveRights rights) => IsMet(order, rights, Ordinary);

    private bool IsMet(int order, ReserveRights rights, AllocationVerdict verdict) =>
        Watermark.IsMet(_zone.Zone, _zone.Frames, order, _zone.Rules.MarkWith(rights, Mark), rights, verdict, ZoneKind.Normal);

    /// <summary>Frees single frames that do not merge.</summary>
    private void Fill(int count)
    {
        for (Frame frame = new(0); frame.Index < 2 * count; frame += 2)
        {
            _zone.FreeEach(frame.Index);
        }
    }
}
