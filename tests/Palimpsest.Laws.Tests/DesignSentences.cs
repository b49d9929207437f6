using Palimpsest.Designs;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;
using Xunit.Sdk;

namespace Palimpsest.Laws.Tests;

/// <summary>For each design one sentence of the mail that proposed it, held in a replay and in the running system.</summary>
public sealed class DesignSentences
{
    private const string Flat = "flat 8 MiB, small blocks";
    private const string Pool = "CMA pool";

    private static readonly Dictionary<string, (string Board, Action<SentenceStage> Holds)> Sentences = new()
    {
        ["static"] = (Flat, NothingIsEverMovedOrWaitedForToTag),
        ["no-mte"] = (Flat, NothingCanBeTaggedAndAllOfItHoldsData),
        ["separate-free-area"] = (Flat, AFreedStoragePageStaysOffThePerCpuLists),
        ["zone-metadata"] = (Flat, UntaggedMovablePagesStartThere),
        ["numa-node"] = (Flat, TheNodeIsTheLastResort),
        ["migrate-metadata"] = (Flat, TaggedPagesPassThePerCpuListsBy),
        ["cma-untagged-only"] = (Pool, NoTaggedPageLiesInCma),
        ["cma-page-granular"] = (Pool, TaggedPagesUseCmaThatIsNoTagStorage),
        ["cma-no-tagged"] = (Flat, APageIsHandedOutThoughItsStorageIsBusy),
        ["first-use"] = (Flat, AllIsGivenBackUntilTheFirstTagAndNothingAfter),
        ["tag-blocks"] = (Flat, TaggedPagesShareABlockUntilItIsFull),
        ["guaranteed-cma"] = (Flat, StorageHoldsWhatIsDroppedAtOnceAndNothingElse),
        ["cells"] = (Flat, ACellStaysActiveWhileAPageOfItIsFree),
        ["packed"] = (Flat, ABlockIsActiveFromItsFirstTaggedPageToItsLast),
    };

    public static TheoryData<string, string> EveryDesignTwice() =>
        [.. DesignCatalog.All.SelectMany(entry => (string[])["replay", "running system"], (entry, engine) => (entry.Name, engine))];

    [Theory]
    [MemberData(nameof(EveryDesignTwice))]
    public void WhatItsMailSaysHolds(string design, string engine)
    {
        (string board, Action<SentenceStage> holds) = Sentences[design];
        SentenceStage stage = SentenceStage.Of(engine, design, board);

        holds(stage);

        Assert.Empty(stage.Memory.Audit());
    }

    /// <summary>A sentence that every design fulfils would say nothing.</summary>
    [Theory]
    [InlineData("static", "cma-no-tagged")]
    [InlineData("no-mte", "static")]
    [InlineData("separate-free-area", "cma-untagged-only")]
    [InlineData("zone-metadata", "numa-node")]
    [InlineData("numa-node", "zone-metadata")]
    [InlineData("migrate-metadata", "zone-metadata")]
    [InlineData("cma-untagged-only", "cma-page-granular")]
    [InlineData("cma-page-granular", "cma-untagged-only")]
    [InlineData("cma-no-tagged", "cma-untagged-only")]
    [InlineData("first-use", "cma-no-tagged")]
    [InlineData("tag-blocks", "cma-no-tagged")]
    [InlineData("guaranteed-cma", "cma-no-tagged")]
    [InlineData("cells", "packed")]
    [InlineData("packed", "tag-blocks")]
    [InlineData("packed", "cma-no-tagged")]
    public void ItIsNotTrueOfAnother(string design, string other)
    {
        (string board, Action<SentenceStage> holds) = Sentences[design];

        foreach (string engine in (string[])["replay", "running system"])
        {
            Assert.ThrowsAny<XunitException>(() => holds(SentenceStage.Of(engine, other, board)));
        }
    }

