using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Processes;

/// <content>Pages that devices and other processes hold: get_user_pages, vmsplice, ptrace.</content>
public sealed partial class Process
{
    private readonly List<PinnedPage> _pins = [];

    /// <summary>
    /// get_user_pages for writing: the page of an address cannot move until it is unpinned. A long-term pin (FOLL_LONGTERM)
    /// first moves the page out of CMA and lent tag storage, to memory that is neither (check_and_migrate_movable_pages, mm/gup.c,
    /// 6.1: the destination is asked for with GFP_USER, so nothing movable serves); a short one, and vmsplice's, does not (R16).
    /// </summary>
    /// <exception cref="SignalException">Nothing can be written there.</exception>
    public PinnedPage Pin(ulong address, bool longTerm = false)
    {
        for (int attempt = 0; ; attempt++)
        {
            ulong page = LogicalTag.With(address, 0) >> _pageShift;
            Pte entry = Space.Tables.Get(page);
            if (!entry.IsAccessible || !entry.Has(Pte.WritableBit) || entry.Has(Pte.SpecialBit))
            {
                Retry(new AccessFault(FaultKind.Translation, IsWrite: true, page << _pageShift), attempt).Now();
                continue;
            }

            int frame = FrameIn(entry, page);
            int folio = _kernel.Folios.HeadOf(frame);
            if (longTerm && !IsLongTermPinnable(folio))
            {
                if (attempt >= MostFaults || MoveForLongTerm(folio).Now() == MigrationOutcome.Unmovable)
                {
                    Deliver(SignalCode.EndlessFault, address);
                }

                continue;
            }

            _kernel.Folios.Pin(folio);
            PinnedPage pin = new(folio, frame);
            _pins.Add(pin);
            return pin;
        }
    }

    public void Unpin(PinnedPage pin)
    {
        if (_pins.Remove(pin))
        {
            _kernel.Folios.Unpin(pin.Folio, Cpu);
        }
    }

    /// <summary>PTRACE_PEEKMTETAGS: tags from an address on, one a byte.</summary>
    /// <returns>Tags read; fewer than asked for where the memory is not PROT_MTE.</returns>
    public int PeekTags(ulong address, Span<byte> tags)
    {
        for (int done = 0; done < tags.Length; done++)
        {
            if (PlaceOfTag(address + ((ulong)done * TagGeometry.GranuleBytes), isWrite: false).Now() is not (var frame and >= 0, var granule))
            {
                return done;
            }

            tags[done] = (byte)_kernel.Bytes.ReadTag(frame, granule);
        }

        return tags.Length;
    }

    /// <summary>PTRACE_POKEMTETAGS: the reverse of <see cref="PeekTags"/>.</summary>
    public int PokeTags(ulong address, ReadOnlySpan<byte> tags)
    {
        for (int done = 0; done < tags.Length; done++)
        {
            if (PlaceOfTag(address + ((ulong)done * TagGeometry.GranuleBytes), isWrite: true).Now() is not (var frame and >= 0, var granule))
            {
                return done;
            }

            _kernel.Bytes.WriteTag(frame, granule, tags[done]);
        }

        return tags.Length;
    }

    /// <summary>Where the kernel finds a tag of another process (access_remote_tags); frame -1 outside PROT_MTE areas.</summary>
    internal async ValueTask<(int Frame, int Granule)> PlaceOfTag(ulong address, bool isWrite)
    {
        ulong page = address >> _pageShift;
        if (Space.Areas.Find(page) is not { IsTagged: true })
        {
            return (-1, 0);
        }

        for (int attempt = 0; ; attempt++)
        {
            Pte entry = Space.Tables.Get(page);
            bool mayRead = entry.IsPresent && (!entry.Has(Pte.FaultOnAccessBit) || !_kernel.Runtime.Has(Safeguards.PtraceFaultsFirst));
            if (mayRead && (!isWrite || (entry.Has(Pte.WritableBit) && !entry.Has(Pte.SpecialBit))))
            {
                int granule = (int)(address & ((1UL << _pageShift) - 1)) / TagGeometry.GranuleBytes;
                return (FrameIn(entry, page), granule);
            }

            await Retry(new AccessFault(FaultKind.Translation, isWrite, page << _pageShift), attempt);
        }
    }

    private int FrameIn(Pte entry, ulong page) =>
        entry.Value + (entry.Has(Pte.HugeBit) ? (int)(page & ((ulong)(uint)Space.Tables.PagesPerTable - 1)) : 0);

    private ValueTask<MigrationOutcome> MoveForLongTerm(int folio)
    {
        bool isTagged = _kernel.Memory.Frames[folio].Has(FrameFlags.Tagged);
        return _kernel.Memory.Migration.Move(folio, isTagged, Cpu, new ProcessTarget(_kernel, GfpFlags.User));
    }

    private bool IsLongTermPinnable(int folio)
    {
        PageFrame frame = _kernel.Memory.Frames[folio];
        MigrateType type = _kernel.Memory.Frames.BlockType(folio);
        bool isLent = frame.Has(FrameFlags.TagStorage)
            && !_kernel.Memory.Place.MayHold(isMovable: false);
        return !isLent && type != MigrateType.Cma;
    }

    internal void UnpinAll()
    {
        foreach (PinnedPage pin in _pins.ToArray())
        {
            Unpin(pin);
        }
    }
}

/// <summary>A page that somebody outside the process's memory holds on to.</summary>
public sealed class PinnedPage
{
    internal PinnedPage(int folio, int frame)
    {
        Folio = folio;
        Frame = frame;
    }

    /// <summary>Frame number, as in a layout.</summary>
    public int Frame { get; }

    internal int Folio { get; }
}
