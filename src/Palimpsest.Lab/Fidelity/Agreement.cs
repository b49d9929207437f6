using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>One figure of the recorded kernel beside the model's.</summary>
public sealed record Figure(string Name, double Model, double Kernel)
{
    /// <summary>Model less kernel as a share of the kernel's figure; null when that is 0.</summary>
    public double? Difference => Kernel == 0 ? null : (Model - Kernel) / Kernel;
}

/// <summary>The state at the end and the totals of a run that nothing corrected, beside those of the recorded kernel.</summary>
public sealed record Agreement
{
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>The model's free chunks by type and order, and the kernel's; null without a pagetypeinfo.</summary>
    public required FreeChunkCounts? ModelChunks { get; init; }

    public required FreeChunkCounts? KernelChunks { get; init; }

    /// <summary>Sum of absolute differences by order and type as a share of the kernel's free memory; null without a pagetypeinfo.</summary>
    public double? FreeDifference =>
        ModelChunks is null || KernelChunks is null ? null : (double)ModelChunks.DifferenceFrames(KernelChunks) / Math.Max(1, KernelChunks.FreeFrames);

    /// <param name="end">Snapshot taken when the recording ended.</param>
    public static Agreement Of(MemorySystem system, Trace trace, SnapshotFolder? end)
    {
        FreeChunkCounts model = Fidelity.ModelChunks.Of(system);
        KernelCounters counters = system.Counters;
        List<Figure> figures = [];
        AddEvents(figures, trace, "refills", "mm_page_alloc_zone_locked", counters.RefilledFolios);
        AddEvents(figures, trace, "drains", "mm_page_pcpu_drain", counters.DrainedFolios);
        if (trace.EventsByType.Any(entry => entry.Key is "mm_page_alloc_zone_locked" or "mm_page_alloc_extfrag"))
        {
            AddEvents(figures, trace, "extfrag events", "mm_page_alloc_extfrag", counters.ExternalFragmentation, evenIfNone: true);
        }

        if (end is not null)
        {
            figures.Add(new Figure("free pages", system.Zones.Sum(zone => (double)zone.FreeFrames), end.Zones.Sum(zone => (double)zone.Free)));
            figures.Add(new Figure("pages on per-CPU lists", PerCpuFrames(system), end.Zones.Sum(zone => (double)zone.PerCpuCounts.Sum())));
            if (end.FreeChunks is { } chunks)
            {
                figures.Add(new Figure("free CMA pages", system.Zones.Sum(zone => (double)zone.FreeCmaFrames), chunks.FreeFramesOf((int)MigrateType.Cma)));
            }
        }

        return new Agreement { Figures = figures, ModelChunks = model, KernelChunks = end?.FreeChunks };
    }

    private static double PerCpuFrames(MemorySystem system)
    {
        double frames = 0;
        foreach (Kernel.PageAllocator.Zone zone in system.Zones.Where(zone => zone.Start < zone.End))
        {
            for (int cpu = 0; cpu < system.Cpus; cpu++)
            {
                frames += system.Steps.LimitsOf(zone.Start, cpu).Count;
            }
        }

        return frames;
    }

    private static void AddEvents(List<Figure> figures, Trace trace, string name, string type, double model, bool evenIfNone = false)
    {
        long kernel = trace.EventsByType.FirstOrDefault(entry => entry.Key == type).Value;
        if (kernel > 0 || evenIfNone)
        {
            figures.Add(new Figure(name, model, kernel));
        }
    }
}
