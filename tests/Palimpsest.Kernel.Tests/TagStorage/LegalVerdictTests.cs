using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage;

/// <summary>Whatever a design answers, nobody gets CMA or storage that the laws keep from him.</summary>
public sealed class LegalVerdictTests
{
    private static readonly AllocationRequest Movable = new(GfpFlags.HighUserMovable, Order.Zero, Cpu: CpuId.Boot, IsTagged: false,
        Owner: 0);
    private static readonly AllocationRequest Unmovable = Movable with { Gfp = GfpFlags.KernelDefault };

    [Fact]
    public void AGreedyDesignGetsWhatMovableDataMayHave()
    {
        LegalVerdict verdicts = new(new Answering(UseCma: true, UseStorage: true), StoragePlace.OwnMigrateType);

        Assert.Equal(new AllocationVerdict(UseCma: true, UseStorage: true), verdicts.On(Movable));
        Assert.Equal(new AllocationVerdict(UseCma: false, UseStorage: false), verdicts.On(Unmovable));
        Assert.Equal(new AllocationVerdict(UseCma: true, UseStorage: false), verdicts.On(Movable with { IsTagged = true }));
    }

    [Fact]
    public void WhereStorageIsForAllUnmovableDataMayHaveItAndTaggedMayNot()
    {
        LegalVerdict verdicts = new(new Answering(UseCma: true, UseStorage: true), StoragePlace.Groups);

        Assert.Equal(new AllocationVerdict(UseCma: false, UseStorage: true), verdicts.On(Unmovable));
        Assert.False(verdicts.On(Unmovable with { IsTagged = true }).UseStorage);
    }

    [Fact]
    public void AModestDesignIsTakenAtItsWord()
    {
        LegalVerdict verdicts = new(new Answering(UseCma: false, UseStorage: false), StoragePlace.Groups);

        Assert.Equal(default, verdicts.On(Movable));
    }

    private sealed class Answering(bool UseCma, bool UseStorage) : Design
    {
        public override StorageHome Home { get; } = new Ordinary();

        public override AllocationVerdict OnAllocation(in AllocationView view) => new(UseCma, UseStorage);

        public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Refuse;
    }
}
