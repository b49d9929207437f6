using CsCheck;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator.Rules;

/// <summary>What the rules of any release owe the rooms that ask them, whatever numbers they are asked with.</summary>
public sealed class RuleLaws
{
    private static readonly Gen<PerCpuState> States = Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 4000], Gen.Int[1, 63], Gen.Int[0, 5])
        .Select(draw => new PerCpuState
        {
            Count = draw.Item1, High = draw.Item2, HighMost = draw.Item2 + 1000, Batch = draw.Item3, FreeRun = draw.Item4,
        });

    private static readonly Gen<MigrateType> Types = Gen.Int[0, 2].Select(type => (MigrateType)type);

    public static TheoryData<string> EveryRelease() => ["6.1", "6.12"];

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void ARefillAsksForSomething(string release) =>
        Law.Holds(Gen.Select(States, Gen.Int[0, 9]), 300, draw =>
        {
            PerCpuState lists = draw.Item1;
            Assert.True(Of(release).RefillWanted(ref lists, draw.Item2) > 0);
            Assert.Equal(draw.Item1.Count, lists.Count);
        });

    // The room does not ask below the limit for order 0, so there is nothing to be missed.
    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void ShortListsAreNotDrainedByFreesOfOneFrame(string release) =>
        Law.Holds(States, 300, state =>
        {
            PerCpuState lists = state with { Count = Math.Min(state.Count, state.High - 1) };
            Assert.Equal(0, Of(release).DrainWanted(ref lists, 0));
        });

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void ListsAtTheirLimitAreDrained(string release) =>
        Law.Holds(States, 300, state =>
        {
            PerCpuState lists = state with { Count = Math.Max(state.Count, Math.Max(1, state.High)),
                High = Math.Max(state.High, 2 * state.Batch) };
            lists.Count = Math.Max(lists.Count, lists.High);
            Assert.True(Of(release).DrainWanted(ref lists, 0) > 0);
        });

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void NobodyFallsBackOnItselfOrOnATypeThatKeepsToItself(string release) =>
        Law.Holds(Types, 20, type => Assert.All(Of(release).Fallbacks(type).ToArray(), other =>
        {
            Assert.NotEqual(type, other);
            Assert.True(MigrateTypes.IsMergeable(other));
        }));

    // The room asks again with the smallest chunk, and would ask for ever.
    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void AChunkOfTheOrderWantedIsNeverToBeReplacedByASmaller(string release) =>
        Law.Holds(Gen.Select(Types, Gen.Int[0, 10], Gen.Int[1, 10]), 200, draw =>
            Assert.NotEqual(StealVerdict.SmallestChunk, Of(release).Steal(new StealView(draw.Item1, draw.Item2, draw.Item2, draw.Item3))));

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void ABlockThatIsWhollyFreeIsClaimed(string release) =>
        Law.Holds(Gen.Select(Types, Types, Gen.Int[0, 10]), 100, draw =>
            Assert.True(Of(release).ClaimsBlock(new BlockView(draw.Item1, draw.Item2, 1 << draw.Item3, 0, 1 << draw.Item3))));

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void RightsNeverRaiseAMark(string release) =>
        Law.Holds(Gen.Select(Gen.Int[0, 15], Gen.Int[0, 100_000]), 200, draw =>
            Assert.InRange(Of(release).MarkWith((ReserveRights)draw.Item1, draw.Item2), 0, draw.Item2));

    [Theory]
    [MemberData(nameof(EveryRelease))]
    public void WatermarksAscendAndReservesGrowWithTheZonesAbove(string release) =>
        Law.Holds(Gen.Select(Gen.Int[0, 2_000_000].Array[4], Gen.Int[1, 64], Gen.Bool), 200, draw =>
        {
            ZoneView[] zones = [.. draw.Item1.Select((managed, kind) => new ZoneView((ZoneKind)kind, 0, managed, false, default, 0))];
            ZoneLimits[] limits = Of(release).LimitsOf(zones, new SetUpView(PageGeometry.Page4K, draw.Item2, draw.Item3));

            Assert.Equal(zones.Length, limits.Length);
            Assert.All(limits, limit =>
            {
                Assert.True(limit.Watermarks.Min <= limit.Watermarks.Low && limit.Watermarks.Low <= limit.Watermarks.High);
                Assert.True(limit.PerCpuBatch > 0 && limit.PerCpuHigh >= limit.PerCpuBatch);
                Assert.Equal(limit.LowmemReserve.Order(), limit.LowmemReserve);
            });
        });

    private static AllocatorRules Of(string release) => AllocatorRules.Of(KernelRelease.Of(release)!.Value);
}
