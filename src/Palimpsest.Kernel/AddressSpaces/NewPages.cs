using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Pages that areas get for their own: of zeros, or copies of others (vma_alloc_zeroed_movable_folio, wp_page_copy).</summary>
internal sealed class NewPages(PhysicalMemory memory, FolioTable folios)
{
    /// <summary>A zeroed folio for an area, with one reference; its tags are zeros too where it has storage. None: no memory.</summary>
    public ValueTask<Frame> Zeroed(VmArea area, Order order, CpuId cpu)
    {
        GfpFlags gfp = order.Value == 0
            ? GfpFlags.HighUserMovable | GfpFlags.Zero | (area.IsTagged ? GfpFlags.ZeroTags : 0)
            : GfpFlags.TransHugeLight | GfpFlags.Zero;
        ValueTask<AllocationResult> allocation = memory.Supply.Allocate(gfp, order, area.IsTagged, cpu);
        return allocation.IsCompletedSuccessfully
            ? new(Prepare(allocation.Result.Frame, order, area.IsTagged))
            : Waiting(allocation, order, area.IsTagged);
    }

    /// <summary>A copy of a page of a folio for an area, tags and all, with one reference; none without memory.</summary>
    public async ValueTask<Frame> Copy(VmArea area, Frame folio, Frame source, CpuId cpu)
    {
        AllocationResult got = await memory.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, area.IsTagged, cpu);
        if (!got.Frame.IsNone)
        {
            folios.Begin(got.Frame);
            await memory.Runtime.Point(StepKind.CopyData, source);
            memory.Bytes.CopyPage(source.Index, got.Frame.Index);
            await memory.Tags.CopyPage(folio, source, got.Frame, got.Frame);
        }

        return got.Frame;
    }

    private async ValueTask<Frame> Waiting(ValueTask<AllocationResult> allocation, Order order, bool isTagged) =>
        Prepare((await allocation).Frame, order, isTagged);

    private Frame Prepare(Frame folio, Order order, bool isTagged)
    {
        if (folio.IsNone)
        {
            return Frame.None;
        }

        bool hasStorage = isTagged && memory.System.Tagged.HasStorage(folio);
        for (Frame frame = folio; frame < folio + order.Frames; frame++)
        {
            memory.Bytes.ZeroPage(frame.Index);
            if (hasStorage)
            {
                memory.Bytes.ClearTags(frame.Index);
            }
        }

        if (hasStorage)
        {
            memory.System.Tagged.MarkTagged(folio);
        }

        folios.Begin(folio);
        return folio;
    }
}
