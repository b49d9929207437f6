using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Lists are tried in the order of Linux 6.1, tag storage where the verdict puts it.</summary>
public sealed class ZoneListsTests
{
    private static readonly AllocationVerdict WithCma = new(UseCma: true, UseStorage: false);

    private readonly TinyZone _zone = new();

    [Fact]
    public void CmaComesFirstWhileItIsMoreThanHalfOfAllThatIsFree()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 8);
        _zone.Free(new Frame(0), 3);
        _zone.Free(new Frame(16), 2);
        _zone.FreeEach(20, 21);

        // Free 14, CMA 8; then 13 and 7, which is more than 6; then 12 and 6, which is not.
        Assert.Equal([0, 1, 20], Three(WithCma));
    }

    [Fact]
    public void CmaComesAfterOnesOwnTypeOtherwise()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 8);
        _zone.FreeEach(1, 16, 18);

        Assert.Equal([18, 16, 1], Three(WithCma));
    }

    [Fact]
    public void CmaComesBeforeStealing()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 8);
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(8), 56);
        _zone.FreeEach(1);
        _zone.Free(new Frame(16), 3);

        Assert.Equal([1, 16, 17], Three(WithCma));
    }

    [Theory]
    [InlineData(MigrateType.Unmovable)]
    [InlineData(MigrateType.Reclaimable)]
    public void WithoutTheRightCmaIsNotTouched(MigrateType type)
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 64);
        _zone.Free(new Frame(0), 6);

        Assert.Equal(-1, _zone.Take(0, type).Index);
        Assert.Equal("6: 0", _zone.Picture(MigrateType.Cma));
    }

    // Free: own type 32 and 35, CMA 8, metadata 16, unmovable 48-55 to steal.
    [Theory]
    [InlineData(StorageUse.First, "16 35 32 8 48")]
    [InlineData(StorageUse.Balanced, "35 32 8 16 48")]
    [InlineData(StorageUse.AfterOwnType, "35 32 16 8 48")]
    [InlineData(StorageUse.AfterCma, "35 32 8 16 48")]
    [InlineData(StorageUse.Last, "35 32 8 48 49")]
    public void TheHomePlacesAMigratetypeAmongTheLists(StorageUse use, string expected)
    {
        TinyZone zone = new(home: new OwnMigrateType(use));
        zone.SetBlocks(MigrateType.Cma, new Frame(8), 8);
        zone.SetBlocks(MigrateType.Metadata, new Frame(16), 8);
        zone.SetBlocks(MigrateType.Unmovable, new Frame(48), 8);
        zone.FreeEach(32, 35, 8, 16);
        zone.Free(new Frame(48), order: 3);
        AllocationVerdict verdict = WithCma with { UseStorage = true };

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 5).Select(_ => zone.Take(0, verdict: verdict).Index)));
    }

    [Fact]
    public void StorageTriedLastIsTakenWhenNothingElseIsLeft()
    {
        TinyZone zone = new(home: new OwnMigrateType(StorageUse.Last));
        zone.SetBlocks(MigrateType.Metadata, new Frame(16), 8);
        zone.FreeEach(16, 40);
        AllocationVerdict verdict = WithCma with { UseStorage = true };

        Assert.Equal([40, 16, -1],
            [zone.Take(0, verdict: verdict).Index, zone.Take(0, verdict: verdict).Index, zone.Take(0, verdict: verdict).Index]);
    }

    [Fact]
    public void BalancedStorageGoesFirstWhileItIsMoreThanHalf()
    {
        TinyZone zone = new(home: new OwnMigrateType(StorageUse.Balanced));
        zone.SetBlocks(MigrateType.Metadata, new Frame(16), 8);
        zone.Free(new Frame(16), 2);
        zone.FreeEach(40, 42);
        AllocationVerdict verdict = WithCma with { UseStorage = true };

        // Storage is 4 of 6, then 3 of 5, 2 of 4 and 2 of 3.
        Assert.Equal([16, 17, 42, 18], Enumerable.Range(0, 4).Select(_ => zone.Take(0, verdict: verdict).Index));
    }

    [Fact]
    public void ATaggedRequestPutsStorageAtTheTailOfTheCmaListAndTakesTheNext()
    {
        TinyZone zone = StorageInCma(candidates: 3, 8, 10, 12);
        zone.FreeEach(16, 12, 10, 8);

        Assert.Equal(16, zone.Take(0, verdict: WithCma, isTagged: true).Index);
        Assert.Equal("0: 8 10 12", zone.Picture(MigrateType.Cma));
        Assert.Equal(3, zone.Counters.StorageCandidatesPutBack);
    }

    [Fact]
    public void ItLooksAtNoMoreThanTheHomeAllows()
    {
        TinyZone zone = StorageInCma(candidates: 1, 8, 10, 12);
        zone.FreeEach(16, 12, 10, 8);

        Assert.Equal(-1, zone.Take(0, verdict: WithCma, isTagged: true).Index);
        Assert.Equal("0: 10 12 16 8", zone.Picture(MigrateType.Cma));
        Assert.Equal(1, zone.Counters.StorageCandidatesPutBack);
    }

    private static TinyZone StorageInCma(int candidates, params int[] storage)
    {
        TinyZone zone = new(home: new Cma(candidates));
        zone.SetBlocks(MigrateType.Cma, new Frame(8), 16);
        foreach (int frame in storage)
        {
            zone.Frames[new Frame(frame)].Set(FrameFlags.Untaggable | FrameFlags.TagStorage);
        }

        return zone;
    }

    private int[] Three(AllocationVerdict verdict) =>
        [_zone.Take(0, verdict: verdict).Index, _zone.Take(0, verdict: verdict).Index, _zone.Take(0, verdict: verdict).Index];
}
