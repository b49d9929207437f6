using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>Where a sentence about a design is held: pages come, are tagged, and go, in a replay or in a process.</summary>
public abstract class SentenceStage
{
    private const int MostSteps = 1 << 15;

    /// <summary>What is beneath, to be looked at.</summary>
    public abstract MemorySystem Memory { get; }

    /// <summary>Faults that pages without storage have taken.</summary>
    public abstract long FaultsOnAccess { get; }

    public int CarveOutFrames => Memory.Layout.Storage.Sum(run => run.Frames);

    public static SentenceStage Of(string engine, string design, string board) => engine == "replay"
        ? new Replayed(TestBoards.Layout(board), design)
        : new Running(TestBoards.Layout(board), design);

    /// <summary>A new page is written. Its name, or -1 when there is no memory.</summary>
    public abstract int Touch(bool isTagged);

    /// <summary>The next page of a file is read. Its name, or -1 when there is no memory.</summary>
    public abstract int Read();

    /// <summary>The frame that a page lies in now.</summary>
    public abstract Frame FrameOf(int page);

    /// <summary>PROT_MTE comes to a page in use, which is written again. False: it could not be tagged.</summary>
    public abstract bool TagLater(int page);

    public abstract void Leave(int page);

    public bool IsInStorage(int page) => Memory.Frames[FrameOf(page)].Has(FrameFlags.TagStorage);

    /// <summary>Pages until there is no memory, or so many.</summary>
    public List<int> TouchAll(bool isTagged, int most = int.MaxValue)
    {
        List<int> pages = [];
        while (pages.Count < most && Touch(isTagged) is var page and >= 0)
        {
            pages.Add(page);
        }

        return pages;
    }

    /// <summary>Somebody holds all storage that is free, and does not let it go; the frames.</summary>
    public List<Frame> PinStorage()
    {
        Memory.DrainAll();
        StorageRun run = Memory.Layout.Storage[0];
        List<Frame> pinned = [.. Enumerable.Range(run.FirstFrame, run.Frames).Select(index => new Frame(index))
            .Where(frame => Memory.TryOccupy(frame, owner: 1 << 20, isMovable: true))];
        pinned.ForEach(Memory.Pin);
        return pinned;
    }

    /// <summary>A workload that is written while it is replayed; a page is its name in it.</summary>
    private sealed class Replayed : SentenceStage
    {
        private readonly WorkloadStep[] _steps = new WorkloadStep[MostSteps];
        private readonly Stack<int> _names;
        private readonly WorkloadReplay _replay;
        private int _written;

        public Replayed(MemoryLayout layout, string design)
        {
            // What is not written yet never comes.
            Array.Fill(_steps, new WorkloadStep(WorkloadStepKind.Free, default, long.MaxValue, 0, 0, 0, CpuId.Boot));
            Workload workload = new()
            {
                Initial = [], Steps = _steps, Repairs = new Repairs(), Allocations = 0, Frees = 0, TaggedAllocations = 0, LateTags = 0,
                Cpus = 2, TagSource = "written",
            };
            _names = new Stack<int>(Enumerable.Range(0, layout.Frames).Reverse());
            _replay = new WorkloadReplay(
                workload, layout, DesignCatalog.Parse(design).Create(), new MachineOptions(Cpus: 2), CostTable.Default);
        }

        public override MemorySystem Memory => _replay.System;

        public override long FaultsOnAccess => Memory.Counters.ReplacedPages + Memory.Counters.FailedReservations;

        public override int Touch(bool isTagged) =>
            Allocate(GfpFlags.HighUserMovable | GfpFlags.Zero, isTagged ? WorkloadStepFlags.Tagged : default);

        public override int Read() => Allocate(GfpFlags.ReadAhead, flags: default);

        private int Allocate(GfpFlags gfp, WorkloadStepFlags flags)
        {
            int page = _names.Pop();
            Write(WorkloadStepKind.Allocate, page, (uint)gfp, flags);
            if (_replay.FrameOf(page) >= 0)
            {
                return page;
            }

            _names.Push(page);
            return -1;
        }

        public override Frame FrameOf(int page) => new(_replay.FrameOf(page));

        public override bool TagLater(int page)
        {
            Write(WorkloadStepKind.Tag, page);
            return Memory.Frames[FrameOf(page)].Has(FrameFlags.Tagged);
        }

        public override void Leave(int page)
        {
            Write(WorkloadStepKind.Free, page);
            _names.Push(page);
        }

        private void Write(WorkloadStepKind kind, int page, uint argument = 0, WorkloadStepFlags flags = default)
        {
            _steps[_written] = new WorkloadStep(kind, flags, _written, page, argument, order: 0, CpuId.Boot);
            _replay.RunUntil(_written++);
        }
    }

    private sealed class Running : SentenceStage
    {
        private const Protection Plain = Protection.Read | Protection.Write;

        private readonly LinuxMachine _machine;
        private readonly Process _process;
        private readonly List<ulong> _pages = [];
        private readonly SharedFile _file;
        private int _read;

        public Running(MemoryLayout layout, string design)
        {
            LinuxMachineOptions options = new() { Cpus = 2, Geometry = layout.Geometry };
            _machine = new LinuxMachine(layout.Board, DesignCatalog.Parse(design).Create(), options);
            _process = _machine.Start("sentence");
            _file = _machine.OpenFile((long)MostSteps * layout.Geometry.PageBytes);
        }

        public override MemorySystem Memory => _machine.Memory;

        public override long FaultsOnAccess => _machine.Statistics.FaultsOnAccess;

        private int PageBytes => Memory.Layout.Geometry.PageBytes;

        public override int Touch(bool isTagged)
        {
            if (_process.HasEnded)
            {
                return -1;
            }

            try
            {
                ulong at = _process.Map(PageBytes, Plain | (isTagged && _machine.CanTag ? Protection.Mte : 0));
                _pages.Add(at);
                _process.Populate(at, PageBytes);
                if (isTagged && _machine.CanTag)
                {
                    Write(at);
                }

                return _pages.Count - 1;
            }
            catch (SignalException signal) when (signal.Signal.Code == SignalCode.OutOfMemory)
            {
                return -1;
            }
            catch (SignalException)
            {
                return _pages.Count - 1;
            }
        }

        public override int Read()
        {
            ulong at = _process.Map(_file, PageBytes, Protection.Read, isShared: true, offset: (long)_read++ * PageBytes);
            _process.Load(at);
            _pages.Add(at);
            return _pages.Count - 1;
        }

        public override Frame FrameOf(int page)
        {
            PinnedPage pin = _process.Pin(_pages[page]);
            _process.Unpin(pin);
            return pin.Frame;
        }

        public override bool TagLater(int page)
        {
            if (!_process.Protect(_pages[page], PageBytes, Plain | Protection.Mte))
            {
                return false;
            }

            try
            {
                Write(_pages[page]);
                return true;
            }
            catch (SignalException)
            {
                return false;
            }
        }

        public override void Leave(int page) => _process.Unmap(_pages[page], PageBytes);

        private void Write(ulong at)
        {
            ulong tagged = Process.Tagged(at, 5);
            _process.StoreTag(tagged);
            _process.Store(tagged, at);
        }
    }
}
