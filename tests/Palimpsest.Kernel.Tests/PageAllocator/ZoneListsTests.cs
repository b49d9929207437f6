using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Lists are tried in the order of Linux 6.1, tag storage where the verdict puts it.</summary>
public sealed class ZoneListsTests
{
    private static readonly AllocationVerdict WithCma = new(UseCma: true, UsePerCpu: true, StorageUse.Never);

    private readonly TinyZone _zone = new();

    [Fact]
    public void CmaComesFirstWhileItIsMoreThanHalfOfAllThatIsFree()
    {
        _zone.SetBlocks(MigrateType.Cma, 0, 8);
        _zone.Free(0, 3);
        _zone.Free(16, 2);
        _zone.FreeEach(20, 21);

        // Free 14, CMA 8; then 13 and 7, which is more than 6; then 12 and 6, which is not.
        Assert.Equal([0, 1, 20], Three(WithCma));
    }

    [Fact]
    public void CmaComesAfterOnesOwnTypeOtherwise()
    {
        _zone.SetBlocks(MigrateType.Cma, 0, 8);
        _zone.FreeEach(1, 16, 18);

        Assert.Equal([18, 16, 1], Three(WithCma));
    }

    [Fact]
    public void CmaComesBeforeStealing()
    {
        _zone.SetBlocks(MigrateType.Cma, 0, 8);
        _zone.SetBlocks(MigrateType.Unmovable, 8, 56);
        _zone.FreeEach(1);
        _zone.Free(16, 3);

        Assert.Equal([1, 16, 17], Three(WithCma));
    }

    [Theory]
    [InlineData(MigrateType.Unmovable)]
    [InlineData(MigrateType.Reclaimable)]
    public void WithoutTheRightCmaIsNotTouched(MigrateType type)
    {
        _zone.SetBlocks(MigrateType.Cma, 0, 64);
        _zone.Free(0, 6);

        Assert.Equal(-1, _zone.Take(0, type));
        Assert.Equal("6: 0", _zone.Picture(MigrateType.Cma));
    }

    [Fact]
    public void OnlyAMovableVerdictMayNameCmaOrStorage()
    {
        AllocationVerdict greedy = new(UseCma: true, UsePerCpu: true, StorageUse.First, CandidateRetries: 9);

        AllocationVerdict unmovable = LegalVerdict.For(new AllocationView(MigrateType.Unmovable, Order.Zero, IsTagged: false, GfpFlags.None), greedy);
        AllocationVerdict tagged = LegalVerdict.For(new AllocationView(MigrateType.Movable, Order.Zero, IsTagged: true, GfpFlags.None), greedy);

        Assert.Equal((false, StorageUse.Never), (unmovable.UseCma, unmovable.Storage));
        Assert.Equal((true, StorageUse.Never), (tagged.UseCma, tagged.Storage));
    }

    // Free: own type 32 and 35, CMA 8, metadata 16, unmovable 48-55 to steal.
    [Theory]
    [InlineData(StorageUse.Never, "35 32 8 48 49")]
    [InlineData(StorageUse.First, "16 35 32 8 48")]
    [InlineData(StorageUse.Balanced, "35 32 8 16 48")]
    [InlineData(StorageUse.AfterOwnType, "35 32 16 8 48")]
    [InlineData(StorageUse.AfterCma, "35 32 8 16 48")]
    [InlineData(StorageUse.Last, "35 32 8 48 49")]
    public void TheVerdictPlacesAMigratetypeAmongTheLists(StorageUse use, string expected)
    {
        TinyZone zone = new(placement: StoragePlacement.OwnMigrateType);
        zone.SetBlocks(MigrateType.Cma, 8, 8);
        zone.SetBlocks(MigrateType.Metadata, 16, 8);
        zone.SetBlocks(MigrateType.Unmovable, 48, 8);
        zone.FreeEach(32, 35, 8, 16);
        zone.Free(48, order: 3);
        AllocationVerdict verdict = WithCma with { Storage = use };

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 5).Select(_ => zone.Take(0, verdict: verdict))));
    }

    [Fact]
    public void StorageTriedLastIsTakenWhenNothingElseIsLeft()
    {
        TinyZone zone = new(placement: StoragePlacement.OwnMigrateType);
        zone.SetBlocks(MigrateType.Metadata, 16, 8);
        zone.FreeEach(16, 40);
        AllocationVerdict verdict = WithCma with { Storage = StorageUse.Last };

        Assert.Equal([40, 16, -1], [zone.Take(0, verdict: verdict), zone.Take(0, verdict: verdict), zone.Take(0, verdict: verdict)]);
    }

    [Fact]
    public void BalancedStorageGoesFirstWhileItIsMoreThanHalf()
    {
        TinyZone zone = new(placement: StoragePlacement.OwnMigrateType);
        zone.SetBlocks(MigrateType.Metadata, 16, 8);
        zone.Free(16, 2);
        zone.FreeEach(40, 42);
        AllocationVerdict verdict = WithCma with { Storage = StorageUse.Balanced };

        // Storage is 4 of 6, then 3 of 5, 2 of 4 and 2 of 3.
        Assert.Equal([16, 17, 42, 18], Enumerable.Range(0, 4).Select(_ => zone.Take(0, verdict: verdict)));
    }

    [Fact]
    public void ATaggedRequestPutsStorageAtTheTailOfTheCmaListAndTakesTheNext()
    {
        StorageInCma(8, 10, 12);
        _zone.FreeEach(16, 12, 10, 8);

        Assert.Equal(16, _zone.Take(0, verdict: WithCma with { CandidateRetries = 3 }, isTagged: true));
        Assert.Equal("0: 8 10 12", _zone.Picture(MigrateType.Cma));
        Assert.Equal(3, _zone.Counters.StorageCandidatesPutBack);
    }

    [Fact]
    public void ItLooksAtNoMoreThanTheVerdictAllows()
    {
        StorageInCma(8, 10, 12);
        _zone.FreeEach(16, 12, 10, 8);

        Assert.Equal(-1, _zone.Take(0, verdict: WithCma with { CandidateRetries = 1 }, isTagged: true));
        Assert.Equal("0: 10 12 16 8", _zone.Picture(MigrateType.Cma));
        Assert.Equal(1, _zone.Counters.StorageCandidatesPutBack);
    }

    private void StorageInCma(params int[] storage)
    {
        _zone.SetBlocks(MigrateType.Cma, 8, 16);
        foreach (int frame in storage)
        {
            _zone.Frames[frame].Set(FrameFlags.Untaggable | FrameFlags.TagStorage);
        }
    }

    private int[] Three(AllocationVerdict verdict) =>
        [_zone.Take(0, verdict: verdict), _zone.Take(0, verdict: verdict), _zone.Take(0, verdict: verdict)];
}
