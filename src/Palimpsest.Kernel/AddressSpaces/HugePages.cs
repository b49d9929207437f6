using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Transparent huge pages: whole faults, splits of mappings and of folios (mm/huge_memory.c, 6.1).</summary>
internal sealed class HugePages(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;
    private readonly Order _order = new(kernel.Memory.Frames.PageBlockOrder);

    /// <summary>Huge pages unless advised otherwise; "madvise": only where advised.</summary>
    public bool ByDefault { get; init; }

    /// <summary>The huge zero page, made at the first read fault that wants it; -1 before.</summary>
    public int ZeroPage { get; private set; } = -1;

    public bool IsEligible(in Fault fault) =>
        Allows(fault.Space, fault.Area, fault.Page & ~(ulong)(_order.Frames - 1)) && fault.Space.Tables.NeedsTable(fault.Page);

    /// <summary>May an area have a huge page at an address that is one's first?</summary>
    public bool Allows(AddressSpace space, VmArea area, ulong start) =>
        space.Tables.PagesPerTable == _order.Frames
        && (area.WantsHuge ?? ByDefault)
        && start >= area.Start && start + (ulong)_order.Frames <= area.End;

    /// <summary>Maps a huge page; null when there is none to be had and small ones have to do.</summary>
    public async ValueTask<FaultOutcome?> Fault(Fault fault)
    {
        bool isZero = !fault.IsWrite && !fault.Area.IsTagged;
        int folio = isZero ? await HugeZero(fault.Area, fault.Cpu) : await kernel.Anonymous.NewPage(fault.Area, _order, fault.Cpu);
        if (folio < 0)
        {
            return null;
        }

        ulong start = fault.Page & ~(ulong)(_order.Frames - 1);
        StepLock held = fault.Space.Tables.LockOf(start);
        await _runtime.Take(held);
        bool isFree = fault.Space.Tables.NeedsTable(start) && fault.Space.Tables.Huge(start).IsNone;
        if (isFree && isZero)
        {
            fault.Space.Tables.SetHuge(start, Pte.Present(folio, Pte.YoungBit | Pte.SpecialBit | Pte.HugeBit));
        }
        else if (isFree)
        {
            Install(fault.Space, fault.Area, start, folio, fault.IsWrite);
            kernel.Events.HugeFaults++;
        }

        held.Release();
        if (!isFree && !isZero)
        {
            kernel.Folios.Put(folio, fault.Cpu);
        }

        return FaultOutcome.Done;
    }

    /// <summary>A write to a read-only huge page: its own, if nobody else has it; else small pages go on.</summary>
    public async ValueTask<FaultOutcome> Write(Fault fault, Pte seen)
    {
        ulong start = fault.Page & ~(ulong)(_order.Frames - 1);
        if (!seen.Has(Pte.SpecialBit) && kernel.Folios[seen.Value].References == 1)
        {
            kernel.WritePte(fault.Space, start, seen.With(Pte.WritableBit | Pte.DirtyBit | Pte.YoungBit));
            return FaultOutcome.Done;
        }

        return await SplitMapping(fault.Space, fault.Area, start, fault.Cpu) ? FaultOutcome.Done : FaultOutcome.OutOfMemory;
    }

    /// <summary>One huge entry becomes entries of small pages (__split_huge_pmd). False: no memory for the table.</summary>
    public async ValueTask<bool> SplitMapping(AddressSpace space, VmArea area, ulong page, int cpu)
    {
        ulong start = page & ~(ulong)(_order.Frames - 1);
        if (!space.Tables.Huge(start).Has(Pte.HugeBit))
        {
            return true;
        }

        int table = await kernel.NewTablePage(cpu);
        if (table < 0)
        {
            return false;
        }

        Pte huge = space.Tables.Huge(start);
        if (!huge.Has(Pte.HugeBit))
        {
            // Reclaim, on its way to the table, has split it.
            kernel.Memory.Free(table, cpu);
            return true;
        }

        space.Tables.SetHuge(start, Pte.None);
        space.Tables.AddTable(start, table);
        if (huge.Has(Pte.SpecialBit))
        {
            for (ulong at = start; at < start + (ulong)_order.Frames; at++)
            {
                space.Tables.Set(at, kernel.Ptes.Zero(area));
            }
        }
        else
        {
            MapParts(space, start, huge);
        }

        kernel.Processors.Flush(space, start, _order.Frames);
        return true;
    }

    /// <summary>A folio becomes folios of one page each; all its mappings are split first. False: it is pinned, or memory is short.</summary>
    public async ValueTask<bool> TrySplit(int folio, int cpu)
    {
        FrameTable frames = kernel.Memory.Frames;
        if (frames[folio].Has(FrameFlags.Pinned | FrameFlags.FileCached | FrameFlags.SwapCached))
        {
            return false;
        }

        while (FindHugeMapping(folio) is { } mapping)
        {
            AddressSpace space = kernel.SpaceOf(mapping.Space);
            if (!await SplitMapping(space, space.Areas.Find(mapping.Page)!, mapping.Page, cpu))
            {
                return false;
            }
        }

        if (kernel.Folios[folio].References != kernel.Folios.MappingCount(folio))
        {
            return false;
        }

        SplitFolio(folio, cpu);
        return true;
    }

    private void SplitFolio(int folio, int cpu)
    {
        FrameTable frames = kernel.Memory.Frames;
        int end = folio + (1 << frames[folio].Order);
        kernel.Lru.Remove(folio);
        kernel.Memory.Split(folio, owner: 0);
        for (int part = folio; part < end; part++)
        {
            ref FolioState state = ref kernel.Folios[part];
            state.References = 1 + kernel.ReverseMap.Count(state.Mappings);
            state.Object = -1;
            kernel.Lru.Add(part);
            kernel.Folios.Put(part, cpu);
        }

        kernel.Events.SplitFolios++;
    }

    private Mapping? FindHugeMapping(int folio)
    {
        for (int node = kernel.Folios[folio].Mappings; node != 0; node = kernel.ReverseMap.Next(node))
        {
            if (kernel.ReverseMap[node].IsHuge)
            {
                return kernel.ReverseMap[node];
            }
        }

        return null;
    }

    /// <summary>Maps a huge page where no table is; the caller's reference becomes the mapping's.</summary>
    public void Install(AddressSpace space, VmArea area, ulong start, int folio, bool dirty)
    {
        kernel.Memory.Frames[folio].Set(FrameFlags.SwapBacked);
        Pte entry = kernel.Ptes.For(area, folio, folio, area.IsWritable, dirty);
        space.Tables.SetHuge(start, entry.With(Pte.HugeBit));
        kernel.ReverseMap.Add(ref kernel.Folios[folio].Mappings, new Mapping(space.Id, start, IsHuge: true));
        space.ResidentPages += _order.Frames;
        kernel.Lru.Add(folio);
    }

    private void MapParts(AddressSpace space, ulong start, Pte huge)
    {
        int folio = huge.Value;
        kernel.ReverseMap.Remove(ref kernel.Folios[folio].Mappings, space.Id, start);
        for (int part = 0; part < _order.Frames; part++)
        {
            ulong page = start + (ulong)part;
            space.Tables.Set(page, new Pte(huge.Bits + ((ulong)part << 16)).Without(Pte.HugeBit));
            kernel.ReverseMap.Add(ref kernel.Folios[folio + part].Mappings, new Mapping(space.Id, page, IsHuge: false));
        }

        kernel.Folios[folio].References += _order.Frames - 1;
    }

    private async ValueTask<int> HugeZero(VmArea area, int cpu)
    {
        if (ZeroPage < 0)
        {
            ZeroPage = await kernel.Anonymous.NewPage(area, _order, cpu);
        }

        return ZeroPage;
    }
}
