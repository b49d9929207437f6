using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>mmap and its kin: what they refuse, where they put things, and what becomes of what was there.</summary>
public sealed class MappingCallTests
{
    private const int ReadWriteRights = 3;
    private const int Private = 2;
    private const int Shared = 1;
    private const int Anonymous = 0x20;
    private const int Fixed = 0x10;
    private const int NoReplace = 0x100000;
    private const ulong Place = 0x10_0000_0000;
    private const ulong Tagged = 1UL << 56;

    /// <summary>Address, bytes, rights, flags, descriptor, offset: with no file, what is refused.</summary>
    public static TheoryData<ulong, ulong, int, int, long, int> Refused() => new()
    {
        { 0, 0, 3, Private | Anonymous, 0, EINVAL }, // nothing
        { Place + 1, Page, 3, Private | Anonymous | Fixed, 0, EINVAL },
        { Place, Page, 3, Anonymous, 0, EINVAL }, // neither shared nor private
        { 0, Page, 3, Private | Anonymous, 1, EINVAL }, // an offset within a page
        { 0, 1UL << 60, 3, Private | Anonymous, 0, ENOMEM },
        { 0, ulong.MaxValue, 3, Private | Anonymous, 0, ENOMEM }, // rounded up it is nothing
        { Tagged | Place, Page, 3, Private | Anonymous | Fixed, 0, ENOMEM }, // addresses to be mapped at have no tag
        { 1UL << 50, Page, 3, Private | Anonymous | Fixed, 0, ENOMEM },
        { 0, Page, 3, Private, 0, EBADF }, // descriptor -1
        { GuestScript.DataStart, Page, 3, Private | Anonymous | NoReplace, 0, EEXIST },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatMmapRefuses(ulong address, ulong bytes, int rights, int flags, long offset, int error)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s => result = s.Call(Mmap, address, bytes, rights, flags, -1, offset));

