using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Memory that does not suffice: swap, page cache, huge pages, and the end of a process.</summary>
public sealed class PressureTests
{
    [Fact]
    public void SwappedPagesComeBackWithTheirTags()
    {
        LinuxMachine machine = TestMachine.New();
        Process process = machine.Start("test");
        ulong at = process.Map(100 * Page, Tagged);
        for (ulong page = 0; page < 100; page++)
        {
            process.StoreTag(Process.Tagged(at + (page * Page), (int)page % 16));
            process.Store(at + (page * Page), page);
        }

        while (process.ResidentPages > 0)
        {
            Assert.True(machine.Reclaim(32) >= 0);
        }

        Assert.Equal(100, process.SwappedPages);
        Assert.Equal(0, machine.Memory.TaggedFrames - 1);
        for (ulong page = 0; page < 100; page++)
        {
            Assert.Equal(page, process.Load(at + (page * Page)));
            Assert.Equal((int)page % 16, process.LoadTag(at + (page * Page)));
        }

        Assert.Equal(100, machine.Statistics.SwapIns);
        Holds(machine);
    }

    // Law KSWAPD: pages that only some requests may have do not make a zone balanced.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KswapdStopsWhenOneZoneIsAboveItsHighWatermarkWithoutCmaPagesOrStorage(bool isOwnType)
    {
        PlainDesign design = new(isOwnType ? new OwnMigrateType(StorageUse.AfterCma) : new Cma(candidates: 16));
        LinuxMachine machine = TestMachine.New(
            TestBoards.Layout("flat 8 MiB, small blocks"), Safeguards.None, swapPages: 4096, design: design);
        Process process = machine.Start("test");
        FreeStorageAndLittleElse(machine, process);
        ulong at = process.Map(200 * Page, Tagged);
        for (ulong page = 0; page < 200 && machine.Statistics.SwapOuts == 0; page++)
        {
            process.Store(at + (page * Page), page);
        }

        Zone zone = Assert.Single(machine.Memory.Zones);
        int lent = zone.FreeCmaFrames + zone.FreeStorageFrames;
        Assert.InRange(lent, 40, 64);
        Assert.Equal(0, machine.Statistics.DirectReclaims);
        Assert.InRange(zone.FreeFrames - lent, zone.Watermarks.High - zone.PerCpu[0].State.Batch, zone.Watermarks.High + 64);
        Holds(machine);
    }

    /// <summary>1,200 pages that can be swapped out, 150 ordinary free ones, and all of tag storage free.</summary>
    private static void FreeStorageAndLittleElse(LinuxMachine machine, Process process)
    {
        ulong at = process.Map(1200 * Page, Plain);
        process.Populate(at, 1200 * Page);
        machine.Memory.DrainAll();
        for (ulong page = at; page < at + (1200 * Page); page += Page)
        {
            if (machine.Memory.Frames[FrameOf(machine, process, page)].Has(FrameFlags.TagStorage))
            {
                process.Unmap(page, Page);
            }
        }

        Zone zone = machine.Memory.Zones[0];
        for (Frame frame = zone.Start; zone.FreeFrames - zone.FreeCmaFrames - zone.FreeStorageFrames > 150; frame++)
        {
            if (!machine.Memory.Frames[frame].Has(FrameFlags.TagStorage))
            {
                machine.Memory.TryOccupy(frame, frame.Index, isMovable: false);
            }
        }
    }

    [Fact]
    public void AFullDeviceKeepsPagesInMemory()
    {
        LinuxMachine machine = TestMachine.New(swapPages: 10);
        Process process = machine.Start("test");
        ulong at = process.Map(100 * Page, Plain);
        process.Populate(at, 100 * Page);
        for (int round = 0; round < 20; round++)
        {
            machine.Reclaim(32);
        }

        Assert.Equal(10, process.SwappedPages);
        Assert.Equal(90, process.ResidentPages);
        Holds(machine);
    }

    [Fact]
    public void FilePagesAreDroppedAndReadAgain()
    {
        LinuxMachine machine = TestMachine.New();
        SharedFile file = machine.OpenFile(50 * Page);
        byte[] expected = new byte[Page];
        byte[] read = new byte[Page];
        file.Write(20 * Page, new byte[Page]);
        for (int page = 0; page < 50; page++)
        {
            file.Read(page * Page, read);
            FileContents.Fill(file.Id, page, expected);
            Assert.Equal(page == 20 ? new byte[Page] : expected, read);
        }

        while (file.CachedPages > 0)
        {
            machine.Reclaim(32);
        }

        Assert.Equal((50L, 1L), (machine.Statistics.FilePagesDropped, machine.Statistics.FileWrites));
        file.Read(20 * Page, read);
        Assert.Equal(new byte[Page], read);
        file.Read(21 * Page, read);
        Assert.Equal(2, machine.Statistics.Refaults);
        Holds(machine);
    }

