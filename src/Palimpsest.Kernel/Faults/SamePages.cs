using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>
/// KSM: anonymous pages that are equal become one, read-only, in areas that ask for it (mm/ksm.c, 6.12). A page takes part when it
/// was the same a round ago. Pages with tags never do: memcmp_pages of arm64 says that they differ.
/// </summary>
internal sealed class SamePages(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, PageFaults faults)
{
    /// <summary>max_page_sharing.</summary>
    private const int MostSharing = 256;

    private readonly KernelRuntime _runtime = memory.Runtime;
    private Dictionary<(int Space, ulong Page), ulong> _seen = [];

    /// <summary>use_zero_pages: what is all zeros becomes the page of zeros.</summary>
    public bool UsesZeroPage { get; set; }

    /// <summary>An entry that was merged: with others like it, or into the page of zeros, which is dirty then.</summary>
    public static bool IsMerged(Pte entry) => entry.IsPresent
        && (entry.Has(Pte.MergedBit) || (entry.Has(Pte.SpecialBit) && entry.Has(Pte.DirtyBit)));

    /// <summary>Looks at all mergeable areas once.</summary>
    public async ValueTask Scan(CpuId cpu)
    {
        EqualPages equal = new(memory.Bytes, memory.System.Layout.Geometry.PageBytes);
        foreach (AddressSpace space in tables.Spaces.All)
        {
            foreach (ulong page in MergeablePages(space).Where(page => space.Tables.Get(page).Has(Pte.MergedBit)))
            {
                Frame frame = space.Tables.Get(page).Frame;
                equal.AddStable(equal.HashOf(frame), frame);
            }
        }

        Dictionary<(int Space, ulong Page), ulong> seen = [];
        foreach (AddressSpace space in tables.Spaces.All)
        {
            await _runtime.Take(space.MmapLock, shared: true);
            foreach (ulong page in MergeablePages(space).Where(page => IsCandidate(space.Tables.Get(page))).ToArray())
            {
                ulong hash = equal.HashOf(space.Tables.Get(page).Frame);
                seen[(space.Id, page)] = hash;
                if (_seen.TryGetValue((space.Id, page), out ulong before) && before == hash)
                {
                    Merge(space, page, hash, equal, cpu);
                }
            }

            space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        }

        _seen = seen;
    }

    /// <summary>Every merged page of [start, end) becomes its process's own again (unmerge_ksm_pages, break_ksm).</summary>
    /// <returns>False: no memory.</returns>
    public async ValueTask<bool> Unmerge(AddressSpace space, ulong start, ulong end, CpuId cpu)
    {
        for (ulong page = space.Tables.NextMapped(start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            if (!IsMerged(entry))
            {
                continue;
            }

            // Marks for who watches writes outlast it; nobody writes here.
            tables.Entries.Write(space, page, entry.Without(Pte.WriteToldBit));
            if (await faults.Handle(space, page, isWrite: true, cpu, isForced: true) != FaultOutcome.Done)
            {
                return false;
            }

            if (entry.Has(Pte.WriteToldBit))
            {
                tables.Entries.Write(space, page, space.Tables.Get(page).Without(Pte.WritableBit).With(Pte.WriteToldBit));
            }
        }

        return true;
    }

    private static IEnumerable<ulong> MergeablePages(AddressSpace space)
    {
        foreach (VmArea area in space.Areas.All)
        {
            // Private pages of files are anonymous once they were written.
            bool isMergeable = area.Has(AreaTraits.Mergeable) && !area.IsShared && !area.IsTagged
                && !area.Has(AreaTraits.Droppable);
            ulong end = isMergeable ? area.End : area.Start;
            for (ulong page = space.Tables.NextMapped(area.Start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
            {
                yield return page;
            }
        }
    }

    /// <summary>A small page of anonymous memory that only its mappings hold.</summary>
    private bool IsCandidate(Pte entry)
    {
        const FrameFlags others = FrameFlags.FileCached | FrameFlags.SwapCached | FrameFlags.Tagged | FrameFlags.Pinned;
        if (!entry.IsPresent || entry.Has(Pte.SpecialBit | Pte.HugeBit | Pte.MergedBit))
        {
            return false;
        }

        Frame folio = owners.Folios.HeadOf(entry.Frame);
        PageFrame frame = memory.Frames[folio];
        return frame.State == FrameState.Allocated && frame.Order == 0
            && frame.Has(FrameFlags.SwapBacked) && frame.Has(FrameFlags.Lru) && !frame.Has(others)
            && owners.Folios[folio].References == owners.Folios.MappingCount(folio);
    }

    private void Merge(AddressSpace space, ulong page, ulong hash, EqualPages equal, CpuId cpu)
    {
        Pte entry = space.Tables.Get(page);
        if (UsesZeroPage && equal.IsZero(entry.Frame))
        {
            ulong told = entry.Bits & Pte.WriteToldBit;
            space.ResidentPages--;
            Replace(space, page, tables.Ptes.Zero(space.Areas.Find(page)!).With(Pte.DirtyBit | told), cpu);
        }
        else if (equal.FindStable(hash, entry.Frame, owners.Folios, MostSharing) is { IsNone: false } stable)
        {
            Share(space, page, stable, cpu);
        }
        else if (equal.TakeUnstable(hash, entry.Frame) is { } first && IsCandidate(first.Space.Tables.Get(first.Page)))
        {
            Pte other = first.Space.Tables.Get(first.Page);
            tables.Entries.Write(first.Space, first.Page, other.Without(Pte.WritableBit).With(Pte.MergedBit));
            equal.AddStable(hash, other.Frame);
            Share(space, page, other.Frame, cpu);
        }
        else
        {
            equal.AddUnstable(hash, entry.Frame, space, page);
        }
    }

    private void Share(AddressSpace space, ulong page, Frame stable, CpuId cpu)
    {
        Pte entry = space.Tables.Get(page);
        owners.Folios.Get(stable);
        memory.Frames[stable].Set(FrameFlags.Dirty);
        Replace(space, page, Pte.Present(stable, entry.MappedAs).Without(Pte.WritableBit).With(Pte.MergedBit), cpu);
        owners.ReverseMap.Add(ref owners.Folios[stable].Mappings, new Mapping(space.Id, page, IsHuge: false));
    }

    private void Replace(AddressSpace space, ulong page, Pte entry, CpuId cpu)
    {
        Frame old = space.Tables.Get(page).Frame;
        tables.Entries.Write(space, page, entry);
        owners.Folios.Unmap(old, old, space.Id, page, cpu);
    }
}
