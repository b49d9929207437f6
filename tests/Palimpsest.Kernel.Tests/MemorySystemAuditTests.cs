using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests;

/// <summary>Seeded bugs: one field is made wrong, and the audit must name the law. An audit that finds nothing proves nothing.</summary>
public sealed class MemorySystemAuditTests
{
    private readonly MemorySystem _system;
    private readonly Frame _tagged;
    private readonly Frame _plain;
    private readonly Frame _guest;
    private readonly Frame _free;

    public MemorySystemAuditTests()
    {
        MemoryLayout layout = TestBoards.OneBank(new PageGeometry(4096, 5), 0x4000_0000, 8 << 20, 4096);
        _system = new MemorySystem(layout, new PlainDesign(new Cma(candidates: 16)), new MachineOptions(2));
        _tagged = Allocate(GfpFlags.HighUserMovable, 3, isTagged: true);
        _plain = Allocate(GfpFlags.KernelDefault, 2, isTagged: false);
        _guest = new Frame(layout.Storage[0].FirstFrame + 40);
        Assert.True(_system.TryOccupy(_guest, owner: 9, isMovable: true));
        _system.Free(Allocate(GfpFlags.HighUserMovable, 0, isTagged: false), CpuId.Boot);
        _free = new Frame(Enumerable.Range(0, _system.Frames.Count)
            .First(frame => _system.Frames[new Frame(frame)].State == FrameState.Free));
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void AFrameInTwoStatesBreaksFrame1()
    {
        _system.Frames[_plain + 1].Become(FrameState.Allocated, 0);

        Finds("FRAME-1", $"frame {_plain + 1} is Allocated inside a chunk");
    }

    [Fact]
    public void AFrameInNoStateBreaksFrame1()
    {
        _system.Frames[_plain].Become(FrameState.Allocated, 1);

        Finds("FRAME-1", $"frame {_plain + 2} is covered by nothing");
    }

    [Fact]
    public void AHeadThatIsNotAlignedBreaksFrame1()
    {
        _system.Frames[_plain + 1].Become(FrameState.Allocated, 1);

        Finds("FRAME-1", "not aligned");
    }

    [Fact]
    public void AFreeFrameOnNoListBreaksBuddy1()
    {
        _system.Frames.Remove(_free);

        Finds("BUDDY-1", "on lists, counter");
    }

    [Fact]
    public void AFrameInUseOnAListBreaksBuddy1()
    {
        _system.Frames[_free].Become(FrameState.Allocated, _system.Frames[_free].Order);

        Finds("BUDDY-1", $"frame {_free} (Allocated");
    }

    [Fact]
    public void AListInALoopBreaksBuddy1()
    {
        Frame only = new(Enumerable.Range(0, _system.Frames.Count)
            .First(frame => _system.Frames[new Frame(frame)].State == FrameState.Free
                && _system.Frames[new Frame(frame)].Next >= _system.Frames.Count));
        _system.Frames[only].Next = only.Index;

        Finds("BUDDY-1", "does not end");
    }

    [Fact]
    public void AWrongCounterBreaksBuddy1()
    {
        _system.Zones[0].FreeFrames++;

        Finds("BUDDY-1", "free frames on lists");
    }

    [Fact]
    public void AWrongCmaCounterBreaksBuddy1()
    {
        _system.Zones[0].FreeCmaFrames--;

        Finds("BUDDY-1", "free CMA frames");
    }

    [Fact]
    public void AWrongStorageCounterBreaksBuddy1()
    {
        _system.Zones[0].FreeStorageFrames--;

        Finds("BUDDY-1", "free storage frames");
    }

    [Fact]
    public void AWrongChunkCountBreaksBuddy1()
    {
        _system.Zones[0].Chunks(StorageSets.Data, 4)++;

        Finds("BUDDY-1", "order 4");
    }

    [Fact]
    public void AWrongPerCpuCountBreaksBuddy1()
    {
        _system.Zones[0].PerCpu[1].State.Count++;

        Finds("BUDDY-1", "per-CPU lists, counter");
    }

    [Fact]
    public void AFrameLostOnItsWayToAPerCpuListBreaksBuddy1()
    {
        _system.Frames[_plain].Become(FrameState.PerCpu, 2);

        Finds("BUDDY-1", "in that state");
    }

    [Fact]
    public void FreeBuddiesApartBreakBuddy1()
    {
        int order = _system.Frames[_free].Order;
        Frame other = _free.BuddyAt(order);
        _system.Frames[other].Become(FrameState.Free, order);

        Finds("BUDDY-1", "not merged");
    }

    [Fact]
    public void ATaggedPageWithoutStorageBreaksTag1()
    {
        _system.Frames[_tagged].Clear(FrameFlags.StorageReserved);

        Finds("TAG-1", $"frame {_tagged} is tagged without storage");
    }

    [Fact]
    public void ATaggedPageWhoseBlockIsLentBreaksTag1()
    {
        _system.Blocks.Become(_system.Blocks.BlockOf(_tagged), TagBlockState.Lent);

        Finds("TAG-1", "which is not reserved");
    }

    [Fact]
    public void DataInAReservedBlockBreaksTag1()
    {
        _system.Frames[_system.Blocks.StorageOf(_system.Blocks.BlockOf(_tagged)).First].Become(FrameState.Allocated, 0);

        Finds("TAG-1", "is Allocated");
    }

    [Fact]
    public void AReferenceTooManyBreaksTag2()
    {
        _system.Blocks.AddReferences(_system.Blocks.BlockOf(_tagged), 1);

        Finds("TAG-2", "8 tagged frames and 9 references");
    }

    [Fact]
    public void ATaggedFrameThatIsNotCountedBreaksTag2()
    {
        _system.Frames[_tagged].Clear(FrameFlags.Tagged);

        Finds("TAG-2", "tagged frames, counter");
    }

    [Fact]
    public void AGuestThatIsNotCountedBreaksTag2()
    {
        _system.Frames[_plain].Set(FrameFlags.TagStorage);

        Finds("TAG-2", "lent frames in use, counter");
    }

    [Fact]
    public void ATaggedPageInTagStorageBreaksTag3()
    {
        _system.Frames[_guest].Set(FrameFlags.Tagged | FrameFlags.StorageReserved);

        Finds("TAG-3", $"frame {_guest} cannot have tags");
    }

    [Fact]
    public void AnUnmovableGuestBreaksPin1()
    {
        _system.Frames[_guest].Clear(FrameFlags.Movable);

        Finds("PIN-1", $"frame {_guest} of tag storage");
    }

    private void Finds(string law, string words) =>
        Assert.Contains(_system.Audit(), violation => violation.Law == law && violation.Message.Contains(words, StringComparison.Ordinal));

    private Frame Allocate(GfpFlags gfp, int order, bool isTagged) =>
        _system.Allocate(new AllocationRequest(gfp, new Order(order), Cpu: CpuId.Boot, isTagged, Owner: 1)).Frame;
}
