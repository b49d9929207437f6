using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Areas that are locked, sealed, dropped, not inherited or merged, and what that forbids.</summary>
public sealed class AreaTraitTests
{
    private const int ReadWriteRights = 3;
    private const int PrivateAnonymous = 0x22;
    private const int Fixed = 0x10;
    private const int Droppable = 0x28;
    private const int Mlock2 = 284, Munlock = 229, MlockAll = 230, MunlockAll = 231, Mseal = 462;
    private const int DontNeed = 4, FreeLazily = 8, DontFork = 10, WipeOnFork = 18, PageOut = 21, PopulateRead = 22, PopulateWrite = 23;
    private const int Invalidate = 2;
    private const int EBUSY = -16;
    private const ulong Place = 0x10_0000_0000;

    [Fact]
    public void LockedPagesStayAndCannotBeThrownAway()
    {
        Result locked = null!, thrown = null!, freed = null!, invalid = null!, after = null!, both = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong present = s.Bytes(new byte[8]);
            Map(s, Place, 2);
            s.Store(Place, 1);
            s.Store(Place + Page, 2);
            locked = s.Call(Mlock, Place, Page);
            s.Call(Madvise, Place + Page, Page, PageOut);
            s.Call(Mincore, Place, 2 * Page, present);
            both = s.Load(present, 4);
            thrown = s.Call(Madvise, Place, Page, DontNeed);
            freed = s.Call(Madvise, Place, Page, FreeLazily);
            invalid = s.Call(Msync, Place, Page, Invalidate);
            s.Call(Munlock, Place, Page);
            after = s.Call(Madvise, Place, Page, DontNeed);
        });

        Assert.Equal([0, 1, EINVAL, EINVAL, EBUSY, 0], run.All(locked, both, thrown, freed, invalid, after));
    }

    [Fact]
    public void MlockBringsPagesAndMlock2OnFaultDoesNot()
    {
        Result now = null!, later = null!, hole = null!, none = null!, flags = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong present = s.Bytes(new byte[16]);
            Map(s, Place, 2);
            s.Call(Mlock, Place, Page);
            s.Call(Mlock2, Place + Page, Page, 1);
            s.Call(Mincore, Place, 2 * Page, present);
            now = s.Load(present, 1);
            later = s.Load(present + 1, 1);
            hole = s.Call(Mlock, Place, 3 * Page);
            s.Call(Mmap, Place, Page, 0, PrivateAnonymous | Fixed, -1, 0);
            none = s.Call(Mlock, Place, Page);
            flags = s.Call(Mlock2, Place, Page, 2);
        });

        Assert.Equal([1, 0, ENOMEM, ENOMEM, EINVAL], run.All(now, later, hole, none, flags));
    }

    [Fact]
    public void MlockallOfWhatComesLocksIt()
    {
        Result refused = null!, present = null!, thrown = null!, free = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong vector = s.Bytes(new byte[8]);
            refused = s.Call(MlockAll, 4);
            s.Call(MlockAll, 2);
            Map(s, Place, 1);
            s.Call(Mincore, Place, Page, vector);
            present = s.Load(vector, 1);
            thrown = s.Call(Madvise, Place, Page, DontNeed);
            s.Call(MunlockAll);
            free = s.Call(Madvise, Place, Page, DontNeed);
        });

        Assert.Equal([EINVAL, 1, EINVAL, 0], run.All(refused, present, thrown, free));
    }

    [Fact]
    public void WhatIsSealedStaysAsItIs()
    {
        List<Result> results = [];
        Result kept = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Map(s, Place, 3);
            s.Store(Place + Page, 9);
            results.Add(s.Call(Mseal, Place + Page, Page, 0));
            results.Add(s.Call(Munmap, Place, 3 * Page));
            results.Add(s.Call(Mprotect, Place + Page, Page, 1));
            results.Add(s.Call(Mremap, Place + Page, Page, Page, 1));
            results.Add(s.Call(Mmap, Place, 2 * Page, 3, PrivateAnonymous | Fixed, -1, 0));
            results.Add(s.Call(Mremap, Place + (2 * Page), Page, Page, 3, Place + Page));
            results.Add(s.Call(Madvise, Place + Page, Page, DontNeed)); // it may be written, and so emptied
            results.Add(s.Call(Munmap, Place + (2 * Page), Page));
            results.Add(s.Call(Mseal, Place, 3 * Page, 0));
            results.Add(s.Call(Mseal, Place, Page, 1));
            kept = s.Load(Place + Page);
        });

        Assert.Equal([0, EPERM, EPERM, EPERM, EPERM, EPERM, 0, 0, ENOMEM, EINVAL], run.All([.. results]));
        Assert.Equal(0, run[kept]);
    }

    [Fact]
    public void ASealedAreaThatMayNotBeWrittenCannotBeEmptied()
    {
        Result emptied = null!, kept = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Map(s, Place, 1);
            s.Store(Place, 5);
            s.Call(Mprotect, Place, Page, 1);
            s.Call(Mseal, Place, Page, 0);
            emptied = s.Call(Madvise, Place, Page, DontNeed);
            kept = s.Load(Place);
        });

        Assert.Equal([EPERM, 5], run.All(emptied, kept));
    }

    [Fact]
    public void DroppablePagesAreGoneUnderPressureAndOthersAreNot()
    {
        Result dropped = null!, kept = null!, ofFile = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, Page, ReadWriteRights, Droppable | Fixed, -1, 0);
            Map(s, Place + Page, 1);
            s.Store(Place, 7);
            s.Store(Place + Page, 8);
            s.Call(Madvise, Place, 2 * Page, PageOut);
            dropped = s.Load(Place);
            kept = s.Load(Place + Page);
            ofFile = s.Call(Mmap, 0, Page, ReadWriteRights, Droppable & ~0x20, 1, 0);
        });

        Assert.Equal([0, 8, EINVAL], run.All(dropped, kept, ofFile));
    }

    [Fact]
    public void AChildGetsNeitherWhatIsNotForkedNorWhatIsWiped()
    {
        Result missing = null!, wiped = null!, kept = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Words(0);
            Result shared = s.Call(Mmap, 0, Page, ReadWriteRights, 0x21, -1, 0);
            Map(s, Place, 3);
            foreach (ulong page in (ulong[])[0, 1, 2])
            {
                s.Store(Place + (page * Page), 3);
            }

            s.Call(Madvise, Place, Page, DontFork);
            s.Call(Madvise, Place + Page, Page, WipeOnFork);
            s.Fork(0, () =>
            {
                s.Store(shared, s.Call(Mprotect, Place, Page, 1));
                s.Store(shared + 8, s.Load(Place + Page));
                s.Store(shared + 16, s.Load(Place + (2 * Page)));
            });
            s.Call(Wait4, -1, status, 0, 0);
            missing = s.Load(shared);
            wiped = s.Load(shared + 8);
            kept = s.Load(shared + 16);
        });

        Assert.Equal([ENOMEM, 0, 3], run.All(missing, wiped, kept));
    }

    [Fact]
    public void AreasThatContinueEachOtherAreOne()
    {
        Result moved = null!, first = null!, last = null!, apart = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Map(s, Place, 1);
            Map(s, Place + Page, 1);
            s.Store(Place, 1);
            s.Store(Place + Page, 2);
            moved = s.Call(Mremap, Place, 2 * Page, 2 * Page, 3, Place + (8 * Page));
            first = s.Load(Place + (8 * Page));
            last = s.Load(Place + (9 * Page));
            s.Call(Mprotect, Place + (9 * Page), Page, 1);
            apart = s.Call(Mremap, Place + (8 * Page), 2 * Page, 2 * Page, 3, Place);
        });

        Assert.Equal([(long)(Place + (8 * Page)), 1, 2, EFAULT], run.All(moved, first, last, apart));
    }

    [Fact]
    public void AnAreaGrowsInPlaceWhereNothingIsBehindIt()
    {
        Result grown = null!, last = null!, stuck = null!, kept = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Map(s, Place, 1);
            Map(s, Place + (4 * Page), 1);
            grown = s.Call(Mremap, Place, Page, 4 * Page, 0);
            s.Store(Place + (3 * Page), 6);
            last = s.Load(Place + (3 * Page));
            stuck = s.Call(Mremap, Place, 6 * Page, 7 * Page, 0); // it is merged with the one behind, and ends there
            s.Store(Place, 1);
            s.Call(Mremap, Place, Page, Page, 5, 0);
            kept = s.Load(Place);
        });

        Assert.Equal([(long)Place, 6, EFAULT, 0], run.All(grown, last, stuck, kept));
    }

    [Theory]
    [InlineData(1, PopulateRead, 0)]
    [InlineData(1, PopulateWrite, EINVAL)]
    [InlineData(2, PopulateRead, EINVAL)]
    [InlineData(2, PopulateWrite, 0)]
    public void PagesAreBroughtWithTheRightThatTheAreaHas(int rights, int advice, int expected)
    {
        Result result = null!, hole = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, Page, rights, PrivateAnonymous | Fixed, -1, 0);
            result = s.Call(Madvise, Place, Page, advice);
            hole = s.Call(Madvise, Place + Page, Page, advice);
        });

        Assert.Equal([expected, ENOMEM], run.All(result, hole));
    }

    private static void Map(GuestScript script, ulong place, ulong pages) =>
        script.Call(Mmap, place, pages * Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
}
