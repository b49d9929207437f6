using System.Reflection;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Tests.Columns;

/// <summary>Each figure of a comparison: its unit, its better end and its value, from a result in which no two counts are alike.</summary>
public sealed class DesignColumnTests
{
    [Theory]
    [InlineData("given_back_mean_mib", Unit.Mebibytes, Better.Higher, 25)]
    [InlineData("given_back_min_mib", Unit.Mebibytes, Better.Higher, 10)]
    [InlineData("given_back_min_time_s", Unit.Moment, Better.Neither, 2.5)]
    [InlineData("given_back_mean_percent", Unit.Percent, Better.Neither, 25)]
    [InlineData("given_back_min_percent", Unit.Percent, Better.Neither, 10)]
    [InlineData("used_as_data_mean_mib", Unit.Mebibytes, Better.Higher, 20)]
    [InlineData("used_as_data_max_mib", Unit.Mebibytes, Better.Higher, 30)]
    [InlineData("reserved_mean_mib", Unit.Mebibytes, Better.Lower, 40)]
    [InlineData("reserved_max_mib", Unit.Mebibytes, Better.Lower, 50)]
    [InlineData("tagged_mean_mib", Unit.Mebibytes, Better.Neither, 200)]
    [InlineData("block_fill_mean", Unit.Ratio, Better.Higher, 5.25)]
    [InlineData("reserved_over_ideal", Unit.Ratio, Better.Lower, 1.375)]
    [InlineData("law_violations", Unit.Count, Better.Lower, 2)]
    [InlineData("failed_ranges", Unit.Count, Better.Lower, 31)]
    [InlineData("reserve_latency_modelled_ns.p50", Unit.Nanoseconds, Better.Lower, 110)]
    [InlineData("reserve_latency_modelled_ns.p90", Unit.Nanoseconds, Better.Lower, 1_220)]
    [InlineData("reserve_latency_modelled_ns.p99", Unit.Nanoseconds, Better.Lower, 13_330)]
    [InlineData("reserve_latency_modelled_ns.max", Unit.Nanoseconds, Better.Lower, 144_440)]
    [InlineData("tag_storage_modelled_s", Unit.Seconds, Better.Lower, 0.0045)]
    [InlineData("modelled.lookup", Unit.Seconds, Better.Neither, 0.0001)]
    [InlineData("modelled.buddy_take", Unit.Seconds, Better.Neither, 0.0002)]
    [InlineData("modelled.copy", Unit.Seconds, Better.Neither, 0.0003)]
    [InlineData("modelled.remap", Unit.Seconds, Better.Neither, 0.0004)]
    [InlineData("modelled.isolate", Unit.Seconds, Better.Neither, 0.0005)]
    [InlineData("modelled.interrupts", Unit.Seconds, Better.Neither, 0.0006)]
    [InlineData("modelled.cache_lines", Unit.Seconds, Better.Neither, 0.0007)]
    [InlineData("modelled.faults", Unit.Seconds, Better.Neither, 0.0008)]
    public void AFigureIs(string id, object unit, object better, double value)
    {
        Column<DesignResult> column = DesignColumns.Named(id);

        Assert.Equal(((Unit)unit, (Better)better), (column.Unit, column.Better));
        Assert.Equal(value, column.Value(MadeUp.Design), 9);
    }

    [Theory]
    [InlineData("failed_allocations", nameof(DesignCounts.FailedAllocations), Better.Lower)]
    [InlineData("refused_tagged_allocations", nameof(DesignCounts.RefusedTagged), Better.Lower)]
    [InlineData("lost_requests", nameof(DesignCounts.Lost), Better.Lower)]
    [InlineData("extfrag_events", nameof(DesignCounts.ExternalFragmentation), Better.Lower)]
    [InlineData("kswapd_wakes", nameof(DesignCounts.KswapdWakes), Better.Lower)]
    [InlineData("direct_reclaims", nameof(DesignCounts.DirectReclaims), Better.Lower)]
    [InlineData("drains", nameof(DesignCounts.Drains), Better.Lower)]
    [InlineData("drained_pages", nameof(DesignCounts.DrainedFrames), Better.Neither)]
    [InlineData("drain_all_calls", nameof(DesignCounts.DrainAllCalls), Better.Lower)]
    [InlineData("interrupts", nameof(DesignCounts.Interrupts), Better.Lower)]
    [InlineData("range_allocations", nameof(DesignCounts.RangeAllocations), Better.Lower)]
    [InlineData("range_failures", nameof(DesignCounts.RangeFailures), Better.Lower)]
    [InlineData("pageblocks_isolated", nameof(DesignCounts.BlocksIsolated), Better.Lower)]
    [InlineData("pageblocks_busy", nameof(DesignCounts.IsolationFailures), Better.Lower)]
    [InlineData("migration_failures.pinned", nameof(DesignCounts.PinnedMigrationFailures), Better.Lower)]
    [InlineData("migration_failures.unmovable", nameof(DesignCounts.UnmovableMigrationFailures), Better.Lower)]
    [InlineData("migration_failures.no_target", nameof(DesignCounts.NoTargetMigrationFailures), Better.Lower)]
    [InlineData("migrations", nameof(DesignCounts.TagMigratedFrames), Better.Lower)]
    [InlineData("reservations.already", nameof(DesignCounts.AlreadyReserved), Better.Neither)]
    [InlineData("reservations.free", nameof(DesignCounts.ReservedFree), Better.Neither)]
    [InlineData("reservations.migrate", nameof(DesignCounts.ReservedByMigration), Better.Lower)]
    [InlineData("reservations.failed", nameof(DesignCounts.FailedReservations), Better.Lower)]
    [InlineData("blocks_released", nameof(DesignCounts.ReleasedBlocks), Better.Neither)]
    [InlineData("data_lines_invalidated", nameof(DesignCounts.DataLinesInvalidated), Better.Lower)]
    [InlineData("tag_lines_invalidated", nameof(DesignCounts.TagLinesInvalidated), Better.Lower)]
    [InlineData("replaced_pages", nameof(DesignCounts.ReplacedPages), Better.Lower)]
    [InlineData("candidates_put_back", nameof(DesignCounts.StorageCandidatesPutBack), Better.Lower)]
    [InlineData("block_conversions", nameof(DesignCounts.BlockConversions), Better.Lower)]
    public void ACountIsThatOfTheKernelsCounter(string id, string counter, object better)
    {
        Column<DesignResult> column = DesignColumns.Named(id);
        object? counted = typeof(DesignCounts).GetProperty(counter)!.GetValue(MadeUp.DesignCounts);

        Assert.Equal((Unit.Count, (Better)better), (column.Unit, column.Better));
        Assert.Equal((long)counted!, column.Value(MadeUp.Design));
    }

