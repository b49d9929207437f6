using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Takes pages of files out of all tables that map them (try_to_unmap of a folio in the page cache, mm/rmap.c, 6.1).</summary>
internal sealed class FileMappings(PhysicalMemory memory, FolioOwners owners, SpaceTables tables)
{
    /// <summary>Has somebody written to it by way of a mapping since it was last looked at?</summary>
    public bool IsDirty(Frame folio)
    {
        for (int node = owners.Folios[folio].Mappings; node != 0; node = owners.ReverseMap.Next(node))
        {
            Mapping mapping = owners.ReverseMap[node];
            if (tables.Spaces.Of(mapping.Space).Tables.Get(mapping.Page).Has(Pte.DirtyBit))
            {
                return true;
            }
        }

        return false;
    }

    public void Unmap(Frame folio)
    {
        for (int node = owners.Folios[folio].Mappings; node != 0; node = owners.Folios[folio].Mappings)
        {
            Mapping mapping = owners.ReverseMap[node];
            AddressSpace space = tables.Spaces.Of(mapping.Space);
            Pte entry = space.Tables.Get(mapping.Page);
            memory.Frames[folio].Set(entry.Has(Pte.DirtyBit) ? FrameFlags.Dirty : FrameFlags.None);
            tables.Entries.Write(space, mapping.Page, Pte.None);
            Forget(space, mapping.Page, folio);
        }
    }

    /// <summary>An entry that is gone, or names a swap slot now, counts no more.</summary>
    public void Forget(AddressSpace space, ulong page, Frame folio)
    {
        space.ResidentPages--;
        owners.ReverseMap.Remove(ref owners.Folios[folio].Mappings, space.Id, page);
        owners.Folios[folio].References--;
    }
}
