using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Changes of areas: mmap, munmap, mprotect, mremap, madvise (mm/mmap.c, mprotect.c, mremap.c, madvise.c of 6.1).</summary>
internal sealed class Mappings(
    PhysicalMemory memory, FolioOwners owners, SpaceTables tables, FileCache files, Unmapping unmapping, HugePages huge)
{
    /// <summary>Page that mmap starts looking for a place at: above what a program and its break take.</summary>
    public const ulong FirstPage = 0x10_0000;

    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <returns>First page, or null when no place is left.</returns>
    public async ValueTask<ulong?> Map(
        AddressSpace space, ulong pages, Protection protection, FileObject? file, int fileStart, bool isShared, ulong? at,
        AreaTraits traits = AreaTraits.None)
    {
        await _runtime.Take(space.MmapLock);
        ulong huge = (ulong)space.Tables.PagesPerTable;
        ulong? start = at ?? space.Areas.FindGap(FirstPage, pages, pages >= huge ? huge : 1, space.Tables.EndPage);
        if (start is { } first)
        {
            space.Areas.Add(new VmArea(first, first + pages, protection, file, fileStart, isShared) { Traits = traits });
            if (file is not null)
            {
                file.Users++;
            }
        }

        space.MmapLock.Release();
        return start;
    }

    public async ValueTask<bool> Unmap(AddressSpace space, ulong start, ulong end, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock);
        List<VmArea>? inside = await unmapping.Cut(space, start, end, cpu);
        bool done = inside is not null;
        foreach (VmArea area in inside ?? [])
        {
            done &= await unmapping.Zap(space, area, area.Start, area.End, cpu);
            space.Areas.Remove(area);
            if (area.Backing is { } file)
            {
                files.Leave(file, cpu);
            }
        }

        tables.Pages.FreeEmpty(space, start, end, cpu);
        space.MmapLock.Release();
        return done;
    }

    /// <summary>PROT_MTE is sticky, and refused where tags are not allowed (-EINVAL: false).</summary>
    public async ValueTask<bool> Protect(AddressSpace space, ulong start, ulong end, Protection protection, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock);
        List<VmArea>? inside = await unmapping.Cut(space, start, end, cpu);
        bool allowed = inside is not null;
        foreach (VmArea area in inside ?? [])
        {
            Protection wanted = protection | (area.Protection & Protection.Mte);
            if ((wanted & Protection.Mte) != 0 && !(area.AllowsTags && memory.CanTag))
            {
                allowed = false;
                break;
            }

            area.Protection = wanted;
            await Rewrite(space, area);
        }

        space.MmapLock.Release();
        return allowed;
    }

    /// <summary>Moves an area, or a part of one, to another place of the same or a larger size.</summary>
    /// <param name="to">A place that is free; null for any.</param>
    /// <param name="keeps">MREMAP_DONTUNMAP: the old place stays an area, empty and not locked.</param>
    public async ValueTask<ulong?> Move(
        AddressSpace space, ulong start, ulong end, ulong pages, CpuId cpu, ulong? to = null, bool keeps = false)
    {
        await _runtime.Take(space.MmapLock);
        List<VmArea> inside = await unmapping.Cut(space, start, end, cpu) ?? [];
        ulong? place = inside.Count == 1
            ? to ?? space.Areas.FindGap(FirstPage, pages, (ulong)space.Tables.PagesPerTable, space.Tables.EndPage)
            : null;
        if (place is { } first && await MoveEntries(space, inside[0], first, Math.Min(end - start, pages), cpu))
        {
            VmArea old = inside[0];
            space.Areas.Add(Unwatched(old.MovedTo(first, first + pages)));
            await unmapping.Zap(space, old, old.Start, old.End, cpu);
            if (keeps)
            {
                Stay(old);
            }
            else
            {
                space.Areas.Remove(old);
            }

            tables.Pages.FreeEmpty(space, start, end, cpu);
        }
        else
        {
            place = null;
        }

        space.MmapLock.Release();
        return place;
    }

    /// <summary>mremap in place: the area that ends at a page goes on, where nothing is behind it (vma_expandable).</summary>
    public async ValueTask<bool> Expand(AddressSpace space, ulong end, ulong pages)
    {
        await _runtime.Take(space.MmapLock);
        bool isFree = end + pages <= space.Tables.EndPage && space.Areas.FindGap(end, pages, 1, end + pages) == end;
        if (isFree)
        {
            space.Areas.Find(end - 1)!.End = end + pages;
        }

        space.MmapLock.Release();
        return isFree;
    }

    /// <summary>MADV_DONTNEED: what is there is thrown away; private memory reads as zeros again.</summary>
    public async ValueTask Discard(AddressSpace space, ulong start, ulong end, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock, shared: true);
        foreach (VmArea area in space.Areas.All)
        {
            ulong from = Math.Max(start, area.Start);
            ulong to = Math.Min(end, area.End);
            if (from < to)
            {
                await unmapping.Zap(space, area, from, to, cpu);
            }
        }

        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
    }

    /// <summary>
    /// MADV_FREE: pages that nobody else maps become clean and go where file pages do, to be dropped unless they are written
    /// first (madvise_free_pte_range, folio_mark_lazyfree).
    /// </summary>
    public async ValueTask FreeLazily(AddressSpace space, ulong start, ulong end)
    {
        await _runtime.Take(space.MmapLock, shared: true);
        for (ulong page = space.Tables.NextMapped(start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            if (!entry.IsPresent || entry.Has(Pte.SpecialBit | Pte.HugeBit) || space.Areas.Find(page) is not { Backing: null })
            {
                continue;
            }

            Frame folio = owners.Folios.HeadOf(entry.Frame);
            if (memory.Frames[folio].Order == 0 && owners.Folios[folio].References == 1 && owners.Lru.Remove(folio))
            {
                tables.Entries.Write(space, page, entry.Without(Pte.DirtyBit | Pte.YoungBit));
                memory.Frames[folio].Clear(FrameFlags.SwapBacked | FrameFlags.Dirty | FrameFlags.Active);
                owners.Lru.Add(folio);
            }
        }

        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
    }

    /// <summary>MADV_HUGEPAGE or MADV_NOHUGEPAGE.</summary>
    public async ValueTask AdviseHuge(AddressSpace space, ulong start, ulong end, bool wanted, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock);
        foreach (VmArea area in await unmapping.Cut(space, start, end, cpu) ?? [])
        {
            area.WantsHuge = wanted;
        }

        space.MmapLock.Release();
    }

    /// <summary>Whoever watched a place does not watch where it went (mremap_userfaultfd_prep, without its event).</summary>
    private static VmArea Unwatched(VmArea area)
    {
        (area.Traits, area.Watcher) = (area.Traits & ~AreaTraits.Told, null);
        return area;
    }

    private static void Stay(VmArea area)
    {
        area.Traits &= ~AreaTraits.Locks;
        if (area.Backing is { } file)
        {
            file.Users++;
        }
    }

    private async ValueTask Rewrite(AddressSpace space, VmArea area)
    {
        ulong page = space.Tables.NextMapped(area.Start, area.End);
        while (page < area.End)
        {
            await _runtime.Point(StepKind.WritePte, (int)page);
            Pte old = space.Tables.Get(page);
            if (old.IsPresent)
            {
                tables.Entries.Write(space, page, tables.Ptes.Modify(area, old, owners.Folios.HeadOf(old.Frame)));
            }

            page = space.Tables.NextMapped(page + (ulong)(old.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1), area.End);
        }
    }

    /// <summary>All that can fail comes first, so that a move is whole or not at all.</summary>
    private async ValueTask<bool> MoveEntries(AddressSpace space, VmArea area, ulong to, ulong pages, CpuId cpu)
    {
        ulong end = area.Start + pages;
        for (ulong page = space.Tables.NextMapped(area.Start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            ulong target = to + (page - area.Start);
            if (!await huge.SplitMapping(space, area, page, cpu)
                || (space.Tables.NeedsTable(target) && !await tables.Pages.Add(space, target, cpu)))
            {
                return false;
            }
        }

        for (ulong page = space.Tables.NextMapped(area.Start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            MoveEntry(space, page, to + (page - area.Start));
        }

        return true;
    }

    private void MoveEntry(AddressSpace space, ulong page, ulong target)
    {
        Pte entry = space.Tables.Get(page);
        tables.Entries.Write(space, page, Pte.None);
        space.Tables.Set(target, entry.Without(Pte.WriteToldBit));
        if (!entry.IsSwap && !entry.Has(Pte.SpecialBit))
        {
            ref int first = ref owners.Folios[entry.Frame].Mappings;
            owners.ReverseMap.Remove(ref first, space.Id, page);
            owners.ReverseMap.Add(ref first, new Mapping(space.Id, target, IsHuge: false));
        }
    }
}
