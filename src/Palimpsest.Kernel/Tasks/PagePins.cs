using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>Pages of a process that somebody else holds or looks into: get_user_pages, vmsplice, ptrace.</summary>
public sealed class PagePins
{
    /// <summary>Tries of migrate_pages at a page that somebody is busy with (mm/migrate.c, 6.1).</summary>
    private const int MigrationPasses = 10;

    /// <summary>Faults on one page before it counts as out of reach.</summary>
    private const int MostFaults = 100;

    private readonly LinuxTask _task;
    private readonly PhysicalMemory _memory;
    private readonly FolioTable _folios;
    private readonly int _pageShift;

    internal PagePins(LinuxTask task, KernelEntry kernel)
    {
        _task = task;
        _memory = kernel.Memory;
        _folios = kernel.Folios;
        _pageShift = kernel.Memory.System.Layout.Geometry.PageShift;
    }

    private AddressSpace Space => _task.Space;

    /// <summary>
    /// get_user_pages for writing: the page of an address cannot move until it is unpinned. A long-term pin (FOLL_LONGTERM)
    /// first moves the page out of CMA, isolated pageblocks and lent tag storage, to memory that is neither
    /// (check_and_migrate_movable_pages, mm/gup.c, 6.1: the destination is asked for with GFP_USER, so nothing movable serves);
    /// a short one, and vmsplice's, does not (R16). A page that stays where it is, ends the call.
    /// </summary>
    /// <exception cref="SignalException">Nothing can be written there.</exception>
    /// <exception cref="InputException">The page cannot be moved for a long-term pin (-ENOMEM): somebody else holds it, it is not
    /// movable, or there is no place for it.</exception>
    public async ValueTask<PinnedPage> Pin(ulong address, bool longTerm = false)
    {
        _task.EnterKernel();
        ulong page = LogicalTag.With(address, 0) >> _pageShift;
        int moves = 0;
        for (int faults = 0; ; faults++)
        {
            Pte entry = Space.Tables.Get(page);
            if (!entry.IsAccessible || !entry.Has(Pte.WritableBit) || entry.Has(Pte.SpecialBit))
            {
                await _task.Resolve(new AccessFault(FaultKind.Translation, IsWrite: true, page << _pageShift), faults);
                continue;
            }

            Frame frame = Space.Tables.FrameIn(entry, page);
            Frame folio = _folios.HeadOf(frame);
            if (!longTerm || IsLongTermPinnable(folio))
            {
                _folios.Pin(folio);
                return _task.Process.Hold(new PinnedPage(folio, frame));
            }

            MigrationOutcome outcome = await MoveForLongTerm(folio);
            if (outcome != MigrationOutcome.Done)
            {
                await BeforeMovingAgain(outcome, ++moves, page);
            }
        }
    }

    /// <summary>
    /// get_user_pages for reading, as vmsplice does: whoever writes later has to copy, so what is read stays as it was seen to be by
    /// those who shared it. Null: it cannot be read.
    /// </summary>
    internal async ValueTask<PinnedPage?> PinToRead(ulong address)
    {
        ulong page = LogicalTag.Canonical(address) >> _pageShift;
        for (int faults = 0; faults < MostFaults; faults++)
        {
            Pte entry = Space.Tables.Get(page);
            if (entry.IsAccessible)
            {
                Frame frame = Space.Tables.FrameIn(entry, page);
                Frame folio = _folios.HeadOf(frame);
                _folios.Pin(folio);
                return new PinnedPage(folio, frame);
            }

            if (await _task.TryResolve(new AccessFault(FaultKind.Translation, IsWrite: false, page << _pageShift)) is not null)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>PTRACE_PEEKMTETAGS: tags from an address on, one a byte.</summary>
    /// <returns>Tags read; fewer than asked for where the memory is not PROT_MTE.</returns>
    public async ValueTask<int> PeekTags(ulong address, Memory<byte> tags)
    {
        for (int done = 0; done < tags.Length; done++)
        {
            if (await PlaceOfTag(address + ((ulong)done * TagGeometry.GranuleBytes), isWrite: false)
                is not ({ IsNone: false } frame, var granule))
            {
                return done;
            }

            tags.Span[done] = (byte)_memory.Bytes.ReadTag(frame.Index, granule);
        }

        return tags.Length;
    }

    /// <summary>PTRACE_POKEMTETAGS: the reverse of <see cref="PeekTags"/>.</summary>
    public async ValueTask<int> PokeTags(ulong address, ReadOnlyMemory<byte> tags)
    {
        for (int done = 0; done < tags.Length; done++)
        {
            if (await PlaceOfTag(address + ((ulong)done * TagGeometry.GranuleBytes), isWrite: true)
                is not ({ IsNone: false } frame, var granule))
            {
                return done;
            }

            _memory.Bytes.WriteTag(frame.Index, granule, tags.Span[done]);
        }

        return tags.Length;
    }

    /// <summary>Where the kernel finds a tag of another process (access_remote_tags); no frame outside PROT_MTE areas.</summary>
    internal async ValueTask<(Frame Frame, int Granule)> PlaceOfTag(ulong address, bool isWrite)
    {
        ulong page = address >> _pageShift;
        if (Space.Areas.Find(page) is not { IsTagged: true })
        {
            return (Frame.None, 0);
        }

        for (int faults = 0; ; faults++)
        {
            Pte entry = Space.Tables.Get(page);
            bool mayRead = entry.IsPresent && (!entry.Has(Pte.FaultOnAccessBit) || !_memory.Runtime.Has(Safeguards.PtraceFaultsFirst));
            if (mayRead && (!isWrite || (entry.Has(Pte.WritableBit) && !entry.Has(Pte.SpecialBit))))
            {
                int granule = (int)(address & ((1UL << _pageShift) - 1)) / TagGeometry.GranuleBytes;
                return (Space.Tables.FrameIn(entry, page), granule);
            }

            await _task.Resolve(new AccessFault(FaultKind.Translation, isWrite, page << _pageShift), faults);
        }
    }

    private ValueTask<MigrationOutcome> MoveForLongTerm(Frame folio)
    {
        bool isTagged = _memory.Frames[folio].Has(FrameFlags.Tagged);
        return _memory.System.Migration.Move(folio, isTagged, _task.Cpu, new ProcessTarget(_memory.Supply, _folios, GfpFlags.User));
    }

    /// <summary>Who is busy with the page may be done soon, where others run: its place is looked up again then.</summary>
    /// <exception cref="InputException">Nothing is left to wait for.</exception>
    private Turn BeforeMovingAgain(MigrationOutcome outcome, int moves, ulong page)
    {
        bool mayHelp = outcome == MigrationOutcome.Pinned && moves < MigrationPasses && _memory.Runtime.Interleaving.IsControlled;
        return mayHelp
            ? _memory.Runtime.Point(StepKind.Wait, (int)page)
            : throw new InputException($"{_task.Process.Name}: the page at 0x{page << _pageShift:x} cannot be moved to be pinned");
    }

    /// <summary>is_longterm_pinnable_page, include/linux/mm.h, 6.1; what is lent is not, wherever it stands.</summary>
    private bool IsLongTermPinnable(Frame folio)
    {
        PageFrame frame = _memory.Frames[folio];
        MigrateType type = _memory.Frames.BlockType(folio);
        bool isLent = frame.Has(FrameFlags.TagStorage)
            && !_memory.System.Place.MayHold(isMovable: false);
        return !isLent && type is not (MigrateType.Cma or MigrateType.Isolate);
    }
}
