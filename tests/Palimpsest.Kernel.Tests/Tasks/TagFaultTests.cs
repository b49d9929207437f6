using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Mte;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>PROT_MTE from a process's side, and the ways to storage for its tags.</summary>
public sealed class TagFaultTests
{
    private readonly LinuxMachine _machine = TestMachine.New();
    private readonly Process _process;

    public TagFaultTests() => _process = _machine.Start("test");

    [Fact]
    public void AMismatchIsASignalWithTheAddressWithoutItsTag()
    {
        ulong at = _process.Map(Page, Tagged);
        _process.TagChecks = TagFaultMode.Synchronous;
        _process.StoreTag(Process.Tagged(at, 5));
        _process.Store(Process.Tagged(at, 5), 1);

        Signal signal = Assert.Throws<SignalException>(() => _process.Store(Process.Tagged(at, 6), 2)).Signal;

        Assert.Equal(new Signal(SignalCode.TagSynchronous, at), signal);
        Assert.Equal(1UL, _process.Load(Process.Tagged(at, 5)));
    }

    [Fact]
    public void AsynchronousMismatchesAreToldAtTheNextEntryOfTheKernel()
    {
        ulong at = _process.Map(Page, Tagged);
        _process.TagChecks = TagFaultMode.Asynchronous;
        _process.StoreTag(Process.Tagged(at, 5));

        _process.Store(Process.Tagged(at, 6), 2);

        Assert.Equal(2UL, _process.Load(Process.Tagged(at, 5)));
        Assert.Equal(new Signal(SignalCode.TagAsynchronous, 0), Assert.Throws<SignalException>(_process.EnterKernel).Signal);
        _process.EnterKernel();
    }

    [Theory]
    [InlineData(TagFaultMode.Synchronous)]
    [InlineData(TagFaultMode.Asynchronous)]
    public void AMismatchIsToldInTheStreamOfEvents(TagFaultMode mode)
    {
        ulong at = _process.Map(Page, Tagged);
        _process.TagChecks = mode;
        _process.StoreTag(Process.Tagged(at, 5));
        Frame frame = FrameOf(_machine, _process, at);
        TagFaults heard = new();
        _machine.Memory.Trace.Attach(heard);

        Assert.Throws<SignalException>(() =>
        {
            _process.Store(Process.Tagged(at + 32, 6), 2);
            _process.EnterKernel();
        });

        Assert.Equal([mode == TagFaultMode.Synchronous ? (frame.Index, 32) : (-1, 0)], heard.Places);
    }

    [Fact]
    public void AMismatchInAHugePageIsToldOfThePartThatItIsIn()
    {
        LinuxMachine machine = New("flat 64 MiB", huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(512 * Page, Tagged);
        process.StoreTag(at);
        Assert.Equal(512, process.ResidentPages);
        process.TagChecks = TagFaultMode.Synchronous;
        TagFaults heard = new();
        machine.Memory.Trace.Attach(heard);

        Assert.Throws<SignalException>(() => process.Store(Process.Tagged(at + (17 * Page) + 48, 6), 2));

        Assert.Equal([(FrameOf(machine, process, at).Index + 17, 48)], heard.Places);
    }

    [Fact]
    public void RandomTagsAreThoseIncluded()
    {
        Assert.Equal(0, LogicalTag.Of(_process.RandomTag(0x1000)));

        _process.TagsIncluded = 0b1010;

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Contains(LogicalTag.Of(_process.RandomTag(0x1000)), (int[])[1, 3]));
    }

    [Fact]
    public void TaggedPagesReserveTheirStorageAndGiveItBack()
    {
        int reserved = _machine.Memory.Blocks.ReservedFrames;
        ulong at = _process.Map(64 * Page, Tagged);
        _process.Populate(at, 64 * Page);

        Assert.True(_machine.Memory.Blocks.ReservedFrames > reserved);
        Holds(_machine);

        _process.Unmap(at, 64 * Page);
        Assert.Equal(reserved, _machine.Memory.Blocks.ReservedFrames);
        Holds(_machine);
    }

