using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>What system calls do to addresses, and what a process gets that goes astray.</summary>
public sealed class MappingTests
{
    private readonly LinuxMachine _machine = TestMachine.New();
    private readonly Process _process;

    public MappingTests() => _process = _machine.Start("test");

    [Fact]
    public void ReadsShareThePageOfZerosUntilTheFirstWrite()
    {
        ulong at = _process.Map(2 * Page, Plain);

        Assert.Equal(0UL, _process.Load(at));
        Assert.Equal(0UL, _process.Load(at + Page));
        Assert.Equal(FrameOf(_machine, _process, at).Index, FrameOf(_machine, _process, at + Page).Index);
        Assert.Equal(0, _process.ResidentPages);

        _process.Store(at, 7);

        Assert.Equal(1, _process.ResidentPages);
        Assert.Equal(7UL, _process.Load(at));
        Assert.Equal(0UL, _process.Load(at + Page));
        Holds(_machine);
    }

    [Fact]
    public void UnmappedMemoryIsGoneAndFree()
    {
        int free = _machine.Memory.Zones.Sum(zone => zone.FreeFrames);
        ulong at = _process.Map(64 * Page, Plain);
        _process.Populate(at, 64 * Page);
        _process.Unmap(at, 64 * Page);
        _machine.Memory.DrainAll();

        Assert.Equal(free, _machine.Memory.Zones.Sum(zone => zone.FreeFrames));
        Assert.Equal(SignalCode.MapError, Assert.Throws<SignalException>(() => _process.Load(at)).Signal.Code);
        Holds(_machine);
    }

    [Fact]
    public void AHoleCanBeCutOutOfAnArea()
    {
        ulong at = _process.Map(3 * Page, Plain);
        _process.Write(at, new byte[3 * Page].Select(_ => (byte)9).ToArray());
        _process.Unmap(at + Page, Page);

        Assert.Equal(9UL, _process.Load(at + Page - 8) & 0xFF);
        Assert.Equal(9UL, _process.Load(at + (2 * Page)) & 0xFF);
        Assert.Throws<SignalException>(() => _process.Load(at + Page));
    }

    [Fact]
    public void RightsAreKept()
    {
        ulong at = _process.Map(Page, Plain);
        _process.Store(at, 1);
        Assert.True(_process.Protect(at, Page, Protection.Read));

        Signal signal = Assert.Throws<SignalException>(() => _process.Store(at, 2)).Signal;

        Assert.Equal(new Signal(SignalCode.AccessError, at), signal);
        Assert.Equal(1UL, _process.Load(at));
        Assert.Equal([signal], _process.Signals);

        Assert.True(_process.Protect(at, Page, Protection.None));
        Assert.Throws<SignalException>(() => _process.Load(at));
        Assert.True(_process.Protect(at, Page, Plain));
        Assert.Equal(1UL, _process.Load(at));
    }

    [Fact]
    public void TheBreakGrowsAndShrinks()
    {
        ulong start = _process.SetBreak(3 * Page);
        _process.Store(start + (2 * Page), 5);
        _process.SetBreak(Page);

        Assert.Throws<SignalException>(() => _process.Load(start + (2 * Page)));

        _process.SetBreak(3 * Page);
        Assert.Equal(0UL, _process.Load(start + (2 * Page)));
        Holds(_machine);
    }

    [Fact]
    public void MovedMemoryKeepsBytesAndTags()
    {
        ulong at = _process.Map(4 * Page, Tagged);
        _process.StoreTag(Process.Tagged(at + Page, 6));
        _process.Store(at + Page, 77);

        ulong moved = _process.Move(at, 4 * Page, 8 * Page);

        Assert.NotEqual(0UL, moved);
        Assert.Equal(77UL, _process.Load(moved + Page));
        Assert.Equal(6, _process.LoadTag(moved + Page));
        Assert.Equal(0UL, _process.Load(moved + (7 * Page)));
        Assert.Throws<SignalException>(() => _process.Load(at));
        Holds(_machine);
    }

    [Fact]
    public void DiscardedMemoryReadsAsZerosWithZeroTags()
    {
        ulong at = _process.Map(Page, Tagged);
        _process.StoreTag(Process.Tagged(at, 3));
        _process.Store(at, 8);

        _process.Discard(at, Page);

        Assert.Equal(0UL, _process.Load(at));
        Assert.Equal(0, _process.LoadTag(at));
        Holds(_machine);
    }

    [Fact]
    public void LazilyFreedMemoryIsDroppedUnlessItIsWritten()
    {
        ulong at = _process.Map(2 * Page, Plain);
        _process.Store(at, 1);
        _process.Store(at + Page, 2);
        _process.FreeLazily(at, 2 * Page);
        _process.Store(at + Page, 3);

        for (int round = 0; round < 4; round++)
        {
            _machine.Reclaim(64);
        }

        Assert.Equal(1, _machine.Statistics.LazyPagesDropped);
        Assert.Equal(0UL, _process.Load(at));
        Assert.Equal(3UL, _process.Load(at + Page));
        Holds(_machine);
    }

    [Fact]
    public void AProcessThatEndsLeavesNothing()
    {
        int free = _machine.Memory.Zones.Sum(zone => zone.FreeFrames);
        ulong at = _process.Map(200 * Page, Tagged);
        _process.Populate(at, 200 * Page);
        _machine.Reclaim(100);
        _process.Pin(at + (199 * Page));

        _process.Exit();
        _machine.Memory.DrainAll();

        Assert.True(_process.HasEnded);
        Assert.Empty(_machine.Processes);
        Assert.Equal(free, _machine.Memory.Zones.Sum(zone => zone.FreeFrames));
        Assert.Throws<SignalException>(() => _process.Load(at));
        Holds(_machine);
    }

    [Theory]
    [InlineData(16 << 10)]
    [InlineData(64 << 10)]
    public void ATaggedAddressNamesItsPageWhateverItsSize(int pageBytes)
    {
        LinuxMachine machine = New(TestBoards.Flat(256 << 20, PageGeometry.For(pageBytes)), Safeguards.None);
        Process process = machine.Start("test");
        ulong at = process.Map(pageBytes, Tagged);
        process.StoreTag(Process.Tagged(at, 5));

        Assert.True(machine.Migrate(process, Process.Tagged(at, 5)));

        Assert.Equal(5, process.LoadTag(at));
        Assert.Equal(1, machine.Counters.MigratedFolios);
    }

    [Fact]
    public void PlaceCanRunOut() =>
        Assert.Throws<InputException>(() => _process.Map(1L << 40, Plain));

    // What was written through a mapping is in the file, though the page was moved and thrown out since.
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void AWriteToAFileSurvivesAMoveAndAnUnmapping(bool isMoved, bool isUnmapped)
    {
        SharedFile file = _machine.OpenFile(4 * Page);
        ulong at = _process.Map(file, 4 * Page, Plain, isShared: true);
        _process.Store(at + Page, 77);
        if (isMoved)
        {
            Assert.True(_machine.Migrate(_process, at + Page));
        }

        if (isUnmapped)
        {
            _process.Unmap(at, 4 * Page);
        }

        _machine.Reclaim(pages: 64);

        Assert.Equal(0, file.CachedPages);
        Assert.Equal(1, _machine.Statistics.FileWrites);
        byte[] read = new byte[1];
        file.Read(Page, read);
        Assert.Equal(77, read[0]);
        Holds(_machine);
    }
}
