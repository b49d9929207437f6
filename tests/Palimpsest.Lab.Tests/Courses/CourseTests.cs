using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Lab.Tests.Courses;

/// <summary>A course shows what was: the map that events keep up to date is the one that the frames themselves show.</summary>
public sealed class CourseTests
{
    private static readonly string[] Designs = ["static", "no-mte", "cma-no-tagged", "first-use", "tag-blocks", "guaranteed-cma",
        "packed", "separate-free-area"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheMapOfAReplayIsThatOfItsFrames(bool isFull)
    {
        foreach (DesignResult design in Sample(isFull, Designs).Designs)
        {
            RequireSame(design.Course!);
        }
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("camera")]
    [InlineData("database")]
    public void TheMapOfALoopIsThatOfItsFrames(string workload)
    {
        LoopTrial trial = new(workload) { Designs = Designs, Steps = 600, Courses = new CourseRequest { Distances = 20 } };
        foreach (LoopDesignResult design in trial.Finish().Designs)
        {
            RequireSame(design.Course!);
        }
    }

    [Fact]
    public void AMomentHasTheFiguresOfTheTimeLine()
    {
        DesignResult design = Sample(isFull: false, "cma-no-tagged").Designs[0];
        ILookup<long, Lab.Metrics.TimePoint> moments = design.Course!.Moments.ToLookup(
            moment => moment.Figures.TimeNs, moment => moment.Figures);

        Assert.All(design.TimeLine.Where((_, index) => index % 15 == 0), point => Assert.Contains(point, moments[point.TimeNs]));
    }

    [Fact]
    public void TheWorstMomentIsTheOneOfTheResult()
    {
        foreach (DesignResult design in Sample(isFull: false, "cma-no-tagged", "packed", "zone-metadata").Designs)
        {
            MemoryCourse course = design.Course!;
            MemoryMoment worst = course.Moments[course.Marks.Single(mark => mark.Kind == CourseMarkKind.LeastGivenBack).Moment];

            Assert.Equal((design.Storage.GivenBackMin, design.Storage.GivenBackMinTimeNs),
                (course.StorageFrames - worst.Figures.Reserved, worst.Figures.TimeNs));
            Assert.Equal(design.Storage.ReservedMax, worst.Figures.Reserved);
        }
    }

    [Fact]
    public void FailuresAreCountedAndTold()
    {
        DesignResult design = Sample(isFull: false, "no-mte").Designs[0];
        MemoryCourse course = design.Course!;

        Assert.Equal(design.Counts.RefusedTagged, course.FailureCounts[FailureKind.Untagged]);
        Assert.All(course.Failures, failure => Assert.True(course.Moments[failure.Moment].Figures.TimeNs <= failure.TimeNs));
        Assert.Equal("there is no storage for its tags", course.Failures[0].Reason);
        Assert.NotNull(course.Failures[0].Pfn);
    }

    [Fact]
    public void FreeChunksMakeUpWhatIsFree()
    {
        MemoryCourse course = Sample(isFull: false, "cma-no-tagged").Designs[0].Course!;
        int orders = course.Moments[0].Chunks.Length / Vocabulary.MigrateTypes.Count;

        // On an isolated pageblock's list lies what is not free to anybody.
        Assert.All(course.Moments, moment => Assert.Equal(moment.Figures.Free, moment.Chunks
            .Select((count, at) => at / orders == (int)Vocabulary.MigrateType.Isolate ? 0 : count << (at % orders)).Sum()));
    }

    [Fact]
    public void ACellOpensToItsPagesAndTheirTagPages()
    {
        MemoryCourse course = Sample(isFull: false, "cma-no-tagged").Designs[0].Course!;
        int at = course.Moments.Count / 2;
        int cell = Array.FindIndex(course.Moments[at].Cells, code => MemoryCell.Of(code).Kind is CellKind.Tagged or CellKind.SomeTagged);
        IReadOnlyList<OpenedBlock> blocks = course.Open(at, cell);

        Assert.Equal(course.Grid.CellFrames / 32, blocks.Count);
        Assert.Contains(blocks, block => block.Tagged > 0);

        // TAG-1: a tagged page's storage is reserved.
        Assert.All(blocks.Where(block => block.Pages.Contains(PageUse.Tagged)),
            block => Assert.Equal(PageUse.StorageReserved, block.Storage));
        Assert.Throws<Vocabulary.UsageException>(() => course.Open(at, course.Grid.Cells));
    }

    [Theory]
    [InlineData(16 << 20)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void ACellOpensWhileTheRunGoesOnAsItDoesAfterwards(int keptPages)
    {
        RunningCourse? running = null;
        List<(MemoryMoment Moment, IReadOnlyList<OpenedBlock> Opened)> seen = [];
        List<MemoryMoment> told = [];
        LoopTrial trial = new("phone")
        {
            Designs = ["cma-no-tagged"],
            Steps = 400,
            Courses = new CourseRequest
            {
                Distances = 20,
                KeptPages = keptPages,
                Followed = (_, course) => running = course,
                Reached = (_, moment) =>
                {
                    told.Add(moment);
                    // The moment itself, and one that may have been let go.
                    seen.Add((moment, running!.Open(told.Count - 1, CellOf(moment))));
                    seen.Add((told[told.Count / 2], running.Open(told.Count / 2, CellOf(told[told.Count / 2]))));
                },
            },
        };
        MemoryCourse whole = trial.Finish().Designs[0].Course!;

        Assert.Equal(42, seen.Count);
        Assert.Contains(seen, one => one.Opened.Any(block => block.Tagged > 0));
        Assert.All(seen, one => Assert.Equal(
            Words(whole.Open(whole.Moments.Index().First(moment => moment.Item.Steps == one.Moment.Steps).Index, CellOf(one.Moment))),
            Words(one.Opened)));
        Assert.Throws<Vocabulary.UsageException>(() => running!.Open(told.Count, 0));
        Assert.Throws<Vocabulary.UsageException>(() => running!.Open(0, whole.Grid.Cells));
    }

    private static int CellOf(MemoryMoment moment) => Math.Max(0, Array.FindIndex(moment.Cells, code =>
        MemoryCell.Of(code).Kind is CellKind.Tagged or CellKind.SomeTagged));

    private static string Words(IReadOnlyList<OpenedBlock> blocks) => string.Join('\n', blocks.Select(block =>
        $"{block.Pfn} {string.Concat(block.Pages.Select(use => (int)use))} {block.StoragePfn} {block.Storage} {block.Tagged}"));

    private static ComparisonResult Sample(bool isFull, params string[] designs)
    {
        ComparisonTrial trial = new(new RecordingInput("samples/small.txt.zst"), new BoardInput { TreePath = "samples/small.dtb" })
        {
            Designs = designs, SnapshotPath = "samples/small.snapshot", Full = isFull ? new FullMachine() : null,
            Courses = new CourseRequest { Distances = 40 },
        };
        return trial.Finish();
    }

    private static void RequireSame(MemoryCourse course) => course.Again([.. course.Moments.Select(moment => moment.Steps).Distinct()],
        (steps, system) => Assert.All(course.Moments.Where(moment => moment.Steps == steps), moment =>
        {
            Assert.Equal(new CourseMap(system, course.Grid).Look(), moment.Cells);
            Assert.Equal(moment.Figures.Tagged, system.TaggedFrames);
        }));
}