    [Fact]
    public void MemoryBecomesTaggedLateAndStaysTagged()
    {
        ulong at = _process.Map(Page, Plain);
        _process.Store(at, 9);
        Assert.Equal(0, _process.LoadTag(at));
        _process.StoreTag(Process.Tagged(at, 4));
        Assert.Equal(0, _process.LoadTag(at));

        Assert.True(_process.Protect(at, Page, Tagged));
        _process.StoreTag(Process.Tagged(at, 4));
        Assert.True(_process.Protect(at, Page, Plain));

        Assert.Equal(4, _process.LoadTag(at));
        Assert.Equal(9UL, _process.Load(at));
        Assert.Equal(1, _machine.Statistics.FaultsOnAccess);
        Holds(_machine);
    }

    [Fact]
    public void APageOfTagStorageThatBecomesTaggedMovesAway()
    {
        ulong at = MapPageOfStorage(_machine, _process);
        _process.Store(at, 11);
        Frame before = FrameOf(_machine, _process, at);
        Assert.True(_process.Protect(at, Page, Tagged));

        _process.StoreTag(Process.Tagged(at, 2));

        Assert.NotEqual(before.Index, FrameOf(_machine, _process, at).Index);
        Assert.Equal(11UL, _process.Load(at));
        Assert.Equal(2, _process.LoadTag(at));
        Assert.True(_machine.Counters.ReplacedPages > 0);
        Holds(_machine);
    }

    // R15: what lies in the storage of the page is pinned.
    [Fact]
    public void APageWhoseStorageIsPinnedMovesInstead()
    {
        (LinuxMachine machine, Process process, ulong at) = PinnedStorage(Safeguards.None);
        Frame before = FrameOf(machine, process, at);
        Assert.True(process.Protect(at, Page, Tagged));

        process.StoreTag(Process.Tagged(at, 2));

        Assert.NotEqual(before.Index, FrameOf(machine, process, at).Index);
        Assert.Equal(2, process.LoadTag(at));
        Holds(machine);
    }

    [Fact]
    public void WithoutReplacementTheFaultNeverEnds()
    {
        (LinuxMachine _, Process process, ulong at) = PinnedStorage(Safeguards.ReplaceWhenBusy);
        Assert.True(process.Protect(at, Page, Tagged));

        Assert.Equal(SignalCode.EndlessFault, Assert.Throws<SignalException>(() => process.LoadTag(at)).Signal.Code);
    }

    [Fact]
    public void PopulatingTriesAgainUntilThePageIsThere()
    {
        (LinuxMachine machine, Process process, ulong at) = PinnedStorage(Safeguards.ReplaceWhenBusy);
        Assert.True(process.Protect(at, Page, Tagged));
        long before = machine.Statistics.FaultsOnAccess;

        Assert.Equal(SignalCode.EndlessFault, Assert.Throws<SignalException>(() => process.Populate(at, Page)).Signal.Code);

        Assert.InRange(machine.Statistics.FaultsOnAccess - before, 2, int.MaxValue);
    }

    [Fact]
    public void FilesCannotBeTaggedAndSharedMemoryCan()
    {
        SharedFile file = _machine.OpenFile(Page);
        SharedFile memory = _machine.CreateSharedMemory(Page);

        Assert.Throws<InputException>(() => _process.Map(file, Page, Tagged, isShared: true));
        ulong plain = _process.Map(file, Page, Plain, isShared: true);
        Assert.False(_process.Protect(plain, Page, Tagged));

        ulong at = _process.Map(memory, Page, Tagged, isShared: true);
        Process other = _machine.Start("other");
        ulong there = other.Map(memory, Page, Tagged, isShared: true);
        _process.StoreTag(Process.Tagged(at, 7));
        _process.Store(at, 1);
        Assert.Equal(7, other.LoadTag(there));
        Assert.Equal(1UL, other.Load(there));
        Holds(_machine);
    }

    [Fact]
    public void PtraceReadsAndWritesTags()
    {
        ulong at = _process.Map(2 * Page, Tagged);
        _process.Store(at, 1);
        Assert.Equal(4, _process.PokeTags(at + 32, (byte[])[1, 2, 3, 4]));

        byte[] tags = new byte[6];
        Assert.Equal(6, _process.PeekTags(at + 16, tags));
        Assert.Equal([0, 1, 2, 3, 4, 0], tags);
        Assert.Equal(3, _process.LoadTag(at + 64));

        ulong plain = _process.Map(Page, Plain);
        Assert.Equal(0, _process.PeekTags(plain, tags));
    }

