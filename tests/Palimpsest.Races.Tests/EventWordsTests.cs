using Palimpsest.Kernel.Events;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests;

/// <summary>What a step table tells of the stream of events.</summary>
public sealed class EventWordsTests
{
    // Of the allocator: a table would drown in them.
    private static readonly KernelEventKind[] Silent =
    [
        KernelEventKind.PageAllocated, KernelEventKind.AllocationFailed, KernelEventKind.PageFreed, KernelEventKind.ZoneLocked,
        KernelEventKind.PerCpuDrained, KernelEventKind.ExternalFragmentation, KernelEventKind.RangeAllocated,
        KernelEventKind.KswapdWoken, KernelEventKind.DirectReclaim,
    ];

    [Theory]
    [InlineData(KernelEventKind.BlockReserved, "storage at frame 7 is reserved")]
    [InlineData(KernelEventKind.BlockReleased, "storage at frame 7 is lent")]
    [InlineData(KernelEventKind.StorageBusy, "storage of frame 7 is busy")]
    [InlineData(KernelEventKind.FaultOnAccess, "frame 7 faults on access")]
    [InlineData(KernelEventKind.FolioMoved, "frame 3 has moved to 7")]
    [InlineData(KernelEventKind.PageTagged, "frame 7 is tagged")]
    [InlineData(KernelEventKind.PageUntagged, "frame 7 is untagged")]
    [InlineData(KernelEventKind.TagFault, "tag fault in frame 7")]
    public void WhatBefallsATaggedPageIsTold(KernelEventKind kind, string words) => Assert.Equal(words, Told(kind));

    [Fact]
    public void EveryOtherKindIsSilent() => Assert.Equal(Silent, Enum.GetValues<KernelEventKind>().Where(kind => Told(kind) is null));

    [Fact]
    public void WhatWasToldIsNotToldAgain()
    {
        EventWords words = new();
        words.Happened(new KernelEvent(KernelEventKind.PageTagged, Cpu: CpuId.Boot, Frame: new Frame(1)));
        words.Happened(new KernelEvent(KernelEventKind.PageUntagged, Cpu: CpuId.Boot, Frame: new Frame(2)));

        Assert.Equal("frame 1 is tagged, frame 2 is untagged", words.Take());
        Assert.Null(words.Take());
    }

    private static string? Told(KernelEventKind kind)
    {
        EventWords words = new();
        words.Happened(new KernelEvent(kind, Cpu: CpuId.Boot, Frame: new Frame(7), Value: 3));
        return words.Take();
    }
}
