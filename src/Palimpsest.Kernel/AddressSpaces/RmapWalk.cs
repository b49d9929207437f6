using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>What is done to all mappings of a folio (rmap_walk, 6.1).</summary>
internal sealed class RmapWalk(FrameTable frames, FolioOwners owners, SpaceTables tables)
{
    /// <summary>Clears the young bits; how many were set (folio_referenced).</summary>
    public int ClearYoung(Frame folio)
    {
        int used = 0;
        Frame end = folio + (1 << frames[folio].Order);
        for (Frame frame = folio; frame < end; frame++)
        {
            for (int node = owners.Folios[frame].Mappings; node != 0; node = owners.ReverseMap.Next(node))
            {
                Mapping mapping = owners.ReverseMap[node];
                AddressSpace space = tables.Spaces.Of(mapping.Space);
                Pte entry = space.Tables.Get(mapping.Page);
                if (entry.Has(Pte.YoungBit))
                {
                    used++;
                    tables.Entries.Write(space, mapping.Page, entry.Without(Pte.YoungBit));
                }
            }
        }

        return used;
    }

    /// <summary>Some mapping lies in a locked area (folio_referenced_one with VM_LOCKED).</summary>
    public bool IsLocked(Frame folio)
    {
        Frame end = folio + (1 << frames[folio].Order);
        for (Frame frame = folio; frame < end; frame++)
        {
            for (int node = owners.Folios[frame].Mappings; node != 0; node = owners.ReverseMap.Next(node))
            {
                Mapping mapping = owners.ReverseMap[node];
                if (tables.Spaces.Of(mapping.Space).Areas.Find(mapping.Page) is { } area && area.Has(AreaTraits.Locked))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
