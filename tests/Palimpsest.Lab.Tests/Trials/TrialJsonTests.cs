using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>Descriptions and results can be kept and sent: what is read back is written the same again, and runs the same.</summary>
public sealed class TrialJsonTests
{
    private static readonly RecordingInput Recording = new(TrialFiles.Trace)
    {
        Name = "small", KernelRelease = "6.1", MayBeTruncated = true,
        Part = new TraceFilter { FromNs = 3, ToNs = 4_000_000_000, Cpus = [0, 1], Events = ["mm_*"], Processes = ["pid=3"],
            FollowsPages = true },
    };

    private static readonly BoardInput Board = new() { TreePath = TrialFiles.Board, RamBytes = 1UL << 40, PageBytes = 16384,
        PageBlockOrder = 9, CmaAreas = [new(1, 2)] };

    [Fact]
    public void ADescriptionOfAComparisonIsReadBack()
    {
        ComparisonTrial trial = new(Recording, Board)
        {
            Designs = ["tag-blocks", "cma-no-tagged:attempts=9"], TagSource = "policy:a,b", SnapshotPath = "s", UsedBytes = 7,
                PinnedShare = 0.25, Cpus = 4,
            TransparentHugePages = false, Costs = CostTable.Default with { FaultNs = 9 },
        };
        ComparisonTrial back = BackAndForth(trial, TrialJson.Default.ComparisonTrial);

        Assert.Equal(trial.Costs, back.Costs);
        Assert.Equal(trial.Designs, back.Designs);
        Assert.Equal(trial.Recording.Part!.Processes, back.Recording.Part!.Processes);
        Assert.Equal((trial.PinnedShare, trial.Board.RamBytes, trial.TransparentHugePages),
            (back.PinnedShare, back.Board.RamBytes, back.TransparentHugePages));
    }

    [Fact]
    public void DescriptionsOfTheOtherKindsAreReadBack()
    {
        LoopTrial loop = new("phone") { Board = Board, Designs = ["static"], Steps = 3, SizeBytes = 4, TaggedFrom = 0.1, TaggedTo = 0.2,
            Seed = 5, SwapBytes = 6, Cpus = 7, HugePages = true };
        VerificationTrial verification = new(Recording, Board) { EndPath = "end", StartPath = "start", UsesSiblings = false,
            TransparentHugePages = false };

        Assert.Equal((0.1, 0.2, 5UL, 7, true), BackAndForth(loop, TrialJson.Default.LoopTrial) is var back
            ? (back.TaggedFrom, back.TaggedTo, back.Seed, back.Cpus, back.HugePages)
            : default);
        Assert.Equal(("end", "start", false), BackAndForth(verification, TrialJson.Default.VerificationTrial) is var read
            ? (read.EndPath, read.StartPath, read.UsesSiblings)
            : default);
        BackAndForth(new InspectionTrial(Recording), TrialJson.Default.InspectionTrial);
    }

    [Fact]
    public void ADescriptionThatWasReadBackRunsTheSame()
    {
        ComparisonTrial trial = new(new(TrialFiles.Trace), new() { TreePath = TrialFiles.Board }) { Designs = ["tag-blocks"],
            PinnedShare = 0.01 };
        ComparisonTrial back = BackAndForth(trial, TrialJson.Default.ComparisonTrial);

        Assert.Equal(Text(trial.Finish(), TrialJson.Default.ComparisonResult), Text(back.Finish(), TrialJson.Default.ComparisonResult));
    }

    [Fact]
    public void AResultOfAComparisonKeepsItsFigures()
    {
        ComparisonResult result = new ComparisonTrial(new(TrialFiles.Trace),
            new() { TreePath = TrialFiles.Board }) { Designs = ["cma-no-tagged"] }.Finish();
        ComparisonResult back = BackAndForth(result, TrialJson.Default.ComparisonResult);
        (DesignResult one, DesignResult other) = (result.Designs[0], back.Designs[0]);

        Assert.Equal((one.Design, one.Storage, one.Counts, one.Latency, one.Costs),
            (other.Design, other.Storage, other.Counts, other.Latency, other.Costs));
        Assert.Equal(one.TimeLine, other.TimeLine);
        Assert.Equal(one.BlockFill, other.BlockFill);
        Assert.Equal(one.Map, other.Map);
        Assert.Equal(result.Assumptions, back.Assumptions);
    }

    [Fact]
    public void ResultsOfTheOtherKindsKeepTheirFigures()
    {
        LoopResult loop = new LoopTrial("phone") { Board = new() { RamBytes = 16 << 20 }, Designs = ["static", "tag-blocks"],
            Steps = 60 }.Finish();
        VerificationResult boot = new VerificationTrial(new(TrialFiles.BootTrace),
            new() { TreePath = TrialFiles.BootBoard }) { EndPath = TrialFiles.BootSnapshot }.Run();
        InspectionResult inspection = new InspectionTrial(new(TrialFiles.BootTrace)).Run();

        Assert.Equal(loop.Designs[1].Events, BackAndForth(loop, TrialJson.Default.LoopResult).Designs[1].Events);
        Assert.Equal(boot.Guided!.Misses, BackAndForth(boot, TrialJson.Default.VerificationResult).Guided!.Misses);
        Assert.Equal(inspection.Processes, BackAndForth(inspection, TrialJson.Default.InspectionResult).Processes);
    }

    private static T BackAndForth<T>(T value, JsonTypeInfo<T> type)
    {
        string text = Text(value, type);
        T back = JsonSerializer.Deserialize(text, type)!;
        Assert.Equal(text, Text(back, type));
        return back;
    }

    private static string Text<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);
}
