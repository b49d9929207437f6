using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>The page of zeros that read faults share (empty_zero_page).</summary>
internal sealed class ZeroPage(PhysicalMemory memory, FolioTable folios)
{
    public Frame Frame { get; private set; }

    /// <summary>Its tags are zeros, so areas with PROT_MTE may share it too.</summary>
    public bool IsTagged { get; private set; }

    /// <summary>Makes it, at the end of the boot.</summary>
    public void Make()
    {
        // RFC v1-v3 reserve its block when the feature is switched on (R24); who takes everything at the first tag waits for it.
        bool canTag = memory.System.Tagged.CanTagOne;
        bool tagged = canTag && memory.Runtime.Has(Safeguards.ReserveZeroPage);
        AllocationResult got = memory.Supply.Allocate(GfpFlags.KernelDefault | GfpFlags.Zero, Order.Zero, tagged, cpu: CpuId.Boot).Now();
        Frame = got.Frame;
        folios.Begin(Frame);
        memory.Bytes.ZeroPage(Frame.Index);
        IsTagged = canTag && (got.Outcome == AllocationOutcome.Done || !memory.Runtime.Has(Safeguards.ReserveZeroPage));
        if (tagged && IsTagged)
        {
            memory.Bytes.ClearTags(Frame.Index);
            memory.System.Tagged.MarkTagged(Frame);
        }
    }
}
