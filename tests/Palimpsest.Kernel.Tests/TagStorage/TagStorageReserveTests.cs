using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage;

/// <summary>
/// References are counted by page: a tagged folio adds one for each of its pages to just the blocks that hold their
/// tags, and frees in any order, of the whole or of parts, give back just these.
/// </summary>
public sealed class TagStorageReserveTests
{
    private const int Page = 4096;

    // Block accounting of the proposal as intended: block frames, order, blocks touched, references added to each.
    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 4, 1, 16)]
    [InlineData(1, 5, 1, 32)]
    [InlineData(1, 9, 16, 32)]
    [InlineData(2, 6, 1, 64)]
    [InlineData(2, 9, 8, 64)]
    [InlineData(4, 5, 1, 32)]
    public void AFolioRefersToTheBlocksOfItsPages(int blockFrames, int order, int blocksTouched, int references)
    {
        MemorySystem system = Machine(blockFrames);
        Frame frame = Tagged(system, order);

        int[] touched = [.. Blocks(system).Where(block => system.Blocks.ReferencesOf(new BlockId(block)) > 0)];

        Assert.Equal(blocksTouched, touched.Length);
        Assert.All(touched, block => Assert.Equal(references, system.Blocks.ReferencesOf(new BlockId(block))));
        Assert.All(touched, block => Assert.Equal(TagBlockState.Reserved, system.Blocks.StateOf(new BlockId(block))));
        Assert.Equal(blocksTouched * blockFrames, system.Blocks.ReservedFrames);
        Assert.Equal(system.Blocks.BlockOf(frame).Index, touched[0]);
        Assert.Empty(system.Audit());

        system.Free(frame, CpuId.Boot);

        Assert.Equal(0, system.Blocks.ReservedFrames);
        Assert.Empty(system.Audit());
    }

    // R26: one reference for a whole folio would release a block at the first of 32 frees.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 511)]
    [InlineData(1, 77)]
    [InlineData(2, 333)]
    [InlineData(4, 255)]
    public void AHugePageSplitAndFreedInAnyOrderBalances(int blockFrames, int stride)
    {
        MemorySystem system = Machine(blockFrames);
        Frame frame = Tagged(system, 9);
        system.Frames.Split(frame, owner: 1);
        for (int done = 0; done < 512; done++)
        {
            Assert.Equal(512 - done, system.TaggedFrames);
            Frame part = frame + (done * stride % 512);
            BlockId block = system.Blocks.BlockOf(part);
            int references = system.Blocks.ReferencesOf(block);
            system.Free(part, CpuId.Boot);

            Assert.Equal(references - 1, system.Blocks.ReferencesOf(block));
            Assert.Equal(references == 1, system.Blocks.StateOf(block) == TagBlockState.Lent);
        }

        system.DrainAll();
        Assert.Equal(0, system.Blocks.ReservedFrames);
        Assert.Empty(system.Audit());
    }

    // R25: B = 2, order 6 at offset 0 needs block 0 alone.
    [Fact]
    public void NoNeighboursBlockIsReserved()
    {
        MemorySystem system = Machine(2);
        Tagged(system, 6);

        Assert.Equal(1, system.Blocks.ReservedBlocks);
    }

    [Fact]
    public void ABlockIsSharedUntilItsLastTaggedPageIsFreed()
    {
        MemorySystem system = Machine(1);
        Frame first = Tagged(system, 0);
        Frame second = Tagged(system, 0);
        Assert.Equal(system.Blocks.BlockOf(first).Index, system.Blocks.BlockOf(second).Index);
        Assert.Equal(1, system.Counters.AlreadyReserved);

        system.Free(first, CpuId.Boot);
        Assert.Equal(1, system.Blocks.ReservedBlocks);

        system.Free(second, CpuId.Boot);
        Assert.Equal(0, system.Blocks.ReservedBlocks);
        Assert.Equal(1, system.Counters.ReleasedBlocks);
    }

    [Fact]
    public void AGuestMovesOutWhenItsBlockIsNeeded()
    {
        Tenants tenants = new();
        MemorySystem system = Machine(1, owners: tenants);
        Frame guest = Occupy(system, tenants, Storage(system), isMovable: true);
        Frame frame = Tagged(system, 0, block: new BlockId(0));

        Assert.Equal(0, system.Blocks.BlockOf(frame).Index);
        Assert.NotEqual(guest.Index, tenants.All.Single().Frame.Index);
        Assert.Equal(1, system.Counters.ReservedByMigration);
        Assert.Equal(FrameState.Held, system.Frames[Storage(system)].State);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void APinnedGuestStaysAndTheNextPageIsTried()
    {
        Tenants tenants = new();
        MemorySystem system = Machine(1, owners: tenants);
        system.Pin(Occupy(system, tenants, Storage(system), isMovable: true));

        AllocationResult result = Allocate(system, 0, isTagged: true, block: new BlockId(0));

        // RFC v1 and v2: as if no page had been found.
        Assert.Equal(AllocationOutcome.NoMemory, result.Outcome);
        Assert.Equal(5, system.Counters.FailedReservations);
        Assert.Equal(1, system.Counters.FailedAllocations);
        Assert.Equal(0, system.Blocks.ReservedBlocks);
        Assert.Equal(0, system.TaggedFrames);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void AFailureHalfWayDropsTheBlocksThatWereHad()
    {
        Tenants tenants = new();
        MemorySystem system = Machine(1, owners: tenants);
        Frame folio = Allocate(system, 9, isTagged: false).Frame;
        (Frame busy, _) = system.Blocks.StorageOf(system.Blocks.BlockOf(folio + 300));
        Assert.True(system.TryOccupy(busy, tenants.NewOwner(0), isMovable: true));
        system.Pin(busy);
        system.Pin(folio);

        Assert.False(system.TryTag(folio, CpuId.Boot));

        Assert.Equal(0, system.Blocks.ReservedBlocks);
        Assert.All(Blocks(system), block => Assert.Equal(0, system.Blocks.ReferencesOf(new BlockId(block))));
        Assert.Empty(system.Audit());
    }

    // Blocks of three frames, so that a folio shares its first and its last with its neighbours.
    [Fact]
    public void AFailureHalfWayDropsTheReferencesOnPresentBlocksAhead()
    {
        Tenants tenants = new();
        MemorySystem system = Machine(3, owners: tenants);
        Frame folio = Allocate(system, 9, isTagged: false).Frame;
        Frame behind = folio + 512;
        Occupy(system, tenants, behind, isMovable: true);
        Assert.True(system.TryTag(behind, CpuId.Boot));
        int shared = system.Blocks.BlockOf(behind).Index;
        Assert.Equal(shared, system.Blocks.BlockOf(folio + 511).Index);
        (Frame busy, _) = system.Blocks.StorageOf(system.Blocks.BlockOf(folio + 300));
        Assert.True(system.TryOccupy(busy, tenants.NewOwner(0), isMovable: true));
        system.Pin(busy);
        system.Pin(folio);

        Assert.False(system.TryTag(folio, CpuId.Boot));

        Assert.Equal(1, system.Blocks.ReferencesOf(new BlockId(shared)));
        Assert.Empty(system.Audit());
        system.Free(behind, CpuId.Boot);
        Assert.Equal(TagBlockState.Lent, system.Blocks.StateOf(new BlockId(shared)));
    }

    [Fact]
    public void TagsAreInvalidatedBeforeTheStorageIsLent()
    {
        MemorySystem system = Machine(1);
        Frame frame = Tagged(system, 0);

        // A page of tags fills 128 bytes: two lines of 64, each the tags of 2 KiB. Its storage is 64 lines of data.
        Assert.Equal(Page / 64, system.Counters.DataLinesInvalidated);

        system.Free(frame, CpuId.Boot);
        Assert.Equal(2, system.Counters.TagLinesInvalidated);
    }

    // The destination of a folio in tag storage may need the very frame that the folio is in.
    [Theory]
    [InlineData("CMA")]
    [InlineData("migratetype")]
    [InlineData("free area")]
    [InlineData("zone")]
    [InlineData("node")]
    public void AGuestThatIsTaggedMovesToAPageWhoseTagsAreElsewhere(string home)
    {
        Tenants tenants = new();
        MemorySystem system = Machine(1, home, tenants);
        Frame storage = Storage(system);
        (Frame covered, int count) = system.Blocks.CoverOf(new BlockId(0));
        Occupy(system, tenants, storage, isMovable: true);
        // All memory is in use but the pages whose tags would be in the guest's own frame, and a few others.
        for (Frame frame = new(0); frame < storage; frame++)
        {
            if (frame < covered || frame >= covered + count + 4)
            {
                Occupy(system, tenants, frame, isMovable: true);
            }
        }

        Tenant guest = tenants.All.First();
        bool done = system.TryTag(guest.Frame, CpuId.Boot);

        Tenant after = tenants.All.Single(tenant => tenant.Owner == guest.Owner);
        Assert.Equal(done, system.Frames[after.Frame].Has(FrameFlags.Tagged));
        Assert.True(!done || system.Blocks.BlockOf(after.Frame).Index == 1);
        Assert.Empty(system.Audit());
    }

    // The folio covers the end of its memory and the beginning of the storage of that memory.
    [Fact]
    public void AFolioThatReachesIntoItsOwnStorageIsNotMovedFromUnderItsReservation()
    {
        Tenants tenants = new();
        MemoryLayout layout = TestBoards.Layout("storage amid memory");
        MemorySystem system = new(layout, new PlainDesign(new Ordinary()) { Tagging = ReservationVerdict.Required }, new MachineOptions(1),
            tenants);
        Frame folio = Frame.None;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            int owner = tenants.NewOwner(10);
            Frame frame = system
                .Allocate(new AllocationRequest(GfpFlags.HighUserMovable, new Order(10), CpuId.Boot, IsTagged: false, owner)).Frame;
            if (!frame.IsNone)
            {
                tenants.Enter(new Tenant(owner, frame, Order: 10, IsMovable: true, IsPinned: false, IsTagged: false));
                folio = frame.Index == 1024 ? frame : folio;
            }
        }

        Assert.Equal(1024, folio.Index);
        foreach (Tenant other in tenants.All.Where(tenant => tenant.Frame != folio).ToList())
        {
            tenants.Leave(other);
            system.Free(other.Frame, CpuId.Boot);
        }

        Assert.False(system.TryTag(folio, CpuId.Boot));

        tenants.Check(system);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void TakingEverythingReservesAllBlocksForEver()
    {
        MemoryLayout layout = TestBoards.OneBank(new PageGeometry(Page, 5), 0x4000_0000, 8 << 20, Page);
        MemorySystem system = new(layout, new PlainDesign(new Cma(candidates: 16)) { Tagging = ReservationVerdict.TakeEverything },
            new MachineOptions(1));
        Frame frame = Tagged(system, 0);

        Assert.Equal(system.Blocks.Count, system.Blocks.ReservedBlocks);

        system.Free(frame, CpuId.Boot);

        Assert.Equal(system.Blocks.Count, system.Blocks.ReservedBlocks);
        Assert.Equal(0, system.Counters.ReleasedBlocks);
        Assert.Empty(system.Audit());
    }

    private static IEnumerable<int> Blocks(MemorySystem system) => Enumerable.Range(0, system.Blocks.Count);

    private static Frame Storage(MemorySystem system) => system.Blocks.StorageOf(new BlockId(0)).First;

    // Small pageblocks, so that a tagged order 9 is not a per-CPU order.
    private static MemorySystem Machine(int blockFrames, string home = "CMA", Tenants? owners = null) => new(
        TestBoards.OneBank(new PageGeometry(Page, 5), 0x4000_0000, 8 << 20, (ulong)(blockFrames * Page)),
        new PlainDesign(TestHomes.Home(home)), new MachineOptions(1), owners);

    private static Frame Occupy(MemorySystem system, Tenants tenants, Frame frame, bool isMovable)
    {
        int owner = tenants.NewOwner(order: 0);
        if (system.TryOccupy(frame, owner, isMovable))
        {
            tenants.Enter(new Tenant(owner, frame, Order: 0, isMovable, IsPinned: false, IsTagged: false));
        }

        return frame;
    }

    private static Frame Tagged(MemorySystem system, int order, BlockId? block = null)
    {
        AllocationResult result = Allocate(system, order, isTagged: true, block);
        Assert.Equal(AllocationOutcome.Done, result.Outcome);
        return result.Frame;
    }

    /// <param name="block">Occupies all memory that this block does not cover first.</param>
    private static AllocationResult Allocate(MemorySystem system, int order, bool isTagged, BlockId? block = null)
    {
        if (block is { } wanted)
        {
            (Frame covered, int count) = system.Blocks.CoverOf(wanted);
            for (Frame frame = new(0); frame < Storage(system); frame++)
            {
                // A page elsewhere stays free for a guest to move to, in a block that is pinned down.
                if (frame < covered || frame >= covered + count)
                {
                    system.TryOccupy(frame, owner: 1 << 20, isMovable: false);
                }
            }
        }

        return system.Allocate(new AllocationRequest(GfpFlags.HighUserMovable, new Order(order), CpuId.Boot, isTagged, Owner: 1 << 21));
    }
}
