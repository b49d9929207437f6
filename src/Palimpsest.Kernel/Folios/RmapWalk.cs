using Palimpsest.Kernel.AddressSpaces;

namespace Palimpsest.Kernel.Folios;

/// <summary>What is done to all mappings of a folio (rmap_walk, 6.1).</summary>
internal sealed class RmapWalk(RunningKernel kernel)
{
    /// <summary>Clears the young bits; true when one was set (folio_referenced).</summary>
    public bool ClearYoung(int folio)
    {
        bool used = false;
        int end = folio + (1 << kernel.Memory.Frames[folio].Order);
        for (int frame = folio; frame < end; frame++)
        {
            for (int node = kernel.Folios[frame].Mappings; node != 0; node = kernel.ReverseMap.Next(node))
            {
                Mapping mapping = kernel.ReverseMap[node];
                AddressSpace space = kernel.SpaceOf(mapping.Space);
                Pte entry = space.Tables.Get(mapping.Page);
                if (entry.Has(Pte.YoungBit))
                {
                    used = true;
                    kernel.WritePte(space, mapping.Page, entry.Without(Pte.YoungBit));
                }
            }
        }

        return used;
    }
}