    [Fact]
    public void EveryCounterButOneIsShown()
    {
        double[] shown = [.. DesignColumns.All.Where(column => column.Unit == Unit.Count).Select(column => column.Value(MadeUp.Design))];
        IEnumerable<string> hidden = typeof(DesignCounts).GetProperties()
            .Where(property => !shown.Contains((long)property.GetValue(MadeUp.DesignCounts)!)).Select(property => property.Name);

        // Those for tags are among all interrupts; a loop shows them alone.
        Assert.Equal([nameof(DesignCounts.TagInterrupts)], hidden);
    }

    [Fact]
    public void BytesCopiedAreThoseOfThePagesMoved() => Assert.Equal(
        MadeUp.DesignCounts.TagMigratedFrames / 16.0, DesignColumns.Named("migrated_mib").Value(MadeUp.Design));

    [Fact]
    public void NoTwoColumnsShowOneFigure()
    {
        // Shares of the carve-out are sizes of it in other words.
        IEnumerable<double> values = DesignColumns.All.Where(column => column.Unit != Unit.Percent).Select(
            column => column.Value(MadeUp.Design));

        Assert.Equal(values.Count(), values.Distinct().Count());
    }

    [Theory]
    [InlineData("given_back_mean_mib", 2)]
    [InlineData("given_back_min_time_s", 2)]
    [InlineData("given_back_mean_percent", 1)]
    [InlineData("block_fill_mean", 1)]
    [InlineData("reserved_over_ideal", 2)]
    [InlineData("migrations", 0)]
    [InlineData("tag_storage_modelled_s", 5)]
    public void PeopleSeeAsManyDecimalsAsMeanSomething(string id, int decimals) =>
        Assert.Equal(decimals, DesignColumns.Named(id).Decimals);

    [Theory]
    [InlineData("block_fill_mean")]
    [InlineData("reserved_over_ideal")]
    [InlineData("reserve_latency_modelled_ns.p50")]
    [InlineData("reserve_latency_modelled_ns.max")]
    [InlineData("given_back_mean_percent")]
    public void WhereNothingWasTaggedThereIsNothingToMeasure(string id)
    {
        DesignResult nothing = MadeUp.Design with
        {
            Storage = MadeUp.Storage with { BlockFillMean = 0, ReservedOverIdeal = 0, StorageFrames = 0 },
            Latency = new ModelledLatency(0, 0, 0, 0),
        };

        Assert.True(DesignColumns.Named(id).IsMeasured(MadeUp.Design));
        Assert.False(DesignColumns.Named(id).IsMeasured(nothing));
    }

    [Fact]
    public void VersionOneOfTheJsonHasTheseNamesInThisOrder() => Assert.Equal(
        [
            "given_back_mean_mib", "given_back_min_mib", "given_back_min_time_s", "given_back_mean_percent", "used_as_data_mean_mib",
            "used_as_data_max_mib", "reserved_mean_mib", "reserved_max_mib", "tagged_mean_mib", "block_fill_mean", "reserved_over_ideal",
            "reserved_over_ideal_p99", "stranded_mean_mib", "net_given_mean_mib", "order9_chunks_mean",
            "migrations", "migrated_mib", "moves.data_out", "moves.packed", "moves.guests", "moves.late",
            "migration_failures.pinned", "migration_failures.unmovable", "migration_failures.no_target",
            "reservations.already", "reservations.free", "reservations.migrate", "reservations.failed",
            "reserve_latency_modelled_ns.p50", "reserve_latency_modelled_ns.p90", "reserve_latency_modelled_ns.p99",
            "reserve_latency_modelled_ns.max", "tag_storage_modelled_s", "refused_tagged_allocations", "failed_allocations",
            "extfrag_events", "range_allocations", "pageblocks_isolated", "interrupts", "drained_pages", "direct_reclaims",
            "failed_ranges", "law_violations",
        ],
        DesignColumns.All.Where(column => column.IsInJson).Select(column => column.Id));

    [Fact]
    public void AMeaningIsOfTheColumnAlone() => Assert.Equal(
        DesignColumns.All.Count, DesignColumns.All.Select(column => (column.Group, column.Heading, column.Meaning)).Distinct().Count());
}
