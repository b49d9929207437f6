using CsCheck;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>What a recording says between its lines: ranges given back, pages moved, types of pageblocks, pages in use.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(511, 0, 0)]
    [InlineData(512, 0, 1)]
    [InlineData(2_000, 0, 1)]
    [InlineData(600, 10, 1)]
    [InlineData(600, 70, 0)]
    public void ManyNeighboursFreedInRisingOrderWereARange(int pages, int strangers, int ranges)
    {
        RangeReturns returns = new(tasks: 1);
        long index = 0;
        for (int page = 0; page < pages; page++)
        {
            returns.Look(Free(), new Frame(1_000 + page), index++);
            for (int stranger = 0; page == 300 && stranger < strangers; stranger++)
            {
                returns.Look(Free(), new Frame(9_000 - (2 * stranger)), index++);
            }
        }

        returns.End();
        Assert.Equal(ranges == 0, returns.IsEmpty);
        Assert.Equal(ranges == 1 ? new RangeReturn(0, 1_000, pages) : null, returns.At(0));
    }

    [Theory]
    [InlineData("falling")]
    [InlineData("every second")]
    [InlineData("of order 1")]
    [InlineData("batched")]
    [InlineData("by two tasks")]
    public void OtherFreesAreNoRange(string how)
    {
        RangeReturns returns = new(tasks: 2);
        for (int page = 0; page < 600; page++)
        {
            int frame = how switch { "falling" => 2_000 - page, "every second" => 1_000 + (2 * page), _ => 1_000 + page };
            TraceEvent item = Free() with
            {
                Order = (byte)(how == "of order 1" ? 1 : 0), Task = how == "by two tasks" ? page % 2 : 0,
                Kind = how == "batched" ? TraceEventKind.FreeBatched : TraceEventKind.Free,
            };
            returns.Look(item, new Frame(frame), page);
        }

        returns.End();
        Assert.True(returns.IsEmpty);
    }

    [Theory]
    [InlineData("A10 S20 T10 F20", true)]
    [InlineData("A10 S20 T10 F21", false)]
    [InlineData("A10 S20 T11 F20", false)]
    [InlineData("A10 T10 F20", false)]
    [InlineData("S20 T10 F20", false)]
    [InlineData("A10 S20 F20", false)]
    [InlineData("A10 A11 S20 T11 F20", true)]
    [InlineData("A10 S20 T10 F99 F20", true)]
    public void APageThatMovedLeavesThisTrail(string trail, bool isMove)
    {
        RangeMoves moves = new(tasks: 1);
        string[] steps = trail.Split(' ');
        foreach ((int index, string step) in steps.Index())
        {
            TraceEventKind kind = step[0] switch
            {
                'A' => TraceEventKind.Allocate, 'S' => TraceEventKind.MigrationSource, 'T' => TraceEventKind.MigrationTarget,
                _ => TraceEventKind.Free,
            };
            moves.Look(new TraceEvent { Kind = kind }, new Frame(int.Parse(step[1..], null)), index);
        }

        RecordedMove? move = moves.EndingAt(steps.Length - 1);
        Assert.Equal(isMove, move is not null);
        if (isMove)
        {
            int target = Array.FindLastIndex(steps, step => step[0] == 'A');
            Assert.Equal((new Frame(int.Parse(steps[target][1..], null)), (long)target), (move!.Value.Target, move.Value.AllocatedAt));
        }
    }

    [Fact]
    public void MovesOfTwoTasksDoNotMix()
    {
        RangeMoves moves = new(tasks: 2);
        (TraceEventKind Kind, int Frame, int Task)[] events =
        [
            (TraceEventKind.Allocate, 10, 0), (TraceEventKind.Allocate, 11, 1), (TraceEventKind.MigrationSource, 20, 0),
            (TraceEventKind.MigrationSource, 21, 1), (TraceEventKind.MigrationTarget, 10, 0), (TraceEventKind.MigrationTarget, 11, 1),
            (TraceEventKind.Free, 21, 1), (TraceEventKind.Free, 20, 0),
        ];
        foreach ((int index, (TraceEventKind kind, int frame, int task)) in events.Index())
        {
            moves.Look(new TraceEvent { Kind = kind, Task = task }, new Frame(frame), index);
        }

        Assert.Equal((new Frame(11), new Frame(10)), (moves.EndingAt(6)!.Value.Target, moves.EndingAt(7)!.Value.Target));
    }

    [Theory]
    [InlineData("free 40010", "alloc 40010 kernel", MigrateType.Unmovable)]
    [InlineData("free 40010", "alloc 40010", null)]
    [InlineData("free 40011", "alloc 40010 kernel", null)]
    public void APageThatIsFreedAndAllocatedAgainTellsTheTypeOfItsBlock(string first, string second, MigrateType? type)
    {
        IReadOnlyList<PageBlockType> types = PageBlockEvidence.Find(Recording.Of(first, second), Recording.Layout);

        Assert.Equal(type is { } known ? [new PageBlockType(new Frame(0), known)] : [], types);
    }

    [Fact]
    public void PagesInUseAreThoseOfASetOfPages() =>
        Law.Holds(Gen.Select(Gen.Int[0, 2], Gen.ULong[0, 60], Gen.Int[0, 2]).Array[0, 120], 200, drawn =>
        {
            LivePages pages = new();
            HashSet<ulong> live = [];
            HashSet<ulong> seen = [];
            long before = 0;
            long hidden = 0;
            long again = 0;
            long targets = 0;
            foreach ((int what, ulong pfn, int order) in drawn)
            {
                ulong[] all = [.. Enumerable.Range(0, what == 2 ? 1 : 1 << order).Select(part => pfn + (ulong)part)];
                switch (what)
                {
                    case 0:
                        pages.Allocate(new Pfn(pfn), all.Length);
                        again += all.Any(live.Contains) ? 1 : 0;
                        live.UnionWith(all);
                        break;
                    case 1:
                        pages.Free(new Pfn(pfn), all.Length);
                        before += all.Count(page => !live.Contains(page) && !seen.Contains(page));
                        hidden += all.Count(page => !live.Contains(page) && seen.Contains(page));
                        live.ExceptWith(all);
                        break;
                    default:
                        pages.MigrateTo(new Pfn(pfn));
                        targets += live.Add(pfn) ? 1 : 0;
                        break;
                }

                seen.UnionWith(all);
            }

            Assert.Equal((before, hidden, again, targets),
                (pages.InUseBefore, pages.Hidden, pages.LiveReallocations, pages.MigrationTargets));
        });

    [Theory]
    [InlineData("flag", "flag")]
    [InlineData("mapped", "mapped")]
    [InlineData("snapshot", "snapshot")]
    [InlineData("policy:a,pid=7", "policy:a,pid=7")]
    public void ASourceIsCalledAsItWasAskedFor(string text, string name) => Assert.Equal(name, TagSource.Parse(text).Name);

    [Theory]
    [InlineData("")]
    [InlineData("Flag")]
    [InlineData("policy:")]
    [InlineData("policy:,,")]
    [InlineData("policy")]
    public void WhatIsNoSourceIsRefusedWithAnExample(string text)
    {
        string message = Assert.Throws<UsageException>(() => TagSource.Parse(text)).Message;

        Assert.StartsWith($"--tag-source {text}: ", message, StringComparison.Ordinal);
        Assert.EndsWith("policy:redis*,pid=812", message, StringComparison.Ordinal);
    }

    private static TraceEvent Free() => new() { Kind = TraceEventKind.Free };
}
