using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>KSM: equal pages of areas that ask for it are one page until somebody writes.</summary>
public sealed class MergingTests
{
    private const int ReadWriteRights = 3;
    private const int PrivateAnonymous = 0x22;
    private const int Fixed = 0x10;
    private const int Mergeable = 12, Unmergeable = 13;
    private const int TaggedRights = 0x23;
    private const ulong Place = 0x10_0000_0000;
    private const ulong FrameBits = (1UL << 55) - 1;

    [Fact]
    public void EqualPagesAreOneAndAWriteSeparatesThem()
    {
        List<Result> before = [], merged = [], after = [];
        Result value = null!, other = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong frames = Begin(s, ReadWriteRights, 3);
            s.Store(Place + (2 * Page), 6); // one that differs
            before = Frames(s, frames, 3);
            s.Call(Madvise, Place, 3 * Page, Mergeable);
            GoRound(s, "1");
            merged = Frames(s, frames, 3);
            s.Store(Place, 9);
            value = s.Load(Place);
            other = s.Load(Place + Page);
            after = Frames(s, frames, 3);
        });

        Assert.Equal(3, run.All([.. before]).Distinct().Count());
        Assert.Equal(FrameOf(run, merged[0]), FrameOf(run, merged[1]));
        Assert.NotEqual(FrameOf(run, merged[0]), FrameOf(run, merged[2]));
        Assert.NotEqual(FrameOf(run, after[0]), FrameOf(run, after[1]));
        Assert.Equal([9, 5], run.All(value, other));
    }

    [Theory]
    [InlineData(ReadWriteRights, Mergeable, true)]
    [InlineData(ReadWriteRights, 0, false)] // nobody asked
    [InlineData(TaggedRights, Mergeable, false)] // pages with tags differ
    public void WhoIsMerged(int rights, int advice, bool isMerged)
    {
        List<Result> merged = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong frames = Begin(s, rights, 2);
            s.Call(Madvise, Place, 2 * Page, advice);
            GoRound(s, "1");
            merged = Frames(s, frames, 2);
        });

        Assert.Equal(isMerged, FrameOf(run, merged[0]) == FrameOf(run, merged[1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatWasMergedCanBeSeparated(bool byAdvice)
    {
        List<Result> separated = [];
        Result first = null!, second = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong frames = Begin(s, ReadWriteRights, 2);
            s.Call(Madvise, Place, 2 * Page, Mergeable);
            GoRound(s, "1");
            if (byAdvice)
            {
                s.Call(Madvise, Place, 2 * Page, Unmergeable);
            }
            else
            {
                GoRound(s, "2");
            }

            separated = Frames(s, frames, 2);
            first = s.Load(Place);
            second = s.Load(Place + Page);
        });

        Assert.NotEqual(FrameOf(run, separated[0]), FrameOf(run, separated[1]));
        Assert.Equal([5, 5], run.All(first, second));
    }

    [Fact]
    public void WhatAChildSharesWithItsParentStaysWhatItWas()
    {
        Result status = null!, value = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Begin(s, ReadWriteRights, 2);
            ulong word = s.Words(0);
            s.Call(Madvise, Place, 2 * Page, Mergeable);
            GoRound(s, "1");
            s.Fork(0, () =>
            {
                s.Store(Place, 7);
                s.If(s.Load(Place + Page), isZero: true, () => s.Exit(1));
            });
            s.Call(Wait4, -1, word, 0, 0);
            status = s.Load(word, 4);
            value = s.Load(Place);
        });

        Assert.Equal([0, 5], run.All(status, value));
    }

    /// <summary>Pages that hold a five each; room for what /proc/self/pagemap says of them.</summary>
    private static ulong Begin(GuestScript script, int rights, int pages)
    {
        script.Call(Mmap, Place, (ulong)pages * Page, rights, PrivateAnonymous | Fixed, -1, 0);
        for (int page = 0; page < pages; page++)
        {
            script.Store(Place + ((ulong)page * Page), 5);
        }

        return script.Room(64);
    }

    /// <summary>Writes to run, and asks how often KSM went round, which makes it go: twice it has to see a page.</summary>
    private static void GoRound(GuestScript script, string run)
    {
        ulong text = script.Text(run), room = script.Room(16);
        script.Call(Write, script.Call(OpenAt, Here, script.Text("/sys/kernel/mm/ksm/run"), WriteOnly, 0), text, 1);
        Result scans = script.Call(OpenAt, Here, script.Text("/sys/kernel/mm/ksm/full_scans"), ReadOnly, 0);
        script.Call(Pread, scans, room, 8, 0);
        script.Call(Pread, scans, room, 8, 0);
    }

    private static List<Result> Frames(GuestScript script, ulong room, int pages)
    {
        Result file = script.Call(OpenAt, Here, script.Text("/proc/self/pagemap"), ReadOnly, 0);
        script.Call(Pread, file, room, 8 * pages, Place / Page * 8);
        return [.. Enumerable.Range(0, pages).Select(page => script.Load(room + (ulong)(8 * page)))];
    }

    private static ulong FrameOf(ScriptRun run, Result entry) => (ulong)run[entry] & FrameBits;
}
