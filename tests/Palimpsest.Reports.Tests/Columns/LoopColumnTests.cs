using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Tests.Columns;

/// <summary>Each figure of a closed loop: its unit, its better end and its value.</summary>
public sealed class LoopColumnTests
{
    [Theory]
    [InlineData("minor_faults", nameof(LoopCounts.MinorFaults), Better.Neither)]
    [InlineData("huge_faults", nameof(LoopCounts.HugeFaults), Better.Neither)]
    [InlineData("copies_on_write", nameof(LoopCounts.CopiesOnWrite), Better.Neither)]
    [InlineData("faults_on_access", nameof(LoopCounts.FaultsOnAccess), Better.Lower)]
    [InlineData("swap_ins", nameof(LoopCounts.SwapIns), Better.Lower)]
    [InlineData("swap_outs", nameof(LoopCounts.SwapOuts), Better.Lower)]
    [InlineData("refaults", nameof(LoopCounts.Refaults), Better.Lower)]
    [InlineData("file_reads", nameof(LoopCounts.FileReads), Better.Lower)]
    [InlineData("file_writes", nameof(LoopCounts.FileWrites), Better.Lower)]
    [InlineData("file_pages_dropped", nameof(LoopCounts.FilePagesDropped), Better.Lower)]
    [InlineData("pages_scanned", nameof(LoopCounts.PagesScanned), Better.Lower)]
    [InlineData("kswapd_wakes", nameof(LoopCounts.KswapdWakes), Better.Lower)]
    [InlineData("direct_reclaims", nameof(LoopCounts.DirectReclaims), Better.Lower)]
    [InlineData("compacted_pages", nameof(LoopCounts.CompactedPages), Better.Neither)]
    [InlineData("oom_kills", nameof(LoopCounts.OomKills), Better.Lower)]
    public void ACountIsThatOfTheKernelsEvents(string id, string counter, object better)
    {
        Column<LoopDesignResult> column = LoopColumns.Named(id);

        Assert.Equal((Unit.Count, (Better)better), (column.Unit, column.Better));
        Assert.Equal((long)typeof(LoopCounts).GetProperty(counter)!.GetValue(MadeUp.LoopCounts)!, column.Value(MadeUp.LoopDesign));
    }

    [Theory]
    [InlineData("migrations", nameof(DesignCounts.TagMigratedFrames))]
    [InlineData("replaced_pages", nameof(DesignCounts.ReplacedPages))]
    [InlineData("failed_reservations", nameof(DesignCounts.FailedReservations))]
    [InlineData("tag_interrupts", nameof(DesignCounts.TagInterrupts))]
    public void WhatTagsCostIsCountedByTheKernel(string id, string counter)
    {
        Column<LoopDesignResult> column = LoopColumns.Named(id);

        Assert.Equal((Unit.Count, Better.Lower), (column.Unit, column.Better));
        Assert.Equal((long)typeof(DesignCounts).GetProperty(counter)!.GetValue(MadeUp.DesignCounts)!, column.Value(MadeUp.LoopDesign));
    }

    [Theory]
    [InlineData("restarts", 41)]
    [InlineData("law_violations", 2)]
    [InlineData("given_back_mean_mib", 25)]
    [InlineData("used_as_data_max_mib", 30)]
    [InlineData("reserved_mean_mib", 40)]
    [InlineData("saved_percent", 12.5)]
    public void AFigureIs(string id, double value) => Assert.Equal(value, LoopColumns.Named(id).Value(MadeUp.LoopDesign));

    [Fact]
    public void WhereTodaysMachineWasNotRunNobodyKnowsWhatIsSaved()
    {
        Column<LoopDesignResult> saved = LoopColumns.Named("saved_percent");

        Assert.True(saved.IsMeasured(MadeUp.LoopDesign));
        Assert.False(saved.IsMeasured(MadeUp.LoopDesign with { SavedShare = null }));
        Assert.Equal(0, saved.Value(MadeUp.LoopDesign with { SavedShare = null }));
    }

    [Fact]
    public void FiguresThatNeedARecordingAreNotInTheJsonOfALoop() => Assert.Equal(
        ["given_back_min_time_s", "given_back_mean_percent", "given_back_min_percent", "saved_percent"],
        LoopColumns.All.Where(column => !column.IsInJson).Select(column => column.Id));

    [Fact]
    public void VersionOneOfTheJsonHasTheseNamesInThisOrder() => Assert.Equal(
        [
            "given_back_mean_mib", "given_back_min_mib", "used_as_data_mean_mib", "used_as_data_max_mib", "reserved_mean_mib",
            "reserved_max_mib", "tagged_mean_mib", "block_fill_mean", "reserved_over_ideal", "reserved_over_ideal_p99",
            "stranded_mean_mib", "net_given_mean_mib", "order9_chunks_mean", "migrations", "moves.data_out", "moves.packed", "moves.guests",
            "moves.late", "replaced_pages", "extfrag_events", "failed_reservations", "interrupts",
            "minor_faults", "huge_faults", "copies_on_write", "faults_on_access", "swap_ins", "swap_outs", "refaults", "file_reads",
            "file_writes", "file_pages_dropped", "pages_scanned", "kswapd_wakes", "direct_reclaims", "compacted_pages", "oom_kills",
            "restarts", "law_violations",
        ],
        LoopColumns.All.Where(column => column.IsInJson).Select(column => column.JsonName));

    [Fact]
    public void EveryEventThatIsCountedIsShown()
    {
        double[] shown = [.. LoopColumns.All.Select(column => column.Value(MadeUp.LoopDesign))];
        IEnumerable<string> hidden = typeof(LoopCounts).GetProperties().Where(property => property.CanWrite)
            .Where(property => !shown.Contains((long)property.GetValue(MadeUp.LoopCounts)!)).Select(property => property.Name);

        Assert.Empty(hidden);
    }

    [Fact]
    public void WhatAComparisonAndALoopBothTellMeansOneThing() => Assert.All(
        LoopColumns.All.Join(DesignColumns.All, loop => loop.Id, design => design.Id, (loop, design) => (loop, design)),
        pair => Assert.Equal(pair.design.Meaning, pair.loop.Meaning));

    [Fact]
    public void WhatAComparisonAndALoopBothTellIsToldInOneUnit() => Assert.All(
        LoopColumns.All.Join(DesignColumns.All, loop => loop.Id, design => design.Id, (loop, design) => (loop, design)),
        pair => Assert.Equal((pair.design.Unit, pair.design.Better, pair.design.Decimals),
            (pair.loop.Unit, pair.loop.Better, pair.loop.Decimals)));
}