    private static void NothingIsEverMovedOrWaitedForToTag(SentenceStage stage)
    {
        List<int> plain = stage.TouchAll(isTagged: false, most: 200);
        stage.TouchAll(isTagged: true, most: 200);
        Assert.All(plain, page => Assert.True(stage.TagLater(page)));
        KernelCounters counters = stage.Memory.Counters;
        Assert.Equal(0, stage.FaultsOnAccess);
        Assert.Equal(0, counters.MigratedFolios + counters.TagMigratedFrames + counters.FailedReservations + counters.ReservedFree);
        Assert.Equal(stage.CarveOutFrames, stage.Memory.Blocks.ReservedFrames);
    }

    private static void NothingCanBeTaggedAndAllOfItHoldsData(SentenceStage stage)
    {
        int page = stage.Touch(isTagged: true);
        Assert.Equal(0, stage.Memory.TaggedFrames);
        Assert.False(stage.TagLater(page));
        while (stage.Memory.LentFramesInUse < stage.CarveOutFrames)
        {
            Assert.True(stage.Touch(isTagged: false) >= 0, "memory ended before all of the carve-out was used");
        }

        Assert.Equal(0, stage.Memory.Blocks.ReservedFrames);
    }

    private static void AFreedStoragePageStaysOffThePerCpuLists(SentenceStage stage)
    {
        List<int> pages = UntilStorageIsInUse(stage);
        Frame frame = stage.FrameOf(pages[^1]);
        stage.Leave(pages[^1]);
        Assert.NotEqual(FrameState.PerCpu, stage.Memory.Frames[frame].State);
    }

    private static void UntaggedMovablePagesStartThere(SentenceStage stage)
    {
        Assert.True(stage.IsInStorage(stage.Touch(isTagged: false)));
        Assert.False(stage.IsInStorage(stage.Touch(isTagged: true)));
    }

    private static void TheNodeIsTheLastResort(SentenceStage stage)
    {
        UntilStorageIsInUse(stage);
        // The page that spilled over was not the last: per-CPU lists hold some more.
        Assert.All(stage.Memory.Zones.Where(zone => !zone.IsTagStorage),
            zone => Assert.InRange(zone.FreeFrames, 0, zone.Watermarks.Low + 64));
    }

    private static void TaggedPagesPassThePerCpuListsBy(SentenceStage stage)
    {
        stage.Touch(isTagged: true);
        long refills = stage.Memory.Counters.Refills;
        Assert.Equal(8, stage.TouchAll(isTagged: true, most: 8).Count);
        Assert.Equal(refills, stage.Memory.Counters.Refills);
        stage.TouchAll(isTagged: false, most: 8);
        Assert.True(stage.Memory.Counters.Refills > refills);
    }

    private static void NoTaggedPageLiesInCma(SentenceStage stage) =>
        Assert.DoesNotContain(TaggedPages(stage), page => page.Type == MigrateType.Cma);

    private static void TaggedPagesUseCmaThatIsNoTagStorage(SentenceStage stage) =>
        Assert.Contains(TaggedPages(stage), page => page.Type == MigrateType.Cma && !page.IsStorage);

    private static void APageIsHandedOutThoughItsStorageIsBusy(SentenceStage stage)
    {
        List<Frame> pinned = stage.PinStorage();
        int page = stage.Touch(isTagged: true);
        Assert.True(page >= 0);
        Assert.True(stage.Memory.Counters.FailedReservations > 0);
        pinned.ForEach(frame => stage.Memory.Free(frame, cpu: CpuId.Boot));
        Assert.True(stage.TagLater(page));
        Assert.True(stage.Memory.Frames[stage.FrameOf(page)].Has(FrameFlags.Tagged));
    }

    private static void AllIsGivenBackUntilTheFirstTagAndNothingAfter(SentenceStage stage)
    {
        int page = stage.Touch(isTagged: false);
        Assert.Equal(0, stage.Memory.Blocks.ReservedFrames);
        Assert.True(stage.TagLater(page));
        Assert.Equal(stage.CarveOutFrames, stage.Memory.Blocks.ReservedFrames);
        stage.Leave(page);
        Assert.Equal(stage.CarveOutFrames, stage.Memory.Blocks.ReservedFrames);
    }