    // Without the series nothing is lent, and nobody waits: mte_sync_tags clears the tags and maps.
    [Fact]
    public void WhereStorageIsAlwaysActiveNoAccessFaultsForIt()
    {
        PlainDesign today = new(new Hidden());
        LinuxMachine machine = New(TestBoards.Layout("flat 8 MiB, small blocks"), Safeguards.None, design: today);
        Process process = machine.Start("database");
        SharedFile memory = machine.CreateSharedMemory(256 * Page);
        ulong plain = process.Map(memory, 256 * Page, Plain, isShared: true);
        ulong tagged = process.Map(memory, 256 * Page, Tagged, isShared: true);
        ulong own = process.Map(256 * Page, Plain);
        process.Populate(plain, 256 * Page);
        process.Populate(own, 256 * Page);
        Assert.True(process.Protect(own, 256 * Page, Tagged));
        for (ulong offset = 0; offset < 256 * Page; offset += Page)
        {
            process.StoreTag(Process.Tagged(tagged + offset, 3));
            process.StoreTag(Process.Tagged(own + offset, 4));
        }

        Assert.Equal(0, machine.Statistics.FaultsOnAccess);
        Assert.Equal(3, process.LoadTag(tagged));
        Assert.Equal(512, machine.Memory.TaggedFrames - 1);
        Assert.Empty(machine.Audit());
    }

    // Who takes everything at the first tag has no tagged page of zeros before.
    [Fact]
    public void AZeroPageWithoutTagsLeavesAnAreaThatGetsSome()
    {
        PlainDesign simple = new(new Cma()) { Tagging = ReservationVerdict.TakeEverything };
        LinuxMachine machine = New(TestBoards.Layout("flat 8 MiB, small blocks"), Safeguards.None, design: simple);
        Process process = machine.Start("reader");
        ulong at = process.Map(4 * Page, Plain);
        Assert.Equal(0UL, process.Load(at));
        Assert.Equal(0, machine.Memory.Blocks.ReservedBlocks);

        Assert.True(process.Protect(at, 4 * Page, Tagged));

        Assert.Equal(0, process.LoadTag(at));
        Assert.Equal(machine.Memory.Blocks.Count, machine.Memory.Blocks.ReservedBlocks);
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void AHugeZeroPageLeavesAnAreaThatGetsTags()
    {
        LinuxMachine machine = New("flat 64 MiB", huge: true);
        Process process = machine.Start("reader");
        ulong at = process.Map(512 * Page, Plain);
        Assert.Equal(0UL, process.Load(at));
        Assert.True(process.Protect(at, 512 * Page, Tagged));

        Assert.Equal(0, process.LoadTag(at));
        process.StoreTag(Process.Tagged(at + 16, 7));

        Assert.Equal(7, process.LoadTag(at + 16));
        Assert.Empty(machine.Audit());
    }

    /// <summary>A machine where an untagged page of a process has its storage pinned by another.</summary>
    private static (LinuxMachine Machine, Process Process, ulong Address) PinnedStorage(Safeguards without)
    {
        LinuxMachine machine = WithStorageFirst(without);
        Process device = machine.Start("device");
        Dictionary<Frame, ulong> guests = FillStorage(machine, device).ToDictionary(at => FrameOf(machine, device, at));
        Process process = machine.Start("victim");
        ulong start = process.Map(64 * Page, Plain);
        process.Populate(start, 64 * Page);
        for (ulong at = start; at < start + (64 * Page); at += Page)
        {
            BlockId block = machine.Memory.Blocks.BlockOf(FrameOf(machine, process, at));
            if (!block.IsNone && guests.TryGetValue(machine.Memory.Blocks.StorageOf(block).First, out ulong guest))
            {
                device.Pin(guest);
                return (machine, process, at);
            }
        }

        throw new InvalidOperationException("no page has its storage in use");
    }

    private sealed class TagFaults : IKernelListener
    {
        public List<(int Frame, int Offset)> Places { get; } = [];

        public void Happened(in KernelEvent what)
        {
            if (what.Kind == KernelEventKind.TagFault)
            {
                Places.Add((what.Frame.Index, what.Value));
            }
        }
    }
}
