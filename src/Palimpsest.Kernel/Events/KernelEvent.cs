using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Events;

/// <summary>One thing that the kernel did. When, only the listener can tell: there is no clock below the lab.</summary>
/// <param name="Cpu">Where it was done; none where no CPU is named.</param>
/// <param name="Frame">First frame of the folio, chunk, block or range; none where there is none.</param>
/// <param name="Order">Buddy order of the folio, or of the request.</param>
/// <param name="Type">Migratetype of the request, of the list or of the pageblock, as the kernel's tracepoint has it.</param>
/// <param name="Gfp">Flags of the request; only of allocations.</param>
/// <param name="Value">What the kind says.</param>
public readonly record struct KernelEvent(
    KernelEventKind Kind, CpuId Cpu, Frame Frame, int Order = 0, MigrateType Type = default, GfpFlags Gfp = default, int Value = 0);

/// <summary>Told of everything, in the order in which it happens and while it happens: it looks, and changes nothing.</summary>
public interface IKernelListener
{
    /// <summary>
    /// Called where the kernel has its tracepoint, in the middle of an operation: it may read the machine and must not change it.
    /// </summary>
    void Happened(in KernelEvent what);
}