    [Fact]
    public void PrivateMappingsOfAFileCopyWhatTheyWrite()
    {
        LinuxMachine machine = TestMachine.New();
        SharedFile file = machine.OpenFile(2 * Page);
        Process process = machine.Start("test");
        ulong own = process.Map(file, 2 * Page, Plain, isShared: false);
        ulong shared = process.Map(file, 2 * Page, Plain, isShared: true);
        ulong first = process.Load(shared);

        process.Store(own, first + 1);
        Assert.Equal(first, process.Load(shared));

        process.Store(shared + Page, 123);
        byte[] read = new byte[8];
        file.Read(Page, read);
        Assert.Equal(123, read[0]);
        Assert.Equal(123UL, process.Load(own + Page));
        ulong behind = process.Map(file, 4 * Page, Plain, isShared: true);
        Assert.Equal(SignalCode.BusError, Assert.Throws<SignalException>(() => process.Load(behind + (3 * Page))).Signal.Code);
        Holds(machine);
    }

    [Fact]
    public void WhoWantsMoreThanThereIsIsKilled()
    {
        LinuxMachine machine = TestMachine.New(swapPages: 64);
        Process small = machine.Start("small");
        ulong kept = small.Map(20 * Page, Plain);
        small.Populate(kept, 20 * Page);
        Process greedy = machine.Start("greedy");
        ulong at = greedy.Map(4000L * Page, Plain);

        Assert.Equal(SignalCode.OutOfMemory, Assert.Throws<SignalException>(() => greedy.Populate(at, 4000L * Page)).Signal.Code);

        Assert.Equal(1, machine.Statistics.OomKills);
        Assert.True(greedy.HasEnded);
        Assert.Equal(0UL, small.Load(kept));
        Holds(machine);
    }

    [Fact]
    public void HugePagesAreMappedWholeAndSplitWhenTheyMustBe()
    {
        LinuxMachine machine = TestMachine.New("flat 64 MiB", huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(1024 * Page, Tagged);
        process.Store(at, 1);
        process.StoreTag(Process.Tagged(at + (300 * Page), 5));
        process.Store(at + (300 * Page), 2);

        Assert.Equal((1L, 512), (machine.Statistics.HugeFaults, process.ResidentPages));
        Assert.Equal(16, machine.Memory.Blocks.ReservedBlocks - 1);
        Holds(machine);

        process.Unmap(at, 10 * Page);
        Assert.Equal((1L, 502), (machine.Statistics.SplitFolios, process.ResidentPages));
        Assert.Equal((2UL, 5), (process.Load(at + (300 * Page)), process.LoadTag(at + (300 * Page))));
        Holds(machine);
    }

    [Fact]
    public void HugePagesAreSharedAtForkAndCopiedPageByPage()
    {
        LinuxMachine machine = TestMachine.New("flat 64 MiB", huge: true);
        Process parent = machine.Start("parent");
        ulong at = parent.Map(512 * Page, Plain);
        parent.Store(at, 1);
        Process child = parent.Fork()!;

        child.Store(at + Page, 2);

        Assert.Equal(0UL, parent.Load(at + Page));
        Assert.Equal(1UL, child.Load(at));
        parent.Store(at, 3);
        Assert.Equal(1UL, child.Load(at));
        Holds(machine);
    }

    [Fact]
    public void UntouchedHugeRangesShareTheHugePageOfZeros()
    {
        LinuxMachine machine = TestMachine.New("flat 64 MiB", huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(1024 * Page, Plain);

        Assert.Equal(0UL, process.Load(at + Page) + process.Load(at + (700 * Page)));
        Assert.Equal(0, process.ResidentPages);
        process.Store(at + Page, 4);
        Assert.Equal(4UL, process.Load(at + Page));
        Assert.Equal(0UL, process.Load(at + (700 * Page)));
        Holds(machine);
    }

    [Fact]
    public void CompactionMakesRoomForHugePages()
    {
        LinuxMachine machine = TestMachine.New("flat 64 MiB", huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(20_000L * Page, Plain);
        process.AdviseHugePages(at, 20_000L * Page, wanted: false);
        process.Populate(at, 14_000L * Page);
        for (ulong page = 0; page < 14_000; page++)
        {
            if (page % 3 != 0)
            {
                process.Discard(at + (page * Page), Page);
            }
        }

        machine.Memory.DrainAll();
        for (int run = 0; run < 100; run++)
        {
            machine.Compact(order: 9);
        }

        Assert.True(machine.Statistics.CompactedPages > 0);
        Assert.Contains(machine.Memory.Zones, zone => zone.FreeFrames > 512);
        Holds(machine);
    }
}
