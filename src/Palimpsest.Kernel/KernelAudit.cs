using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Caches;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>Laws of a running kernel: those of its memory, TAG-4 to TAG-7, LRU-1, and FRAME-1 of its processes.</summary>
internal sealed class KernelAudit
{
    private readonly RunningKernel _kernel;
    private readonly List<LawViolation> _broken;
    private readonly Dictionary<Frame, int> _mapped = [];

    private KernelAudit(RunningKernel kernel)
    {
        _kernel = kernel;
        _broken = [.. kernel.Memory.System.Audit()];
    }

    public static IReadOnlyList<LawViolation> Run(RunningKernel kernel)
    {
        KernelAudit audit = new(kernel);
        foreach (AddressSpace space in kernel.Tables.Spaces.All)
        {
            audit.CheckSpace(space);
        }

        audit.CheckReferences();
        audit.CheckSavedTags();
        audit.CheckLines();
        audit.CheckIsolated();
        audit.CheckMarks();
        return audit._broken;
    }

    private void CheckSpace(AddressSpace space)
    {
        int resident = 0;
        int swapped = 0;
        foreach (VmArea area in space.Areas.All)
        {
            ulong page = space.Tables.NextMapped(area.Start, area.End);
            while (page < area.End)
            {
                Pte entry = space.Tables.Get(page);
                int pages = entry.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1;
                swapped += entry.IsSwap ? 1 : 0;
                resident += entry.IsSwap || entry.Has(Pte.SpecialBit) ? 0 : pages;
                if (entry.IsPresent && !entry.Has(Pte.SpecialBit))
                {
                    CheckEntry(space, area, page, entry);
                }

                page = space.Tables.NextMapped(page + (ulong)pages, area.End);
            }
        }

        if (resident != space.ResidentPages || swapped != space.SwapEntries)
        {
            Report("FRAME-1", $"space {space.Id}: {resident} resident and {swapped} swapped pages, "
                + $"counters {space.ResidentPages} and {space.SwapEntries}");
        }
    }

    private void CheckEntry(AddressSpace space, VmArea area, ulong page, Pte entry)
    {
        Frame folio = _kernel.Owners.Folios.HeadOf(entry.Frame);
        if (folio.IsNone)
        {
            Report("FRAME-1", $"space {space.Id} maps page 0x{page:x} to frame {entry.Frame}, which is not in use");
            return;
        }

        _mapped[folio] = _mapped.GetValueOrDefault(folio) + 1;
        if (area.IsTagged && entry.IsAccessible && !_kernel.Memory.Frames[folio].Has(FrameFlags.StorageReserved))
        {
            Report("TAG-5", $"space {space.Id} can access page 0x{page:x}, frame {entry.Frame}, which has no storage for its tags");
        }
    }

    private void CheckReferences()
    {
        FrameTable frames = _kernel.Memory.Frames;
        foreach (Frame folio in _mapped.Keys.Where(folio => !frames[folio].Has(FrameFlags.Lru)).Order())
        {
            Report("FRAME-1", $"folio {folio} is mapped, on no list of the LRU, and nobody works on it");
        }

        for (Frame frame = new(0); frame.Index < frames.Count; frame++)
        {
            if (frames[frame].State != FrameState.Allocated || !frames[frame].Has(FrameFlags.Lru))
            {
                continue;
            }

            int mapped = _mapped.GetValueOrDefault(frame);
            int references = _kernel.Owners.Folios[frame].References;
            int least = mapped + _kernel.Owners.Folios.CacheReferences(frame);
            if (references < least || (references > least && !frames[frame].Has(FrameFlags.Pinned)))
            {
                Report("FRAME-1", $"folio {frame} has {references} references, {mapped} mappings and {least - mapped} caches");
            }

            if (_kernel.Owners.Folios.MappingCount(frame) != mapped)
            {
                Report("FRAME-1", $"the reverse map of folio {frame} disagrees with {mapped} entries");
            }
        }
    }

    private void CheckSavedTags()
    {
        foreach (Frame frame in _kernel.SavedTags.Frames.Order())
        {
            Frame folio = _kernel.Memory.System.FolioOf(frame);
            if (folio.IsNone || _kernel.Memory.Frames[folio].Has(FrameFlags.StorageReserved))
            {
                Report("TAG-6", $"tags are saved for frame {frame}, which {(folio.IsNone ? "is not in use" : "has storage")}");
            }
        }
    }

    /// <summary>No dirty line of tags where data are, and none of data where tags are.</summary>
    private void CheckLines()
    {
        for (int line = 0; line < _kernel.Memory.Bytes.DirtyLines; line++)
        {
            (LineView view, int storage, int number) = _kernel.Memory.Bytes.DirtyLine(line);
            StorageContent content = _kernel.Memory.Bytes.ContentOf(storage);
            if ((view == LineView.Tags) != (content == StorageContent.Tags))
            {
                Report("TAG-4", $"a dirty line {number} of {view} lies over frame {storage}, which holds {content}");
            }
        }

        foreach (Corruption corruption in _kernel.Memory.Bytes.Corruptions.First)
        {
            Report("TAG-4", $"{corruption.Kind} in frame {corruption.StorageFrame}, line {corruption.Line}");
        }
    }

    /// <summary>What limits how much may be isolated agrees with what is (NR_ISOLATED_ANON, NR_ISOLATED_FILE).</summary>
    private void CheckIsolated()
    {
        FrameTable frames = _kernel.Memory.Frames;
        int isolated = 0;
        for (Frame frame = new(0); frame.Index < frames.Count; frame++)
        {
            bool isOut = frames[frame].State == FrameState.Allocated && frames[frame].Has(FrameFlags.Isolated);
            isolated += isOut ? 1 << frames[frame].Order : 0;
        }

        int counter = _kernel.Memory.System.Migration.Users.IsolatedPages;
        if (isolated != counter)
        {
            Report("LRU-1", $"{isolated} pages are isolated, counter {counter}");
        }
    }

    /// <summary>No page was marked tagged before it was flagged as reserved, whatever became of it since.</summary>
    private void CheckMarks()
    {
        if (_kernel.Memory.System.Tagged.MarkedTooEarly is { IsNone: false } frame)
        {
            Report("TAG-7", $"frame {frame} was marked tagged before it was flagged as reserved");
        }
    }

    private void Report(string law, string message) => _broken.Add(new LawViolation(law, message));
}
