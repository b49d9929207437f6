using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage;

/// <summary>One first access, whoever runs: what the design says of busy storage is asked there, and nowhere else.</summary>
public sealed class FirstAccessTests
{
    private readonly MemoryLayout _layout = TestBoards.OneBank(new PageGeometry(4096, 5), 0x4000_0000, 8 << 20, 4096);

    [Theory]
    [InlineData(BusyVerdict.MoveData, true)]
    [InlineData(BusyVerdict.FaultAgain, false)]
    public void BusyStorageIsTheDesignsBusiness(BusyVerdict verdict, bool moves)
    {
        CountingDesign design = new(verdict);
        Tenants tenants = new();
        MemorySystem system = new(_layout, design, new MachineOptions(1), tenants);
        Tenant page = InUse(system, tenants);
        PinStorageOf(system, tenants, page.Frame);

        bool done = system.TryTag(page.Frame, cpu: CpuId.Boot);

        Assert.Equal(moves, done);
        Assert.Equal(1, design.Asked);
        Tenant after = tenants.All.Single(tenant => tenant.Owner == page.Owner);
        Assert.Equal(moves, after.Frame != page.Frame);
        Assert.Equal(moves, system.Frames[after.Frame].Has(FrameFlags.Tagged));
        Assert.Equal(moves ? 1 : 0, system.Counters.ReplacedPages);
        Assert.Equal(moves ? 0 : 1, system.Counters.RefusedTagged);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void FreeStorageIsTakenWithoutAsking()
    {
        CountingDesign design = new(BusyVerdict.FaultAgain);
        Tenants tenants = new();
        MemorySystem system = new(_layout, design, new MachineOptions(1), tenants);
        Tenant page = InUse(system, tenants);

        Assert.True(system.TryTag(page.Frame, cpu: CpuId.Boot));

        Assert.Equal(0, design.Asked);
        Assert.Equal(1, system.Counters.ReservedFree);
        Assert.Equal(0, system.Counters.TagMigratedFrames);
    }

    [Fact]
    public void APageOfTagStorageMovesWithoutAsking()
    {
        CountingDesign design = new(BusyVerdict.FaultAgain);
        Tenants tenants = new();
        MemorySystem system = new(_layout, design, new MachineOptions(1), tenants);
        Frame storage = new(system.Layout.Storage[0].FirstFrame);
        int owner = tenants.NewOwner(0);
        Assert.True(system.TryOccupy(storage, owner, isMovable: true));
        tenants.Enter(new Tenant(owner, storage, Order: 0, IsMovable: true, IsPinned: false, IsTagged: false));

        Assert.True(system.TryTag(storage, cpu: CpuId.Boot));

        Assert.Equal(0, design.Asked);
        Assert.False(system.Frames[tenants.All.Single().Frame].Has(FrameFlags.TagStorage));
    }

    [Fact]
    public void AnAllocationThatIsHandedOutWithoutStorageIsTaggedByItsFirstAccess()
    {
        Tenants tenants = new();
        CountingDesign design = new(BusyVerdict.MoveData);
        MemorySystem system = new(_layout, design, new MachineOptions(1), tenants);
        Tenant first = InUse(system, tenants);
        Frame storage = system.Blocks.StorageOf(system.Blocks.BlockOf(first.Frame)).First;
        int guest = tenants.NewOwner(0);
        Assert.True(system.TryOccupy(storage, guest, isMovable: true));
        system.Pin(storage);
        int owner = tenants.NewOwner(0);

        AllocationResult result = system
            .Allocate(new AllocationRequest(GfpFlags.HighUserMovable, Order.Zero, CpuId.Boot, IsTagged: true, owner));
        tenants.Enter(new Tenant(owner, result.Frame, Order: 0, IsMovable: true, IsPinned: false, IsTagged: false));
        system.Free(storage, cpu: CpuId.Boot);

        Assert.Equal(AllocationOutcome.Untagged, result.Outcome);
        Assert.Equal(0, design.Asked);
        Assert.True(system.TryTag(result.Frame, cpu: CpuId.Boot));
        Assert.Equal(1, system.TaggedFrames);
        Assert.Empty(system.Audit());
    }

    private static Tenant InUse(MemorySystem system, Tenants tenants)
    {
        int owner = tenants.NewOwner(0);
        Frame frame = system
            .Allocate(new AllocationRequest(GfpFlags.HighUserMovable, Order.Zero, CpuId.Boot, IsTagged: false, owner)).Frame;
        Tenant page = new(owner, frame, Order: 0, IsMovable: true, IsPinned: false, IsTagged: false);
        tenants.Enter(page);
        return page;
    }

    private static void PinStorageOf(MemorySystem system, Tenants tenants, Frame frame)
    {
        BlockId block = system.Blocks.BlockOf(frame);
        Frame storage = system.Blocks.StorageOf(block).First;
        Assert.True(system.TryOccupy(storage, tenants.NewOwner(0), isMovable: true));
        system.Pin(storage);
        // Free neighbours would be tried first, and need the same storage.
        (Frame first, int count) = system.Blocks.CoverOf(block);
        for (Frame covered = first; covered < first + count; covered++)
        {
            system.TryOccupy(covered, tenants.NewOwner(0), isMovable: false);
        }
    }

    private sealed class CountingDesign(BusyVerdict verdict) : Design
    {
        public int Asked { get; private set; }

        public override StorageHome Home { get; } = new Cma(candidates: 16);

        public override AllocationVerdict OnAllocation(in AllocationView view) =>
            AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

        public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.BestEffort;

        public override BusyVerdict OnStorageBusy(in TaggedView view)
        {
            Asked++;
            return verdict;
        }
    }
}