        Assert.Equal(error, run[result]);
    }

    [Fact]
    public void AMappingIsOfZerosAndIsGoneWhenItWasUnmapped()
    {
        Result at = null!, zero = null!, kept = null!, unmapped = null!, gone = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            at = s.Call(Mmap, 0, 3 * Page, ReadWriteRights, Private | Anonymous, -1, 0);
            zero = s.Load(at + 4096);
            s.Store(at + 4096, 77);
            kept = s.Load(at + 4096);
            unmapped = s.Call(Munmap, at + 4096, Page);
            gone = s.Call(Msync, at, 3 * Page, 4);
        });

        Assert.Equal([0, 77, 0, ENOMEM], run.All(zero, kept, unmapped, gone));
        Assert.Equal(0, run[at] % 4096);
    }

    [Fact]
    public void AFixedMappingReplacesTheMiddleOfAnother()
    {
        List<Result> values = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, 3 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            for (ulong page = 0; page < 3; page++)
            {
                s.Store(Place + (page * Page), page + 1);
            }

            values.Add(s.Call(Mmap, Place + Page, Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0));
            values.AddRange(Enumerable.Range(0, 3).Select(page => s.Load(Place + ((ulong)page * Page))));
        });

        Assert.Equal([(long)(Place + Page), 1, 0, 3], run.All([.. values]));
    }

    [Theory]
    [InlineData(Munmap, 1UL, Page, EINVAL)]
    [InlineData(Munmap, 0UL, 0UL, EINVAL)]
    [InlineData(Munmap, 2 * Page, Page, 0)] // a hole is unmapped already
    [InlineData(Mprotect, 1UL, Page, EINVAL)]
    [InlineData(Mprotect, 0UL, 0UL, 0)]
    [InlineData(Mprotect, 0UL, 3 * Page, ENOMEM)] // there is a hole
    [InlineData(Mprotect, 0UL, ulong.MaxValue, ENOMEM)] // rounded up it is nothing
    [InlineData(Mprotect, 0UL, ulong.MaxValue - Page + 1, ENOMEM)] // its end wraps
    [InlineData(Msync, 0UL, 2 * Page, 0)]
    [InlineData(Msync, Page, 2 * Page, ENOMEM)]
    [InlineData(Msync, 1UL, Page, EINVAL)]
    [InlineData(Mlock, 0UL, 2 * Page, 0)]
    [InlineData(Mlock, Page, 2 * Page, ENOMEM)]
    public void RangesOfTwoPagesBeforeAHole(int number, ulong offset, ulong bytes, int expected)
    {
        foreach (ulong tag in (ulong[])[0, Tagged])
        {
            Result result = null!;
            ScriptRun run = ScriptGuest.Run(s =>
            {
                s.Call(Mmap, Place, 2 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
                result = s.Call(number, (Place + offset) | tag, bytes, number == Msync ? 4 : 1);
            });

            Assert.Equal(expected, run[result]);
        }
    }

    [Theory]
    [InlineData(0, ENOMEM, 0)] // MS_ nothing is allowed, but there is a hole
    [InlineData(5, EINVAL, EINVAL)] // asynchronous and synchronous
    [InlineData(8, EINVAL, EINVAL)]
    [InlineData(1, ENOMEM, 0)]
    public void MsyncLooksAtItsFlagsFirst(int flags, int ofHole, int ofPage)
    {
        Result hole = null!, page = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            hole = s.Call(Msync, Place, Page, flags);
            page = s.Call(Msync, GuestScript.DataStart, Page, flags);
        });

        Assert.Equal([ofHole, ofPage], run.All(hole, page));
    }

    [Fact]
    public void RightsAreHeldByCopiesAndByInstructions()
    {
        Result readOnly = null!, none = null!, written = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/dev/zero");
            Result zero = s.Call(OpenAt, Here, name, ReadWrite, 0);
            s.Call(Mmap, Place, 2 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            s.Call(Mprotect, Place, Page, 1);
            s.Call(Mprotect, Place + Page, Page, 0);
            readOnly = s.Call(Read, zero, Place, 8);
            none = s.Call(Write, zero, Place + Page, 8);
            s.Call(Mprotect, Place, Page, 3);
            written = s.Call(Read, zero, Place, 8);
        });
        Assert.Equal([EFAULT, EFAULT, 8], run.All(readOnly, none, written));

        ScriptRun fault = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, Page, 1, Private | Anonymous | Fixed, -1, 0);
            s.Store(Place, 1);
        });
        Assert.Equal(11, fault.Outcome.Signal);
    }

    [Theory]
    [InlineData(2 * Page, 0UL, 1, EINVAL)] // to nothing
    [InlineData(2 * Page, Page, 8, EINVAL)] // an unknown flag
    [InlineData(2 * Page, Page, 2, EINVAL)] // fixed, and may not move
    [InlineData(0UL, Page, 1, EINVAL)] // a copy of private memory
    [InlineData(2 * Page, 2 * Page, 4, EINVAL)] // keeps the old place, and may not move
    [InlineData(3 * Page, 4 * Page, 1, EFAULT)] // there is a hole
    [InlineData(ulong.MaxValue - Page + 1, Page, 1, EINVAL)] // what is cut off wraps
    [InlineData(ulong.MaxValue - Page + 1, Page, 3, EINVAL)]
    [InlineData(Page, 1UL << 50, 1, ENOMEM)]
    public void WhatMremapRefuses(ulong bytes, ulong newBytes, int flags, int error)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, 2 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            result = s.Call(Mremap, Place, bytes, newBytes, flags, Place + (64 * Page));
        });

        Assert.Equal(error, run[result]);
    }

    [Fact]
    public void AMappingGrowsMovesAndShrinks()
    {
        Result grown = null!, first = null!, fresh = null!, shrunk = null!, cut = null!, old = null!, moved = null!, atNew = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(Mmap, Place, 2 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            s.Call(Mmap, Place + (2 * Page), Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            s.Store(Place, 5);
            grown = s.Call(Mremap, Place, 2 * Page, 8 * Page, 1);
            first = s.Load(grown);
            fresh = s.Load(grown + (7 * 4096));
            old = s.Call(Msync, Place, Page, 4);
            shrunk = s.Call(Mremap, grown, 8 * Page, Page, 0);
            cut = s.Call(Msync, grown, 2 * Page, 4);
            moved = s.Call(Mremap, grown, Page, Page, 3, Place + (32 * Page));
            atNew = s.Load(Place + (32 * Page));
        });

        Assert.Equal([5, 0, ENOMEM, ENOMEM, (long)(Place + (32 * Page)), 5], run.All(first, fresh, old, cut, moved, atNew));
        Assert.Equal(run[grown], run[shrunk]);
    }

    [Fact]
    public void AdviceForgetsPopulatesOrIsRefused()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong map = s.Room(16);
            s.Call(Mmap, Place, 2 * Page, ReadWriteRights, Private | Anonymous | Fixed, -1, 0);
            s.Store(Place, 6);
            results.Add(s.Call(Madvise, Place, 2 * Page, 4)); // MADV_DONTNEED
            results.Add(s.Call(Mincore, Place, 2 * Page, map));
            results.Add(s.Load(map, 1));
            results.Add(s.Load(Place));
            results.Add(s.Call(Madvise, Place, 2 * Page, 23)); // MADV_POPULATE_WRITE
            results.Add(s.Call(Mincore, Place | Tagged, 2 * Page, map));
            results.Add(s.Load(map + 1, 1));
            results.Add(s.Call(Madvise, Place + 1, Page, 4));
            results.Add(s.Call(Madvise, Place, Page, 99));
            results.Add(s.Call(Madvise, Place, 3 * Page, 4));
            results.Add(s.Call(Madvise, Place, 0, 4));
            results.Add(s.Call(Mincore, Place + 8, Page, map));
            results.Add(s.Call(Mincore, Place, 4 * Page, map));
            results.Add(s.Call(Mincore, Place, Page, 16));
        });

        Assert.Equal([0, 0, 0, 0, 0, 0, 1, EINVAL, EINVAL, ENOMEM, 0, EINVAL, ENOMEM, EFAULT], run.All([.. results]));
    }

    [Fact]
    public void TheBreakMovesUpAndDownAndStopsAtAMapping()
    {
        Result start = null!, up = null!, data = null!, down = null!, gone = null!, below = null!, blocked = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            start = s.Call(Brk, 0);
            up = s.Call(Brk, start + 10000);
            s.Store(up + -8, 4);
            data = s.Load(up + -8);
            down = s.Call(Brk, start + 1);
            gone = s.Call(Mincore, start + 8192, Page, GuestScript.DataStart);
            below = s.Call(Brk, start + -1);
            s.Call(Mmap, start + (16 * 4096), Page, 3, Private | Anonymous | Fixed, -1, 0);
            blocked = s.Call(Brk, start + (20 * 4096));
        });

        Assert.Equal([run[start] + 10000, 4, run[start] + 1, ENOMEM, run[start] + 1, run[start] + 1],
            run.All(up, data, down, gone, below, blocked));
    }

    [Fact]
    public void FilesAreMappedPrivatelyAndShared()
    {
        Result copied = null!, inFile = null!, shared = null!, written = null!, readOnly = null!, writeOnly = null!, far = null!,
            below = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/file");
            ulong text = s.Text("content!");
            ulong buffer = s.Room(16);
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create, 0x1B6);
            s.Call(Write, file, text, 8);
            Result one = s.Call(Mmap, 0, Page, 3, Private, file, 0);
            s.Store(one, (int)'X', 1);
            copied = s.Load(one, 1);
            s.Call(Pread, file, buffer, 8, 0);
            inFile = s.Load(buffer, 1);
            Result two = s.Call(Mmap, 0, Page, 3, Shared, file, 0);
            s.Store(two + 1, (int)'Y', 1);
            s.Call(Pread, file, buffer, 8, 0);
            shared = s.Load(buffer + 1, 1);
            s.Call(Pwrite, file, text, 8, 0);
            written = s.Load(two + 1, 1);
            Result only = s.Call(OpenAt, Here, name, ReadOnly, 0);
            readOnly = s.Call(Mmap, 0, Page, 3, Shared, only, 0);
            far = s.Call(Mmap, 0, Page, 1, Private, only, 1L << 60);
            below = s.Call(Mmap, 0, Page, 1, Private, only, -4096);
            Result writes = s.Call(OpenAt, Here, name, WriteOnly, 0);
            writeOnly = s.Call(Mmap, 0, Page, 1, Private, writes, 0);
        });

        Assert.Equal(
            ['X', 'c', 'Y', 'o', EACCES, EACCES, EOVERFLOW, EOVERFLOW],
            run.All(copied, inFile, shared, written, readOnly, writeOnly, far, below));
    }

    [Fact]
    public void AHintThatNoTableReachesIsNone()
    {
        Result mapped = null!, moved = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            const int populated = 0x8022;
            mapped = s.Call(Mmap, -1, Page, 3, populated, -1, 0);
            moved = s.Call(Mremap, mapped, Page, Page, 3, -(long)Page);
        });

        Assert.InRange(run[mapped], 1, (1L << 39) - 4096);
        Assert.Equal(EINVAL, run[moved]);
    }
}
