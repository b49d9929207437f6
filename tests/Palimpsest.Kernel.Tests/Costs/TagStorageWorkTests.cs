using CsCheck;
using Palimpsest.Kernel.Costs;

namespace Palimpsest.Kernel.Tests.Costs;

/// <summary>Counted work is added and taken apart field by field, and no counter of the kernel is counted twice in it.</summary>
public sealed class TagStorageWorkTests
{
    private static readonly Gen<TagStorageWork> Works = Gen.Long[-1000, 1000].Array[8]
        .Select(n => new TagStorageWork(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]));

    [Fact]
    public void SumsAndDifferencesAreOfEachField() => Gen.Select(Works, Works, Works).Sample((a, b, c) =>
    {
        Assert.Equal(a, a + b - b);
        Assert.Equal(a + (b + c), a + b + c);
        Assert.Equal(a + b, b + a);
        Assert.Equal(default, a - a);
        Assert.Equal(Fields(a).Zip(Fields(b), (x, y) => x + y), Fields(a + b));
        Assert.Equal(Fields(a).Zip(Fields(b), (x, y) => x - y), Fields(a - b));
    });

    [Theory]
    [InlineData(nameof(KernelCounters.AlreadyReserved), 0)]
    [InlineData(nameof(KernelCounters.ReservedFree), 1)]
    [InlineData(nameof(KernelCounters.BlockConversions), 1)]
    [InlineData(nameof(KernelCounters.TagMigratedFrames), 2)]
    [InlineData(nameof(KernelCounters.TagBlocksIsolated), 3)]
    [InlineData(nameof(KernelCounters.TagInterrupts), 4)]
    [InlineData(nameof(KernelCounters.DataLinesInvalidated), 5)]
    [InlineData(nameof(KernelCounters.TagLinesInvalidated), 5)]
    [InlineData(nameof(KernelCounters.ReplacedPages), 6)]
    [InlineData(nameof(KernelCounters.FailedReservations), 6)]
    [InlineData(nameof(KernelCounters.FramesSearched), 7)]
    [InlineData(nameof(KernelCounters.MigratedFrames), -1)]
    [InlineData(nameof(KernelCounters.Interrupts), -1)]
    [InlineData(nameof(KernelCounters.BlocksIsolated), -1)]
    [InlineData(nameof(KernelCounters.ReservedByMigration), -1)]
    [InlineData(nameof(KernelCounters.Allocations), -1)]
    public void ACounterIsInOneFieldOrNone(string counter, int field)
    {
        KernelCounters counters = new();
        typeof(KernelCounters).GetField(counter)!.SetValue(counters, 7L);

        Assert.Equal(Enumerable.Range(0, 8).Select(index => index == field ? 7L : 0), Fields(TagStorageWork.Of(counters)));
    }

    [Fact]
    public void ACopyIsApartAndWhatIsForgottenIsAsBefore()
    {
        KernelCounters counters = new() { Allocations = 5, Refills = 2, MigratedFrames = 3, KswapdWakes = 1 };
        KernelCounters before = counters.Copy();
        (counters.Allocations, counters.Refills, counters.MigratedFrames, counters.KswapdWakes) = (50, 20, 30, 10);
        Assert.Equal((5L, 2L, 3L), (before.Allocations, before.Refills, before.MigratedFrames));

        counters.ForgetSince(before);
        // What kswapd did is the machine's, whoever woke it.
        Assert.Equal((5L, 2L, 3L, 10L), (counters.Allocations, counters.Refills, counters.MigratedFrames, counters.KswapdWakes));
    }

    [Fact]
    public void FailedMovesAreOfThreeCauses()
    {
        KernelCounters counters = new() { PinnedMigrationFailures = 1, UnmovableMigrationFailures = 20, NoTargetMigrationFailures = 300 };

        Assert.Equal(321, counters.MigrationFailures);
    }

    private static long[] Fields(TagStorageWork work) =>
    [
        work.Lookups, work.Takes, work.MovedFrames, work.IsolatedBlocks, work.Interrupts, work.CacheLines, work.Faults, work.SearchedFrames,
    ];
}
