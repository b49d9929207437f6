using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>userfaultfd: faults that wait for the program's own word.</summary>
public sealed class UserfaultTests
{
    private const int ReadWriteRights = 3;
    private const int PrivateAnonymous = 0x22;
    private const int Fixed = 0x10;
    private const int EIO = -5;
    private const int VmSplice = 75, ProcessRead = 270, ProcessWrite = 271;
    private const int Ioctl = 29, Userfaultfd = 282;
    private const uint Api = 0xC018AA3F, Register = 0xC020AA00, Unregister = 0x8010AA01, Copy = 0xC028AA03, Protect = 0xC018AA06;
    private const ulong Missing = 1, Writes = 2;
    private const ulong Place = 0x10_0000_0000;
    private const ulong Source = 0x11_0000_0000;

    [Fact]
    public void AThreadWaitsForAPageUntilItIsGiven()
    {
        Result got = null!, flags = null!, address = null!, copied = null!, value = null!, again = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Missing);
            ulong message = s.Room(32), give = s.Words(Place, Source, Page, 0, 0), ended = s.Words(1);
            s.Store(Source, 42);
            s.Thread(s.Room(256) + 256, () => s.Store(ended, s.Load(Place)));
            got = s.Call(Read, file, message, 32);
            flags = s.Load(message + 8);
            address = s.Load(message + 16);
            copied = s.Call(Ioctl, file, Copy, give);
            again = s.Call(Ioctl, file, Copy, give);
            s.Repeat(500, () => s.Call(Yield));
            value = s.Load(ended);
        });

        Assert.Equal([32, 0, (long)Place, 0, EEXIST, 42], run.All(got, flags, address, copied, again, value));
    }

    [Fact]
    public void AWriteToAMarkedPageWaitsUntilTheMarkIsGone()
    {
        Result before = null!, got = null!, flags = null!, cleared = null!, after = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Writes);
            ulong message = s.Room(32), mark = s.Words(Place, Page, 1), clear = s.Words(Place, Page, 0);
            s.Store(Place, 1);
            s.Call(Ioctl, file, Protect, mark);
            s.Thread(s.Room(256) + 256, () => s.Store(Place, 2));
            got = s.Call(Read, file, message, 32);
            flags = s.Load(message + 8);
            before = s.Load(Place);
            cleared = s.Call(Ioctl, file, Protect, clear);
            s.Repeat(500, () => s.Call(Yield));
            after = s.Load(Place);
        });

        Assert.Equal([32, 3, 1, 0, 2], run.All(got, flags, before, cleared, after));
    }

    [Fact]
    public void ACallWaitsForAPageThatItCopiesFrom()
    {
        Result written = null!, got = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Missing);
            ulong message = s.Room(32), give = s.Words(Place, Source, Page, 0, 0), pipe = s.Room(8), ended = s.Words(0);
            s.Call(Pipe2, pipe, 0);
            Result writer = s.Load(pipe + 4, 4);
            s.Thread(s.Room(256) + 256, () => s.Store(ended, s.Call(Write, writer, Place, 8)));
            got = s.Call(Read, file, message, 32);
            s.Call(Ioctl, file, Copy, give);
            s.Repeat(500, () => s.Call(Yield));
            written = s.Load(ended);
        });

        Assert.Equal([32, 8], run.All(got, written));
    }

    [Theory]
    [InlineData(ProcessRead, 8)]
    [InlineData(ProcessWrite, 8)]
    [InlineData(VmSplice, 16)]
    public void WhoReachesForAPageWithoutItsCpuWaits(int number, int expected)
    {
        Result got = null!, address = null!, more = null!, done = null!, value = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Missing);
            ulong message = s.Room(32), give = s.Words(Place, Source, Page, 0, 0), pipe = s.Room(8), ended = s.Words(0);
            ulong bytes = s.Words(0), here = s.Words(bytes, 8), there = s.Words(Place, number == VmSplice ? 16UL : 8);
            s.Store(Source, 42);
            s.Call(Pipe2, pipe, 0);
            Result reader = s.Load(pipe, 4), writer = s.Load(pipe + 4, 4), self = s.Call(GetPid);
            s.Thread(s.Room(256) + 256, () => s.Store(ended, number == VmSplice
                ? s.Call(VmSplice, writer, there, 1, 0) : s.Call(number, self, here, 1, there, 1, 0)));
            got = s.Call(Read, file, message, 32);
            address = s.Load(message + 16);
            s.Call(Fcntl, file, 4, NonBlocking);
            more = s.Call(Read, file, message, 32);
            s.Call(Ioctl, file, Copy, give);
            s.Repeat(500, () => s.Call(Yield));
            done = s.Load(ended);
            s.Call(Fcntl, reader, 4, NonBlocking);
            s.Call(Read, reader, bytes, 8);
            value = s.Load(number == ProcessWrite ? Place : bytes);
        });

        Assert.Equal([32, (long)Place, EAGAIN, expected, number == ProcessWrite ? 0 : 42], run.All(got, address, more, done, value));
    }

    [Fact]
    public void AForcedAccessIsRefusedAndTellsNobody()
    {
        Result read = null!, told = null!, after = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(0);
            Result file = Begin(s, Missing);
            s.Call(Fcntl, file, 4, NonBlocking);
            Result memory = s.Call(OpenAt, Here, s.Text("/proc/self/mem"), ReadOnly, 0);
            read = s.Call(Pread, memory, bytes, 8, Place);
            s.Store(Source, 3);
            after = s.Load(Source);
            told = s.Call(Read, file, bytes, 32);
        });

        Assert.Equal([EIO, 3, EAGAIN], run.All(read, after, told));
    }

    [Fact]
    public void WhatIsSwappedOutStaysMarked()
    {
        Result got = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Writes);
            ulong message = s.Room(32), mark = s.Words(Place, Page, 1), range = s.Words(Place, Page);
            s.Store(Place, 1);
            s.Call(Ioctl, file, Protect, mark);
            s.Call(Madvise, Place, Page, 21);
            s.Thread(s.Room(256) + 256, () => s.Store(Place, 2));
            got = s.Call(Read, file, message, 32);
            s.Call(Ioctl, file, Unregister, range);
            s.Repeat(500, () => s.Call(Yield));
        });

        Assert.Equal(32, run[got]);
    }

    [Fact]
    public void ACopyWhoseSourceEndsTellsHowFarItCame()
    {
        Result part = null!, copied = null!, value = null!, none = null!, nothing = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = Begin(s, Missing);
            ulong both = s.Words(Place, Page * 2, Missing, 0), ended = s.Words(1);
            ulong give = s.Words(Place, Source, Page * 2, 0, 0), more = s.Words(Place + Page, Source + Page, Page, 0, 0);
            s.Call(Mmap, Place + Page, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Call(Ioctl, file, Register, both);
            s.Store(Source, 42);
            s.Thread(s.Room(256) + 256, () => s.Store(ended, s.Load(Place)));
            s.Repeat(50, () => s.Call(Yield));
            part = s.Call(Ioctl, file, Copy, give);
            copied = s.Load(give + 32);
            s.Repeat(500, () => s.Call(Yield));
            value = s.Load(ended);
            none = s.Call(Ioctl, file, Copy, more);
            nothing = s.Load(more + 32);
        });

        Assert.Equal([EAGAIN, (long)Page, 42, EFAULT, EFAULT], run.All(part, copied, value, none, nothing));
    }

    [Fact]
    public void WhatIsRefused()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            results.Add(s.Call(Userfaultfd, 2));
            Result file = s.Call(Userfaultfd, NonBlocking);
            ulong api = s.Words(0xAA, 0, 0), register = s.Words(Place, Page, Missing, 0), give = s.Words(Place, Source, Page, 0, 0);
            results.Add(s.Call(Ioctl, file, Register, register)); // nothing was agreed upon yet
            results.Add(s.Call(Ioctl, file, Api, api));
            results.Add(s.Call(Ioctl, file, Api, api));
            results.Add(s.Call(Ioctl, file, Register, register)); // nothing is there
            s.Call(Mmap, Place, Page, ReadWriteRights, 0x21 | Fixed, -1, 0);
            results.Add(s.Call(Ioctl, file, Register, register)); // shared
            s.Call(Mmap, Source, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            results.Add(s.Call(Ioctl, file, Copy, give)); // not watched
            results.Add(s.Call(Read, file, give, 32));
        });

        Assert.Equal([EINVAL, EINVAL, 0, EINVAL, ENOMEM, EINVAL, ENOENT, EAGAIN], run.All([.. results]));
    }

    /// <summary>A userfaultfd that watches a page at <see cref="Place"/>; one at <see cref="Source"/> is free to use.</summary>
    private static Result Begin(GuestScript script, ulong mode)
    {
        Result file = script.Call(Userfaultfd, 0);
        script.Call(Mmap, Place, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
        script.Call(Mmap, Source, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
        script.Call(Ioctl, file, Api, script.Words(0xAA, 0, 0));
        script.Call(Ioctl, file, Register, script.Words(Place, Page, mode, 0));
        return file;
    }
}
