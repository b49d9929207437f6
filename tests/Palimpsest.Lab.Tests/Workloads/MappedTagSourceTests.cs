using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>Pages seen mapped tagged are tagged, and each source is measured against them.</summary>
public sealed class MappedTagSourceTests
{
    [Fact]
    public void ACopyIsTaggedFromItsAllocationOn()
    {
        Workload workload = Recording.Workload(TagSource.Mapped, "alloc 40010", "mapped 40010 tagged", "free 40010");

        Assert.Equal((1, 0), (workload.TaggedAllocations, workload.LateTags));
        Assert.Equal(WorkloadStepFlags.Tagged, workload.Steps.Span[0].Flags);
    }

    [Fact]
    public void AZeroedPageTurnsTaggedWhenItIsMapped()
    {
        Workload workload = Recording.Workload(TagSource.Mapped, "alloc 40010 zeroed", "mapped 40010 tagged");

        Assert.Equal((0, 1), (workload.TaggedAllocations, workload.LateTags));
        Assert.Equal([WorkloadStepKind.Allocate, WorkloadStepKind.Tag], workload.Steps.ToArray()[..2].Select(step => step.Kind));
    }

    [Fact]
    public void AHugePageIsTaggedAsAWhole()
    {
        Workload workload = Recording.Workload(TagSource.Mapped, "alloc 40200 order=9", "mapped 40200 tagged huge", "free 40200 order=9");

        Assert.Equal(1, workload.TaggedAllocations);
        Assert.Equal(new TagCoverage(512, 0, 0), workload.TagCoverage);
    }

    [Theory]
    [InlineData("mapped 40010")]
    [InlineData("mapped 40020 tagged")]
    public void OtherMappingsTagNothing(string mapping)
    {
        Workload workload = Recording.Workload(TagSource.Mapped, "alloc 40010", mapping, "mapped 40050 tagged", "free 40010",
            "alloc 40010");

        Assert.Equal((0, 0), (workload.TaggedAllocations, workload.LateTags));
    }

    [Fact]
    public void ALifeEndsWithTheFree()
    {
        Workload workload = Recording.Workload(TagSource.Flag,
            "alloc 40010 tagged", "mapped 40010 tagged", "free 40010", "alloc 40010", "mapped 40010 tagged", "mapped 40010 tagged",
                "free 40010", "alloc 40011 tagged", "alloc 40012");

        Assert.Equal(new TagCoverage(Mapped: 2, Marked: 2, Both: 1), workload.TagCoverage);
        Assert.Equal(0.5, workload.TagCoverage!.Found);
        Assert.Equal(2, workload.TaggedAllocations);
    }

    [Fact]
    public void WithoutAProbeThereIsNothingToGoBy()
    {
        InputException refusal = Assert.Throws<InputException>(() => Recording.Workload(TagSource.Mapped, "alloc 40010"));

        Assert.Contains("no kprobe on mte_sync_tags", refusal.Message, StringComparison.Ordinal);
        Assert.Null(Recording.Workload("alloc 40010").TagCoverage);
    }

    [Theory]
    [InlineData("a=0x0 b=0xe800004c06df47", 0x4c06dUL, 1)]
    [InlineData("a=0xe800004c06df47 b=0x10", 0x4c06dUL, 16)]
    [InlineData("a=0x0 b=0xe8000045a00f45", 0x45a00UL, 512)]
    public void ArgumentsOfEveryKernelAreRead(string arguments, ulong pfn, int pages)
    {
        const string Free = "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0";
        Trace trace = SampleText.Read(Free, Free.Replace("mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0",
            "my_mte_sync_tags: (mte_sync_tags+0x0/0x1dc) " + arguments, StringComparison.Ordinal));

        Assert.Equal(new TaggedMapping(1, new Pfn(pfn), pages, 9_316_274_000, 1), Assert.Single(trace.TaggedMappings));
        Assert.Equal(1, trace.Events.Count);
    }
}
