using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using static Palimpsest.Machine.Tests.Cores.SmallCore;

namespace Palimpsest.Machine.Tests.Cores;

public sealed class CoreTests
{
    private readonly SmallCore _small = new();

    private Core Core => _small.Core;

    [Fact]
    public void WhatIsNotMappedFaults()
    {
        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: false, Absent + 8), Core.Load64(Absent + 8, out _));
        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: true, Absent + 8), Core.Store64(Absent + 8, 1));
        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: false, Absent), Core.Ldgm(Absent, out _));
    }

    [Fact]
    public void AReadOnlyPageIsReadOnly()
    {
        _small.Memory.Store64(7, 16, 5);

        Assert.True(Core.Load64(ReadOnly + 16, out ulong value).IsNone);
        Assert.Equal(5UL, value);
        Assert.Equal(new AccessFault(FaultKind.Permission, IsWrite: true, ReadOnly + 16), Core.Store64(ReadOnly + 16, 1));
        Assert.Equal(FaultKind.Permission, Core.Stg(ReadOnly, 0).Kind);
        Assert.Equal(FaultKind.Permission, Core.WriteUnchecked(ReadOnly, [1]).Kind);
        Assert.Equal(5UL, _small.Memory.Load64(7, 16));
    }

    [Fact]
    public void ACrossingStoreThatCannotBeDoneAsAWholeIsNotDone()
    {
        ulong last = Plain + 4096 - 4;

        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: true, Plain + 4096), Core.Store64(last, ulong.MaxValue));
        Assert.Equal(0UL, _small.Memory.Load64(6, 4088));
        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: true, Plain + 4096), Core.Write(last, new byte[] { 1, 2, 3, 4, 5 }));
        Assert.Equal(0x0403_0201_0000_0000UL, _small.Memory.Load64(6, 4088));
    }

    [Theory]
    [InlineData(TagFaultMode.None, false, false)]
    [InlineData(TagFaultMode.Synchronous, true, false)]
    [InlineData(TagFaultMode.Asynchronous, false, true)]
    [InlineData(TagFaultMode.Asymmetric, false, true)]
    public void AStoreWithAWrongTag(TagFaultMode mode, bool isAborted, bool isNoted)
    {
        Core.Registers.Tcf0 = mode;
        ulong address = With(4, Tagged + 32);

        AccessFault fault = Core.Store64(address, 77);

        Assert.Equal(isAborted ? new AccessFault(FaultKind.TagCheck, IsWrite: true, address) : default, fault);
        Assert.Equal(isAborted ? 0UL : 77, _small.Memory.Load64(5, 32));
        Assert.Equal(isNoted, Core.TakeAsyncFault());
        Assert.False(Core.TakeAsyncFault());
    }

    [Theory]
    [InlineData(TagFaultMode.None, false, false)]
    [InlineData(TagFaultMode.Synchronous, true, false)]
    [InlineData(TagFaultMode.Asynchronous, false, true)]
    [InlineData(TagFaultMode.Asymmetric, true, false)]
    public void ALoadWithAWrongTag(TagFaultMode mode, bool isAborted, bool isNoted)
    {
        Core.Registers.Tcf0 = mode;
        _small.Memory.Store64(5, 32, 77);

        AccessFault fault = Core.Load64(With(4, Tagged + 32), out ulong value);

        Assert.Equal(isAborted, fault.Kind == FaultKind.TagCheck);
        Assert.Equal(isAborted ? 0UL : 77, value);
        Assert.Equal(isNoted, Core.TakeAsyncFault());
    }

    // The short way compares tags before it asks whether they are compared at all.
    [Fact]
    public void ExemptionsHoldOnTheShortWayToo()
    {
        ulong wrong = With(4, Tagged);
        Core.Store64(Tagged, 1);
        Core.Store64(Tagged, 2);
        Assert.Equal(FaultKind.TagCheck, Core.Load64(wrong, out _).Kind);

        Core.Registers.Tco = true;
        Assert.True(Core.Load64(wrong, out ulong value).IsNone);
        Assert.Equal(2UL, value);
        Core.Registers.Tco = false;
        Core.Registers.Ata0 = false;
        Assert.True(Core.Load64(wrong, out _).IsNone);
        Core.Registers.Ata0 = true;
        Core.Stg(Tagged, With(7, 0));
        Assert.Equal(FaultKind.TagCheck, Core.Load64(Tagged, out _).Kind);
        Core.Registers.Tcma0 = true;
        Assert.True(Core.Load64(Tagged, out _).IsNone);
        Assert.Equal(FaultKind.TagCheck, Core.Load64(wrong, out _).Kind);
        Assert.True(Core.Read(wrong, new byte[8], AccessKind.StackImmediate).IsNone);
        Assert.True(Core.Load64(With(4, Plain), out _).IsNone);
    }

    [Fact]
    public void TheKernelCopiesWithoutChecks()
    {
        byte[] copy = new byte[3];

        Assert.True(Core.WriteUnchecked(With(9, Tagged + 15), [1, 2, 3]).IsNone);
        Assert.True(Core.ReadUnchecked(With(3, Tagged + 15), copy).IsNone);

        Assert.Equal([1, 2, 3], copy);
        Assert.False(Core.TakeAsyncFault());
    }

    [Fact]
    public void TranslationsAreStaleUntilTheyAreInvalidated()
    {
        Core.Store64(Plain, 1);
        Core.Store64(Plain, 2);
        _small.Table[Plain >> 12] = new Translation(8, IsReadable: true, IsWritable: false, IsTagged: false);

        Assert.True(Core.Store64(Plain, 3).IsNone);
        Core.InvalidatePage(With(5, Plain + 100));
        Assert.Equal(FaultKind.Permission, Core.Store64(Plain, 4).Kind);

        _small.Table.Unmap(Plain >> 12);
        Assert.True(Core.Load64(Plain, out _).IsNone);
        Core.InvalidateAll();
        Assert.Equal(FaultKind.Translation, Core.Load64(Plain, out _).Kind);
        Assert.Equal(3UL, _small.Memory.Load64(6, 0));
    }

    [Fact]
    public void InvalidationOfAPageLeavesTheOneThatSharesItsEntry()
    {
        Core.Load64(Plain, out _);
        int walks = _small.Table.Walks;

        Core.InvalidatePage(Plain + (512 * 4096));
        Core.Load64(Plain, out _);

        Assert.Equal(walks, _small.Table.Walks);
    }

    [Fact]
    public void AnotherTableIsAnotherAddressSpace()
    {
        Core.Store64(Plain, 1);

        Core.Use(new FlatTable());

        Assert.Equal(FaultKind.Translation, Core.Load64(Plain, out _).Kind);
    }

    // A page of zeros has no slot in DRAM yet; another CPU's first store must be seen.
    [Fact]
    public void TheFirstStoreToAPageIsSeenByAllCores()
    {
        Core other = new(1, _small.Memory, _small.Table);
        Assert.True(other.Load64(Plain, out ulong before).IsNone);

        Core.Store64(Plain, 5);

        Assert.True(other.Load64(Plain, out ulong after).IsNone);
        Assert.Equal((0UL, 5UL), (before, after));
    }

    [Fact]
    public void LentStorageIsReachedThroughItsCaches()
    {
        int frame = _small.StorageFrame + 1;
        _small.Memory.SetContent(frame, StorageContent.Data);

        Core.Store64(Storage + 8, 5);
        _small.Memory.WriteBackAll();
        Core.Load64(Storage + 8, out ulong first);
        Core.Store64(Storage + 8, 6);
        Core.Load64(Storage + 8, out ulong second);

        Assert.Equal((5UL, 6UL), (first, second));
        Assert.Equal(1, _small.Memory.DirtyLines);
        Assert.Equal(5, _small.Memory.Dram.Peek(frame)[8]);
    }

    [Fact]
    public void AHitInTheTlbDoesNotHideUnreservedStorage()
    {
        Core.Store64(Tagged, 1);
        Core.Store64(Tagged, 2);
        _small.Memory.SetContent(_small.StorageFrame, StorageContent.Data);

        Core.Load64(Tagged, out _);

        Assert.Equal(1, _small.Memory.Corruptions.Count(CorruptionKind.TagReadFromUnreserved));
    }

    [Theory]
    [InlineData(StorageTagAccess.Ignored, FaultKind.TagCheck, 0)]
    [InlineData(StorageTagAccess.Fault, FaultKind.TagStorage, 0)]
    [InlineData(StorageTagAccess.TagOfTag, FaultKind.None, 3)]
    [InlineData(StorageTagAccess.Misconfigured, FaultKind.None, 3)]
    public void TagStorageMappedTagged(StorageTagAccess access, FaultKind expected, int tag)
    {
        SmallCore small = new(access);
        ulong address = With(3, TaggedStorage + 2064);

        AccessFault stored = small.Core.Stg(address, address);
        ulong loaded = 0;
        AccessFault read = small.Core.Ldg(address, ref loaded);

        FaultKind ofTags = access == StorageTagAccess.Fault ? FaultKind.TagStorage : FaultKind.None;
        Assert.Equal((ofTags, ofTags), (stored.Kind, read.Kind));
        Assert.Equal(tag, LogicalTag.Of(loaded));
        Assert.Equal(expected, small.Core.Load64(address, out _).Kind);
    }
}