    private static void TaggedPagesShareABlockUntilItIsFull(SentenceStage stage)
    {
        stage.Touch(isTagged: true);
        int reserved = stage.Memory.Blocks.ReservedBlocks;
        stage.TouchAll(isTagged: true, most: 24);
        Assert.True(stage.Memory.Blocks.ReservedBlocks <= reserved + 1);
        stage.TouchAll(isTagged: false, most: 320);
        Assert.True(stage.Memory.Blocks.ReservedBlocks <= reserved + 1);
        Assert.True(stage.Memory.LentFramesInUse > 0);
    }

    private static void ABlockIsActiveFromItsFirstTaggedPageToItsLast(SentenceStage stage)
    {
        List<int> tagged = [];
        int before = stage.Memory.Blocks.ReservedBlocks;
        for (int page = 0; page < 40; page++)
        {
            tagged.Add(stage.Touch(isTagged: true));
            stage.TouchAll(isTagged: false, most: 4);
        }

        Assert.InRange(stage.Memory.Blocks.ReservedBlocks, before + 1, before + 2);
        tagged.ForEach(stage.Leave);
        Assert.Equal(before, stage.Memory.Blocks.ReservedBlocks);
    }

    private static void StorageHoldsWhatIsDroppedAtOnceAndNothingElse(SentenceStage stage)
    {
        KernelCounters counters = stage.Memory.Counters;
        while (stage.Memory.LentFramesInUse + stage.Memory.Blocks.ReservedFrames < stage.CarveOutFrames)
        {
            Assert.True(stage.Read() >= 0, "memory ended before all of the carve-out was used");
        }

        Assert.Equal(200, stage.TouchAll(isTagged: true, most: 200).Count);
        Assert.True(counters.DroppedFrames > 0);
        Assert.Equal(0, counters.MigratedFolios + counters.RangeAllocations + counters.FailedReservations + stage.FaultsOnAccess);
        Assert.All(stage.TouchAll(isTagged: false, most: 1000), page => Assert.False(stage.IsInStorage(page)));
    }

    private static void ACellStaysActiveWhileAPageOfItIsFree(SentenceStage stage)
    {
        List<int> pages = stage.TouchAll(isTagged: true, most: 40);
        int active = stage.Memory.Blocks.ReservedBlocks;
        Assert.InRange(active, 2, 3);
        pages.ForEach(stage.Leave);
        Assert.Equal(active, stage.Memory.Blocks.ReservedBlocks);
        // Its pages are for tagged requests first, so that no other cell becomes active.
        Assert.Equal(40, stage.TouchAll(isTagged: true, most: 40).Count);
        Assert.Equal(active, stage.Memory.Blocks.ReservedBlocks);
    }

    private static List<int> UntilStorageIsInUse(SentenceStage stage)
    {
        List<int> pages = [];
        do
        {
            int page = stage.Touch(isTagged: false);
            Assert.True(page >= 0, "memory ended before tag storage was used");
            pages.Add(page);
        }
        while (!stage.IsInStorage(pages[^1]));

        return pages;
    }

    /// <summary>Where tagged pages lie, until memory ends.</summary>
    private static List<(MigrateType Type, bool IsStorage)> TaggedPages(SentenceStage stage)
    {
        List<(MigrateType, bool)> places = [];
        while (stage.Touch(isTagged: true) is var page and >= 0)
        {
            Frame frame = stage.FrameOf(page);
            if (stage.Memory.Frames[frame].Has(FrameFlags.Tagged))
            {
                places.Add((stage.Memory.Frames.BlockType(frame), stage.IsInStorage(page)));
            }
        }

        Assert.NotEmpty(places);
        return places;
    }
}
