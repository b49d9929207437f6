using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Kernel;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Worlds;

/// <summary>
/// A small machine for one run of a scenario: 4 MiB of RAM, pages put where the scenario wants them, and what has to be true at
/// the end.
/// </summary>
internal sealed partial class RaceWorld
{
    public const int Page = 4096;

    public const Protection Plain = Protection.Read | Protection.Write;

    public const Protection Tagged = Plain | Protection.Mte;

    /// <summary>What guests of tag storage have written everywhere.</summary>
    private const byte GuestByte = 0x5A;

    private static readonly byte[] GuestPage = GuestBytes(Page);

    private readonly List<(Process Process, ulong Address)> _guests = [];

    private EventWords? _heard;

    public RaceWorld(WorldFactory factory, MemoryBoard? board, PageGeometry? geometry, bool huge, int? failedRegion)
    {
        PageGeometry pages = geometry ?? RaceSetting.SmallBlocks;
        LinuxMachineOptions options = new()
        {
            Cpus = 4,
            Geometry = pages,
            SwapPages = 16,
            HugePagesByDefault = huge,
            FailedRegion = failedRegion,
            Safeguards = factory.Safeguards,
            Interleaving = factory.Machine,
        };
        Machine = new LinuxMachine(board ?? MemoryBoard.Flat(4 << 20, pages), factory.Design.Create(), options);
        Steps = factory.Machine;
        Require(Machine.CanTag || !factory.NeedsTags, "nothing can be tagged");
        Memory.DrainAll();
    }

    public LinuxMachine Machine { get; }

    /// <summary>Whose turn it is.</summary>
    public Interleaving Steps { get; }

    /// <summary>What happened since this was asked last; null for nothing. Nobody listens before it is first asked.</summary>
    public string? Hear()
    {
        if (_heard is null)
        {
            _heard = new EventWords();
            Memory.Trace.Attach(_heard);
        }

        return _heard.Take();
    }

    /// <summary>What guests of tag storage write.</summary>
    public static byte[] GuestBytes(int count) => [.. Enumerable.Repeat(GuestByte, count)];

    /// <summary>This world, in which there is something to race with.</summary>
    /// <exception cref="RaceDoesNotApplyException">Its design has all storage reserved by now.</exception>
    public RaceWorld ThatLends()
    {
        Require(Memory.Blocks.ReservedBlocks < Memory.Blocks.Count, "all of tag storage is reserved");
        return this;
    }

