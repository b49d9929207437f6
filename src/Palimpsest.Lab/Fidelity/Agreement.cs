using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>One figure of the recorded kernel beside the model's.</summary>
public sealed record Figure(string Name, double Model, double Kernel)
{
    /// <summary>Model less kernel as a share of the kernel's figure; null when that is 0.</summary>
    public double? Difference => Kernel == 0 ? null : (Model - Kernel) / Kernel;
}

/// <summary>The state at a moment and the totals until then of a run that nothing corrected, beside those of the recorded kernel.</summary>
public sealed record Agreement
{
    /// <summary>Name of the figure: pages on buddy lists, isolated ones not counted.</summary>
    public const string FreePages = "free pages";

    /// <summary>Name of the figure: of them, those of CMA pageblocks.</summary>
    public const string FreeCmaPages = "free CMA pages";

    /// <summary>Name of the figure: pages that are free and on no buddy list.</summary>
    public const string PerCpuPages = "pages on per-CPU lists";

    /// <summary>Name of the figure: folios that per-CPU lists gave back.</summary>
    public const string Drains = "drains";

    /// <summary>In the order of the table; which there are depends on what was recorded.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>The figure of that name; null where it was not compared.</summary>
    public Figure? FigureOf(string name) => Figures.FirstOrDefault(figure => figure.Name == name);

    /// <summary>The model's free chunks by type and order, and the kernel's; null without a pagetypeinfo.</summary>
    public required FreeChunkCounts? ModelChunks { get; init; }

    /// <summary>As <see cref="ModelChunks"/>, of the recorded kernel.</summary>
    public required FreeChunkCounts? KernelChunks { get; init; }

    /// <summary>
    /// Sum of absolute differences by order and type as a share of the kernel's free memory; null without a pagetypeinfo.
    /// </summary>
    public double? FreeDifference =>
        ModelChunks is null || KernelChunks is null
            ? null
            : (double)ModelChunks.DifferenceFrames(KernelChunks) / Math.Max(1, KernelChunks.FreeFrames);

    /// <summary>Pages on the per-CPU lists, by CPU; empty without a zoneinfo.</summary>
    public IReadOnlyList<int> ModelPerCpu { get; init; } = [];

    /// <summary>As <see cref="ModelPerCpu"/>, of the recorded kernel.</summary>
    public IReadOnlyList<int> KernelPerCpu { get; init; } = [];

    /// <summary>The migratetype and order that differ by the most pages, and how many: above 0 where the model has more.</summary>
    public (MigrateType Type, int Order, long Pages)? MostDifferent
    {
        get
        {
            if (ModelChunks is not { } model || KernelChunks is not { } kernel)
            {
                return null;
            }

            return (from type in Enumerable.Range(0, MigrateTypes.Count)
                    from order in Enumerable.Range(0, Math.Min(model.Orders, kernel.Orders))
                    let pages = (model.Chunks[type][order] - kernel.Chunks[type][order]) << order
                    orderby Math.Abs(pages) descending
                    select ((MigrateType)type, order, pages)).First();
        }
    }

    /// <param name="snapshot">What the kernel had; null when nobody looked.</param>
    /// <param name="events">Events of the recording before it.</param>
    public static Agreement Of(MemorySystem system, Trace trace, SnapshotFolder? snapshot, long events = long.MaxValue)
    {
        KernelCounters counters = system.Counters;
        List<Figure> figures = [];
        AddEvents(figures, trace, events, "refills", TraceEventKind.Refill, "mm_page_alloc_zone_locked", counters.RefilledFolios);
        AddEvents(figures, trace, events, Drains, TraceEventKind.Drain, "mm_page_pcpu_drain", counters.DrainedFolios);
        if (trace.EventsByType.Any(entry => entry.Key is "mm_page_alloc_zone_locked" or "mm_page_alloc_extfrag"))
        {
            AddEvents(figures, trace, events, "extfrag events", TraceEventKind.ExternalFragmentation, "mm_page_alloc_extfrag",
                counters.ExternalFragmentation, evenIfNone: true);
        }

        IReadOnlyList<int> perCpu = [.. Enumerable.Range(0, system.Cpus).Select(cpu => PerCpuFrames(system, new CpuId(cpu)))];
        FreeChunkCounts? chunks = snapshot?.FreeChunks;
        if (snapshot is not null)
        {
            figures.Add(new Figure(FreePages, system.Zones.Sum(zone => (double)zone.FreeFrames),
                snapshot.Zones.Sum(zone => (double)zone.Free)));
            figures.Add(new Figure(PerCpuPages, perCpu.Sum(), snapshot.Zones.Sum(zone => (double)zone.PerCpuCounts.Sum())));
        }

        if (chunks is not null)
        {
            figures.Add(new Figure(FreeCmaPages, system.Zones.Sum(zone => (double)zone.FreeCmaFrames),
                chunks.FreeFramesOf((int)MigrateType.Cma)));
        }

        return new Agreement
        {
            Figures = figures,
            ModelChunks = Fidelity.ModelChunks.Of(system),
            KernelChunks = chunks,
            ModelPerCpu = perCpu,
            KernelPerCpu = snapshot?.PerCpuCounts ?? [],
        };
    }

    private static int PerCpuFrames(MemorySystem system, CpuId cpu) =>
        system.Zones.Where(zone => zone.Start < zone.End).Sum(zone => system.Guided.PerCpu.LimitsOf(zone.Start, cpu).Count);

    private static void AddEvents(
        List<Figure> figures, Trace trace, long events, string name, TraceEventKind kind, string type, double model,
            bool evenIfNone = false)
    {
        long kernel = trace.EventsByType.FirstOrDefault(entry => entry.Key == type).Value;
        if (kernel > 0 || evenIfNone)
        {
            figures.Add(new Figure(name, model, events >= trace.Events.Count ? kernel : CountBefore(trace, events, kind)));
        }
    }

    private static long CountBefore(Trace trace, long events, TraceEventKind kind)
    {
        long count = 0;
        for (long index = 0; index < events; index++)
        {
            count += trace.Events[index].Kind == kind ? 1 : 0;
        }

        return count;
    }
}
