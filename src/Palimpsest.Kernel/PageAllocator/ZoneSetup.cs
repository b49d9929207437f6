using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>What the modelled kernel was built and booted with.</summary>
/// <param name="Cpus">CPUs with per-CPU lists.</param>
/// <param name="TransparentHugePages">
/// CONFIG_TRANSPARENT_HUGEPAGE enabled other than "never": khugepaged raises min_free_kbytes.
/// </param>
/// <param name="StartsEmpty">Nothing is free at first: whoever follows a recording frees what was free then.</param>
public sealed record MachineOptions(int Cpus, bool TransparentHugePages = true, bool StartsEmpty = false)
{
    /// <summary>Release of Linux whose rules the allocator follows; of one that is not modelled, the latest before it.</summary>
    public KernelRelease Release { get; init; } = KernelRelease.Linux61;

    /// <summary>Release whose rules a kernel of a release gets.</summary>
    public static KernelRelease RulesFor(KernelRelease release) => AllocatorRules.Of(release).Release;

    /// <summary>Frames that the kernel keeps from its allocator; of zones that are not named, all are managed.</summary>
    public IReadOnlyList<UnmanagedFrames> Unmanaged { get; init; } = [];

    /// <summary>What the limits of per-CPU lists have been moved to, by CPU; those of the boot for CPUs that are not named.</summary>
    public IReadOnlyList<int> PerCpuHighs { get; init; } = [];

    /// <summary>Region of tag storage whose CMA area cannot be activated: then none is lent (R27).</summary>
    public int? FailedRegion { get; init; }

    /// <summary>Told of everything from the first moment on.</summary>
    public IKernelListener? Listener { get; init; }
}

/// <summary>Frames of a zone that are present and not managed: the kernel image, the frame table, what firmware keeps.</summary>
public readonly record struct UnmanagedFrames(int Node, ZoneKind Kind, int Frames);

/// <summary>Gives the zones the limits that the rules have for what each manages.</summary>
internal static class ZoneSetup
{
    public static void SetUp(Zone[] zones, PageGeometry geometry, MachineOptions options)
    {
        foreach (UnmanagedFrames unmanaged in options.Unmanaged)
        {
            if (zones.FirstOrDefault(zone => zone.Node == unmanaged.Node && zone.Kind == unmanaged.Kind && !zone.IsTagStorage) is { } zone)
            {
                zone.ManagedFrames -= Math.Min(zone.ManagedFrames, unmanaged.Frames);
            }
        }

        SetUpView machine = new(geometry, options.Cpus, options.TransparentHugePages);
        AllocatorRules rules = AllocatorRules.Of(options.Release);
        ZoneLimits[] limits = rules.LimitsOf([.. zones.Select(ZoneView.Of)], machine);
        for (int index = 0; index < zones.Length; index++)
        {
            Apply(limits[index], zones[index]);
            zones[index].CountsFreeHighAtomic = rules.Steps.CountsFreeHighAtomic;
            for (int cpu = 0; cpu < Math.Min(options.PerCpuHighs.Count, options.Cpus) && rules.Steps.HighMoves; cpu++)
            {
                zones[index].PerCpu[cpu].State.MoveHigh(options.PerCpuHighs[cpu]);
            }
        }
    }

    private static void Apply(ZoneLimits limits, Zone zone)
    {
        zone.Watermarks = limits.Watermarks;
        zone.AvoidsFragmentation = limits.AvoidsFragmentation;
        for (int kind = 0; kind < zone.LowmemReserve.Length; kind++)
        {
            zone.LowmemReserve[kind] = limits.LowmemReserve[kind];
        }

        foreach (PerCpuPages pages in zone.PerCpu)
        {
            pages.PartsHugePages = limits.PartsHugePages;
            ref PerCpuState state = ref pages.State;
            state.Batch = limits.PerCpuBatch;
            state.High = state.HighLeast = limits.PerCpuHigh;
            state.HighMost = limits.PerCpuHighMost;
            state.FreeRunBatches = limits.FreeRunBatches;
        }
    }
}
