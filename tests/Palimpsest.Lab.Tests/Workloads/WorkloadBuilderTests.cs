using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>Every recorded page is live or free, and what does not fit is mended and counted.</summary>
public sealed class WorkloadBuilderTests
{
    [Fact]
    public void APageFirstSeenFreedWasInUse()
    {
        Workload workload = Recording.Workload("free 40010", "alloc 40010");

        Assert.Equal([new InitialPage(Recording.Name(0x40010), IsMovable: false)], workload.Initial);
        Assert.Equal(1, workload.Repairs.InUseBefore);
        Assert.Equal(1, workload.Repairs.UnknownFrees);
    }

    [Fact]
    public void ABatchedFreeTellsThatThePageWasMovable()
    {
        Workload workload = Recording.Workload("free 40010", "batched 40010", "free 40011");

        Assert.Equal([true, false], workload.Initial.Select(page => page.IsMovable));
    }

    [Fact]
    public void ABatchedFreeDoesNotFreeAgain()
    {
        Workload workload = Recording.Workload("alloc 40010", "free 40010", "batched 40010");

        Assert.Equal(1, workload.Frees);
        Assert.Equal(0, workload.Repairs.UnknownFrees);
    }

    [Fact]
    public void APageFreedTwiceIsAllocatedHalfWayBetween()
    {
        Workload workload = Recording.Workload("alloc 40010", "free 40010", "alloc 40020", "alloc 40021", "alloc 40022", "free 40010");

        Assert.Equal(1, workload.Repairs.HiddenAllocations);
        WorkloadStep[] steps = workload.Steps.ToArray();
        int hidden = Array.FindIndex(steps, 2, step => step.Name == Recording.Name(0x40010));
        Assert.Equal(WorkloadStepKind.Allocate, steps[hidden].Kind);
        Assert.Equal(Recording.Name(0x40021), steps[hidden - 1].Name);
    }

    [Fact]
    public void AnAllocationOfALivePageFreesItFirst()
    {
        Workload workload = Recording.Workload("alloc 40010 order=1", "alloc 40011");

        Assert.Equal(1, workload.Repairs.LiveReallocations);
        Assert.Equal(
            [WorkloadStepKind.Allocate, WorkloadStepKind.Free, WorkloadStepKind.Allocate],
            workload.Steps.ToArray().Take(3).Select(step => step.Kind));
    }

    [Fact]
    public void FailedAllocationsAreCountedAndNotReplayed()
    {
        Workload workload = Recording.Workload("failed 0", "alloc 40010");

        Assert.Equal(1, workload.Repairs.FailedAllocations);
        Assert.Equal(2, workload.Allocations);
    }

    [Fact]
    public void TheTargetOfAMigrationIsAllocatedThereAndKeepsItsTags()
    {
        Workload workload = Recording.Workload("alloc 40010 tagged", "free 40010", "moved 40020 tagged", "free 40020");

        Assert.Equal(1, workload.Repairs.MigrationTargets);
        Assert.Equal(0, workload.Repairs.UnknownFrees);
        Assert.Contains(workload.Steps.ToArray(), step => step.Kind == WorkloadStepKind.Tag && step.Name == Recording.Name(0x40020));
    }

    [Fact]
    public void ADriversRangeIsTakenWhereItWas()
    {
        Workload workload = Recording.Workload("cma 40200 16", "free 40203");

        WorkloadStep step = workload.Steps.Span[0];
        Assert.Equal((WorkloadStepKind.TakeRange, Recording.Name(0x40200), 16), (step.Kind, step.Name, step.Count));
        Assert.Equal(0, workload.Repairs.UnknownFrees);
    }

