using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Transparent huge pages: where they may be, their mappings, and splits of these and of folios (mm/huge_memory.c, 6.1).</summary>
internal sealed class HugePages(PhysicalMemory memory, FolioOwners owners, SpaceTables tables)
{
    private readonly Order _order = new(memory.Frames.PageBlockOrder);

    /// <summary>Huge pages unless advised otherwise; "madvise": only where advised.</summary>
    public bool ByDefault { get; init; }

    /// <summary>May an area have a huge page at an address that is one's first?</summary>
    public bool Allows(AddressSpace space, VmArea area, ulong start) =>
        space.Tables.PagesPerTable == _order.Frames
        && (area.WantsHuge ?? ByDefault)
        && start >= area.Start && start + (ulong)_order.Frames <= area.End;

    /// <summary>One huge entry becomes entries of small pages (__split_huge_pmd). False: no memory for the table.</summary>
    public async ValueTask<bool> SplitMapping(AddressSpace space, VmArea area, ulong page, CpuId cpu)
    {
        ulong start = page & ~(ulong)(_order.Frames - 1);
        if (!space.Tables.Huge(start).Has(Pte.HugeBit))
        {
            return true;
        }

        Frame table = await tables.Pages.Take(cpu);
        if (table.IsNone)
        {
            return false;
        }

        Pte huge = space.Tables.Huge(start);
        if (!huge.Has(Pte.HugeBit))
        {
            // Reclaim, on its way to the table, has split it.
            tables.Pages.GiveBack(table, cpu);
            return true;
        }

        space.Tables.SetHuge(start, Pte.None);
        space.Tables.AddTable(start, table);
        if (huge.Has(Pte.SpecialBit))
        {
            for (ulong at = start; at < start + (ulong)_order.Frames; at++)
            {
                space.Tables.Set(at, tables.Ptes.Zero(area));
            }
        }
        else
        {
            MapParts(space, start, huge);
        }

        tables.Entries.Flush(space, start, _order.Frames);
        return true;
    }

    /// <summary>A folio becomes folios of one page each. False: it is pinned, somebody has its lock, or memory is short.</summary>
    public async ValueTask<bool> TrySplit(Frame folio, CpuId cpu)
    {
        // Who moves the folio has its lock, and its mappings are not what they seem (split_huge_page, mm/huge_memory.c).
        if (!owners.Locks.TryLock(folio))
        {
            return false;
        }

        // A reference, too: its last user may go while a table is had for its parts.
        owners.Folios.Get(folio);
        bool maySplit = await SplitMappings(folio, cpu);
        owners.Locks.Unlock(folio);
        if (maySplit)
        {
            SplitFolio(folio, cpu);
        }
        else
        {
            owners.Folios.Put(folio, cpu);
        }

        return maySplit;
    }

    /// <summary>No mapping is huge any more, and nobody has a reference but the mappings and whoever splits.</summary>
    private async ValueTask<bool> SplitMappings(Frame folio, CpuId cpu)
    {
        if (memory.Frames[folio].Has(FrameFlags.Pinned | FrameFlags.FileCached | FrameFlags.SwapCached))
        {
            return false;
        }

        while (FindHugeMapping(folio) is { } mapping)
        {
            AddressSpace space = tables.Spaces.Of(mapping.Space);
            if (!await SplitMapping(space, space.Areas.Find(mapping.Page)!, mapping.Page, cpu))
            {
                return false;
            }
        }

        return owners.Folios[folio].References == owners.Folios.MappingCount(folio) + 1;
    }

    /// <summary>The reference of whoever splits is gone afterwards.</summary>
    private void SplitFolio(Frame folio, CpuId cpu)
    {
        FrameTable frames = memory.Frames;
        Frame end = folio + (1 << frames[folio].Order);
        owners.Lru.Remove(folio);
        memory.Frames.Split(folio, owner: 0);
        for (Frame part = folio; part < end; part++)
        {
            ref FolioState state = ref owners.Folios[part];
            state.References = 1 + owners.ReverseMap.Count(state.Mappings);
            state.Object = FolioState.NoObject;
            owners.Lru.Add(part);
            owners.Folios.Put(part, cpu);
        }

        memory.Statistics.SplitFolios++;
    }

    private Mapping? FindHugeMapping(Frame folio)
    {
        for (int node = owners.Folios[folio].Mappings; node != 0; node = owners.ReverseMap.Next(node))
        {
            if (owners.ReverseMap[node].IsHuge)
            {
                return owners.ReverseMap[node];
            }
        }

        return null;
    }

    /// <summary>Maps a huge page where no table is; the caller's reference becomes the mapping's.</summary>
    public void Install(AddressSpace space, VmArea area, ulong start, Frame folio, bool dirty)
    {
        memory.Frames[folio].Set(area.Has(AreaTraits.Droppable) ? FrameFlags.None : FrameFlags.SwapBacked);
        Pte entry = tables.Ptes.For(area, folio, folio, area.IsWritable, dirty);
        space.Tables.SetHuge(start, entry.With(Pte.HugeBit));
        owners.ReverseMap.Add(ref owners.Folios[folio].Mappings, new Mapping(space.Id, start, IsHuge: true));
        space.ResidentPages += _order.Frames;
        owners.Lru.Add(folio);
    }

    private void MapParts(AddressSpace space, ulong start, Pte huge)
    {
        Frame folio = huge.Frame;
        owners.ReverseMap.Remove(ref owners.Folios[folio].Mappings, space.Id, start);
        for (int part = 0; part < _order.Frames; part++)
        {
            ulong page = start + (ulong)part;
            space.Tables.Set(page, new Pte(huge.Bits + ((ulong)part << 16)).Without(Pte.HugeBit));
            owners.ReverseMap.Add(ref owners.Folios[folio + part].Mappings, new Mapping(space.Id, page, IsHuge: false));
        }

        if (huge.IsPresent)
        {
            // An entry of migration has no reference; whoever moves the folio counts the mappings anew.
            owners.Folios[folio].References += _order.Frames - 1;
        }
    }
}
