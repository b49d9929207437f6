using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests;

/// <summary>A comparison of all designs on 64 MiB: tagged pages come, every second one goes, data comes.</summary>
internal static class TinyComparison
{
    private const int Pages = 600;

    public static ComparisonResult Run(IReadOnlyList<DesignChoice>? designs = null, CourseRequest? courses = null)
    {
        PageGeometry geometry = PageGeometry.Page4K;
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(64 << 20, geometry), geometry);
        Workload workload = WorkloadOf([.. Steps()]);
        return new ComparisonResult
        {
            Recording = new RecordingFacts(
                "tiny.txt", "ftrace-text", TraceClock.Time, Events: 5 * Pages / 2, LostEvents: 0, Cpus: 1, workload.DurationNs,
                [KeyValuePair.Create("mm_page_alloc", 2L * Pages), KeyValuePair.Create("mm_page_free", Pages / 2L)], Notes: []),
            Workload = WorkloadFacts.Of(workload),
            Board = BoardFacts.Of("flat", layout),
            Costs = CostTable.Default,
            PinnedShare = 0,
            Designs = new Comparison(layout, workload, new MachineOptions(Cpus: 1), CostTable.Default, courses: courses)
                .Run(designs ?? DesignCatalog.Defaults).Results,
            Assumptions = ["Nothing is assumed."],
        };
    }

    private static Workload WorkloadOf(WorkloadStep[] steps) => new()
    {
        Initial = [],
        Steps = steps,
        Repairs = new Repairs(),
        Allocations = 2 * Pages,
        Frees = Pages / 2,
        TaggedAllocations = Pages,
        LateTags = 0,
        Cpus = 1,
        TagSource = "flag",
    };

    private static IEnumerable<WorkloadStep> Steps()
    {
        for (int page = 0; page < Pages; page++)
        {
            yield return Allocate(page, page, WorkloadStepFlags.Tagged);
        }

        for (int page = 0; page < Pages; page += 2)
        {
            yield return new WorkloadStep(WorkloadStepKind.Free, WorkloadStepFlags.None, Time(Pages + page), page, 0, 0, CpuId.Boot);
        }

        for (int page = Pages; page < 2 * Pages; page++)
        {
            yield return Allocate(Pages + page, page, WorkloadStepFlags.None);
        }
    }

    private static WorkloadStep Allocate(int moment, int page, WorkloadStepFlags flags) =>
        new(WorkloadStepKind.Allocate, flags, Time(moment), page, (uint)GfpFlags.HighUserMovable, 0, CpuId.Boot);

    private static long Time(int moment) => moment * 1_000_000L;
}