    [Fact]
    public void APageThatTheBoardDoesNotHaveIsRefusedByItsNumber()
    {
        InputException exception = Assert.Throws<InputException>(() => Recording.Workload("alloc 90000"));

        Assert.Contains("event 1 names pfn 0x90000", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void APageOfAnAssumedCarveOutCannotHaveBeenRecorded()
    {
        // 64 MiB from pfn 0x40000; the 2 MiB above them are assumed.
        Assert.Throws<InputException>(() => Recording.Workload("alloc 44000"));
        Assert.Equal(2, Recording.Workload("alloc 43fff").Allocations);
    }

    [Fact]
    public void ARangeGivenBackPageByPageWasTakenBefore()
    {
        string[] returned = [.. Enumerable.Range(0x40400, 512).Select(pfn => $"free {pfn:x}")];
        Workload workload = Recording.Workload(returned);

        Assert.Equal((512, 0), (workload.Repairs.HiddenRangePages, workload.Repairs.InUseBefore));
        WorkloadStep first = workload.Steps.Span[0];
        Assert.Equal((WorkloadStepKind.TakeRange, Recording.Name(0x40400), 512), (first.Kind, first.Name, first.Count));
    }

    [Theory]
    [InlineData("policy:init", 1)]
    [InlineData("policy:in*", 1)]
    [InlineData("policy:pid=1", 1)]
    [InlineData("policy:redis,pid=2", 0)]
    public void APolicyTagsZeroedMovableUserPagesOfItsProcesses(string source, int tagged)
    {
        Workload workload = WorkloadBuilder.Build(
            Recording.Of("alloc 40010 tagged", "alloc 40011", "alloc 40012 kernel"),
            Recording.Layout,
            new WorkloadOptions(TagSource.Parse(source)));

        Assert.Equal(tagged, workload.TaggedAllocations);
    }

    [Theory]
    [InlineData("flags")]
    [InlineData("policy:")]
    [InlineData("")]
    public void AnUnknownTagSourceIsRefused(string source) => Assert.Throws<UsageException>(() => TagSource.Parse(source));

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 3)]
    public void ThePinnedShareAppliesToMovablePages(double share, int pinned)
    {
        Workload workload = WorkloadBuilder.Build(
            Recording.Of("alloc 40010", "alloc 40011", "alloc 40012", "alloc 40013 kernel"),
            Recording.Layout,
            new WorkloadOptions(TagSource.Flag, share));

        Assert.Equal(pinned, workload.Steps.ToArray().Count(step => (step.Flags & WorkloadStepFlags.Pinned) != 0));
    }

    [Fact]
    public void APageMovedOutOfARangeIsRenamedAndNotAllocatedAgain()
    {
        Workload workload = Recording.Workload("alloc 40010 tagged", "alloc 40800", "leaving 40010", "moved 40800 tagged", "free 40010",
            "cma 40000 512");

        WorkloadStep[] steps = workload.Steps.ToArray();
        Assert.Equal([WorkloadStepKind.Allocate, WorkloadStepKind.Rename, WorkloadStepKind.TakeRange], steps.Take(3)
            .Select(step => step.Kind));
        Assert.Equal((Recording.Name(0x40010), Recording.Name(0x40800)), (steps[1].Name, steps[1].NewName));
        Assert.Equal((1, 0), (workload.Repairs.MovedOut, workload.LateTags));
    }

    [Fact]
    public void APageMovedForNoRangeIsAllocatedAndFreedAsRecorded()
    {
        Workload workload = Recording.Workload("alloc 40010", "alloc 40800", "leaving 40010", "moved 40800", "free 40010", "alloc 40010",
            "cma 40200 512");

        Assert.Equal(0, workload.Repairs.MovedOut);
        Assert.DoesNotContain(workload.Steps.ToArray(), step => step.Kind == WorkloadStepKind.Rename);
        Assert.Equal(1, workload.Frees);
    }

    [Fact]
    public void ALateTagFollowsAPageThatIsMovedOut()
    {
        Workload workload = Recording.Workload("alloc 40010", "alloc 40800", "leaving 40010", "moved 40800 tagged", "free 40010",
            "cma 40000 512");

        Assert.Equal(
            [(WorkloadStepKind.Rename, 0x40010), (WorkloadStepKind.Tag, 0x40800)],
            workload.Steps.ToArray().Skip(1).Take(2).Select(step => (step.Kind, (int)Recording.Layout.PfnOf(step.Name).Value)));
    }

    [Fact]
    public void ARangeIsTakenWhenItsFreePagesWereIsolated()
    {
        IEnumerable<string> returned = Enumerable.Range(0x40400, 512).Select(pfn => $"free {pfn:x}");
        Workload workload = Recording.Workload(["alloc 40400", "free 40400", "isolated 40400 512", "alloc 40010", "alloc 40011",
            "alloc 40012", .. returned]);

        Assert.Equal(
            [WorkloadStepKind.Allocate, WorkloadStepKind.Free, WorkloadStepKind.TakeRange, WorkloadStepKind.Allocate],
            workload.Steps.ToArray().Take(4).Select(step => step.Kind));
    }
}