    /// <exception cref="RaceDoesNotApplyException">What the race is about is not so.</exception>
    public static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new RaceDoesNotApplyException(otherwise);
        }
    }

    /// <summary>The process that the scenario is about, and another one.</summary>
    public Process Process { get; set; } = null!;

    public Process Reader { get; set; } = null!;

    public Process Child { get; set; } = null!;

    /// <summary>The page that the scenario is about, where it lies, and its storage.</summary>
    public ulong Address { get; set; }

    public Frame Frame { get; set; }

    public Frame Storage { get; set; }

    /// <summary>Other pages; the second turns tagged late.</summary>
    public ulong Other { get; set; }

    public ulong Late { get; set; }

    /// <summary>A page that a device holds.</summary>
    public PinnedPage Pin { get; set; } = null!;

    /// <summary>What actors saw.</summary>
    public Dictionary<int, int> Notes { get; } = [];

    public void Note(int which, int seen) => Notes[which] = seen;

    public RunningKernel Kernel => Machine.Kernel;

    public MemorySystem Memory => Machine.Memory;

    /// <summary>Frame n of group g: the 32 frames whose tags are in one frame of storage.</summary>
    public Frame DataFrame(int group, int n = 0) => new(Memory.Layout.Storage[0].FirstCovered + (32 * group) + n);

    public Frame StorageOf(Frame frame) => Memory.Blocks.StorageOf(Memory.Blocks.BlockOf(frame)).First;

    /// <summary>Another task of a process, on a CPU.</summary>
    public static LinuxTask User(Process process, CpuId cpu) => process.StartTask(cpu);

    /// <summary>A process whose page table is there already, so that it takes no frame that the scenario wants.</summary>
    public Process Start(string name, CpuId cpu = default)
    {
        Process process = Machine.Start(name, cpu);
        Kernel.Tables.Pages.Add(process.Space, Mappings.FirstPage, cpu).Now();
        Memory.DrainAll();
        return process;
    }

    /// <summary>Maps an anonymous page that lies in a free frame of choice.</summary>
    public ulong MapFrame(Process process, Frame frame, Protection protection)
    {
        ulong at = process.Map(Page, protection);
        Place(process, at, frame);
        return at;
    }

    /// <summary>An anonymous page of a mapping lies in a free frame of choice.</summary>
    public void Place(Process process, ulong at, Frame frame)
    {
        Occupy(frame);
        Kernel.Owners.Folios.Begin(frame);
        Kernel.Memory.Bytes.ZeroPage(frame.Index);
        Kernel.Tables.Entries.MapAnonymous(process.Space, process.Space.Areas.Find(at / Page)!, at / Page, frame, dirty: true);
    }

    /// <summary>One frame of each pageblock of data is taken, but of the one of a frame: no other huge page is free there.</summary>
    public void LeaveOneHugePage(Frame inside)
    {
        FrameTable frames = Memory.Frames;
        for (int block = 0; block < frames.PageBlocks; block++)
        {
            Frame end = new((block + 1) * frames.PageBlockFrames);
            for (Frame frame = end - frames.PageBlockFrames; block != inside.Index >> frames.PageBlockOrder && frame < end; frame++)
            {
                if (!frames[frame].Has(FrameFlags.TagStorage) && Memory.TryOccupy(frame, owner: 0, isMovable: false))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Somebody's data in a frame of tag storage; they must still be there at the end.</summary>
    public ulong PlaceGuest(Process process, Frame storage)
    {
        ulong at = MapFrame(process, storage, Plain);
        process.Write(at, GuestPage);
        _guests.Add((process, at));
        return at;
    }

    /// <summary>Somebody's data in a free frame, whom no process maps: a page of a driver.</summary>
    public void OccupyAsGuest(Frame frame)
    {
        Memory.DrainAll();
        Occupy(frame);
        Kernel.Owners.Folios.Begin(frame);
        Kernel.Memory.Bytes.Write(frame.Index, 0, GuestPage);
        Expect(() =>
        {
            byte[] found = new byte[Page];
            Kernel.Memory.Bytes.Read(frame.Index, 0, found);
            int wrong = found.AsSpan().IndexOfAnyExcept(GuestByte);
            return wrong < 0 ? null : $"byte {wrong} of frame {frame} is 0x{found[wrong]:x}, and 0x{GuestByte:x} was stored";
        });
    }

    private void Occupy(Frame frame)
    {
        if (!Memory.TryOccupy(frame, owner: 0, isMovable: true))
        {
            throw new RaceDoesNotApplyException($"frame {frame}, which the scenario wants, is never free to lend under this design");
        }
    }

    /// <summary>Nothing that can be tagged is free but the pages of these groups.</summary>
    public void OccupyAllBut(int[] groups)
    {
        HashSet<int> blocks = [.. groups.Select(group => Memory.Blocks.BlockOf(DataFrame(group)).Index)];
        for (Frame frame = new(0); frame.Index < Memory.Frames.Count; frame++)
        {
            if (!Memory.Frames[frame].Has(FrameFlags.TagStorage) && !blocks.Contains(Memory.Blocks.BlockOf(frame).Index))
            {
                Memory.TryOccupy(frame, owner: 0, isMovable: false);
            }
        }
    }

    /// <summary>Uses all free pages of groups whose block is reserved.</summary>
    public void TakeGroupsInUse(Process process)
    {
        StorageRun run = Memory.Layout.Storage[0];
        for (Frame frame = new(run.FirstCovered); frame.Index < run.FirstCovered + run.CoveredFrames; frame++)
        {
            bool isActive = Memory.Blocks.StateOf(Memory.Blocks.BlockOf(frame)) == TagBlockState.Reserved;
            if (isActive && !Memory.Buddy.FindChunk(frame, 0).IsNone)
            {
                MapFrame(process, frame, Plain);
            }
        }
    }

    /// <summary>Guests in all free frames of tag storage but one; their addresses.</summary>
    public IReadOnlyList<ulong> FillStorage(Process process, Frame? except = null)
    {
        List<ulong> guests = [];
        StorageRun run = Memory.Layout.Storage[0];
        for (Frame frame = new(run.FirstFrame); frame.Index < run.FirstFrame + run.Frames; frame++)
        {
            if (frame != except && !Memory.Buddy.FindChunk(frame, 0).IsNone)
            {
                guests.Add(PlaceGuest(process, frame));
            }
        }

        return guests;
    }
}

/// <summary>What a scenario makes its world of.</summary>
internal readonly record struct WorldFactory(Interleaving Machine, DesignChoice Design, Safeguards Safeguards, bool NeedsTags = true)
{
    /// <summary>A tagged request gets a page even when its storage is busy.</summary>
    public bool HandsOutWithoutStorage =>
        Design.Create().OnTagged(new TaggedView(Order.Zero, IsAllocation: true, ActiveBlocks: 0)) == ReservationVerdict.BestEffort;

    /// <summary>A page in use that turns tagged stays where it lies, if its storage can be had there.</summary>
    private bool ReservesInPlace =>
        Design.Create().OnTagged(new TaggedView(Order.Zero, IsAllocation: false, ActiveBlocks: 0)) != ReservationVerdict.MoveFirst;

    /// <exception cref="RaceDoesNotApplyException">The page that the race is about would be elsewhere when it is tagged.</exception>
    public void RequireInPlace() => RaceWorld.Require(ReservesInPlace, "a page that turns tagged moves, and has storage where it comes to");

    public RaceWorld World(MemoryBoard? board = null, PageGeometry? geometry = null, bool huge = false, int? failedRegion = null) =>
        new(this, board, geometry, huge, failedRegion);

    /// <summary>A process with a page of a PROT_MTE area, which it has not accessed yet and whose storage is free.</summary>
    public RaceWorld WorldOfPage(MemoryBoard? board = null, PageGeometry? geometry = null)
    {
        RaceWorld world = World(board, geometry);
        world.Process = world.Start("user");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, RaceWorld.Tagged);
        return world;
    }
}
