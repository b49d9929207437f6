using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Pipes that are full, empty or closed, descriptors that are copied, and waiting for several of them.</summary>
public sealed class PipeTests
{
    [Fact]
    public void BytesComeInOrderAndThenTheEnd()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, 0);
            ulong buffer = s.Room(16);
            results.Add(s.Call(Write, writer, s.Text("abcdef"), 6));
            results.Add(s.Call(Read, reader, buffer, 4));
            results.Add(s.Load(buffer, 4));
            results.Add(s.Call(Read, reader, buffer, 16));
            results.Add(s.Call(Close, writer));
            results.Add(s.Call(Read, reader, buffer, 16));
            results.Add(s.Call(Read, writer, buffer, 1));
            results.Add(s.Call(Lseek, reader, 0, 0));
            results.Add(s.Call(Pread, reader, buffer, 1, 0));
            results.Add(s.Call(Write, reader, buffer, 1));
        });

        Assert.Equal([6, 4, 0x64636261, 2, 0, 0, EBADF, ESPIPE, ESPIPE, EBADF], run.All([.. results]));
    }

    [Fact]
    public void AFullPipeTakesNoMoreAndSmallWritesAreWhole()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, NonBlocking);
            ulong page = s.Room(4096);
            results.Add(s.Call(Read, reader, page, 1));
            s.Repeat(15, () => s.Call(Write, writer, page, 4096));
            results.Add(s.Call(Write, writer, page, 4000));
            results.Add(s.Call(Write, writer, page, 97)); // at most a page, and more than there is room
            results.Add(s.Call(Write, writer, page, 96));
            results.Add(s.Call(Write, writer, page, 1));
            results.Add(s.Call(Read, reader, page, 10));
            results.Add(s.Call(Write, writer, page, 10));
        });

        Assert.Equal([EAGAIN, 4000, EAGAIN, 96, EAGAIN, 10, 10], run.All([.. results]));
    }

    [Fact]
    public void WithoutAReaderAWriteIsASignalOrAnError()
    {
        ScriptRun signal = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, 0);
            s.Call(Close, reader);
            s.Call(Write, writer, s.Text("x"), 1);
        });
        Assert.Equal(13, signal.Outcome.Signal);

        Result error = null!;
        ScriptRun ignored = ScriptGuest.Run(s =>
        {
            s.Call(SigAction, 13, s.Words(1, 0, 0, 0), 0, 8);
            (Result reader, Result writer) = Pipe(s, 0);
            s.Call(Close, reader);
            error = s.Call(Write, writer, s.Text("x"), 1);
        });
        Assert.Equal(EPIPE, ignored[error]);
    }

    [Fact]
    public void AReaderWaitsForItsWriterAndAWriterForRoom()
    {
        Result got = null!, wrote = null!, end = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, 0);
            ulong big = s.Room(4096);
            ulong area = 0x10_0000_0000;
            s.Call(Mmap, area, 200_000, 3, 0x32, -1, 0);
            s.Fork(0, () =>
            {
                s.Call(Close, reader);
                Result all = s.Call(Write, writer, area, 150_000);
                s.Call(ExitGroup, all + (-150_000 + 3));
            });
            s.Call(Close, writer);
            got = s.Call(Read, reader, big, 4096);
            s.Repeat(80, () => s.Call(Read, reader, big, 4096));
            end = s.Call(Read, reader, big, 1);
            ulong status = s.Room(4);
            s.Call(Wait4, -1, status, 0, 0);
            wrote = s.Load(status, 4);
        });

        Assert.Equal([4096, 0, 3 << 8], run.All(got, end, wrote));
    }

    [Fact]
    public void CopiesOfADescriptorShareItsPlaceAndNotItsFlag()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong text = s.Text("0123456789");
            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create | CloseOnExec, 0x1B6);
            Result copy = s.Call(Dup, file);
            s.Call(Write, file, text, 10);
            results.Add(s.Call(Lseek, copy, 0, 1));
            results.AddRange([s.Call(Fcntl, file, 1, 0), s.Call(Fcntl, copy, 1, 0)]);
            s.Call(Fcntl, copy, 2, 1);
            results.Add(s.Call(Fcntl, copy, 1, 0));
            results.Add(s.Call(Fcntl, file, 0, 100)); // F_DUPFD
            results.Add(s.Call(Fcntl, file, 1030, 100)); // F_DUPFD_CLOEXEC
            results.Add(s.Call(Fcntl, 101, 1, 0));
            results.Add(s.Call(Dup3, file, 50, 0));
            results.Add(s.Call(Dup3, file, file, 0));
            results.Add(s.Call(Dup3, 60, 61, 0));
            results.Add(s.Call(Dup3, file, 5000, 0));
            results.Add(s.Call(Close, file));
            results.Add(s.Call(Write, copy, text, 1));
            results.Add(s.Call(Close, file));
            results.Add(s.Call(Fcntl, copy, 999, 0));
            results.Add(s.Call(Fcntl, copy, 0, -1));
            results.Add(s.Call(Fcntl, copy, 0, 5000));
        });

        Assert.Equal(
            [10, 1, 0, 1, 100, 101, 1, 50, EINVAL, EBADF, EBADF, 0, 1, EBADF, EINVAL, EINVAL, EINVAL], run.All([.. results]));
    }

    [Fact]
    public void FlagsThatMayChangeDoAndOthersStay()
    {
        Result before = null!, after = null!, empty = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, _) = Pipe(s, 0);
            before = s.Call(Fcntl, reader, 3, 0);
            s.Call(Fcntl, reader, 4, NonBlocking | WriteOnly);
            after = s.Call(Fcntl, reader, 3, 0);
            empty = s.Call(Read, reader, s.Room(8), 8);
        });

        Assert.Equal([0, NonBlocking, EAGAIN], run.All(before, after, empty));
    }

    [Fact]
    public void PollTellsWhatCanBeDone()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, 0);
            ulong polled = s.Room(32);
            ulong now = s.Words(0, 0);
            s.Store(polled, reader, 4);
            s.Store(polled + 4, 1, 4);
            s.Store(polled + 8, writer, 4);
            s.Store(polled + 12, 4, 4);
            s.Store(polled + 16, 77, 4);
            s.Store(polled + 20, 1, 4);
            s.Store(polled + 24, -1, 4);
            results.Add(s.Call(Ppoll, polled, 4, now, 0));
            results.AddRange([s.Load(polled + 6, 1), s.Load(polled + 14, 1), s.Load(polled + 22, 1), s.Load(polled + 30, 1)]);
            s.Call(Write, writer, polled, 1);
            s.Call(Close, writer);
            results.Add(s.Call(Ppoll, polled, 1, now, 0));
            results.Add(s.Load(polled + 6, 1));
            s.Call(Read, reader, polled + 16, 1);
            s.Call(Ppoll, polled, 1, now, 0);
            results.Add(s.Load(polled + 6, 1));
            results.Add(s.Call(Ppoll, 16, 1, now, 0));
            results.Add(s.Call(Ppoll, polled, -1, now, 0));
        });

        Assert.Equal([2, 0, 4, 32, 0, 1, 17, 16, EFAULT, EINVAL],
            run.All([.. results]));
    }

    [Fact]
    public void CountersAddAndTake()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong seven = s.Words(7);
            ulong most = s.Words(ulong.MaxValue - 1);
            ulong all = s.Words(ulong.MaxValue);
            ulong taken = s.Room(8);
            Result counter = s.Call(EventFd, 3, NonBlocking);
            results.Add(s.Call(Write, counter, seven, 8));
            results.Add(s.Call(Read, counter, taken, 8));
            results.Add(s.Load(taken));
            results.Add(s.Call(Read, counter, taken, 8));
            results.Add(s.Call(Write, counter, all, 8));
            results.Add(s.Call(Write, counter, seven, 4));
            results.Add(s.Call(Read, counter, taken, 4));
            results.Add(s.Call(Write, counter, most, 8));
            results.Add(s.Call(Write, counter, seven, 8));
            Result semaphore = s.Call(EventFd, 2, NonBlocking | 1);
            s.Call(Read, semaphore, taken, 8);
            results.Add(s.Load(taken));
            s.Call(Read, semaphore, taken, 8);
            results.Add(s.Call(Read, semaphore, taken, 8));
        });

        Assert.Equal([8, 8, 10, EAGAIN, EINVAL, EINVAL, EINVAL, 8, EAGAIN, 1, EAGAIN], run.All([.. results]));
    }

    [Fact]
    public void EpollTellsWhatWasAskedFor()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            (Result reader, Result writer) = Pipe(s, 0);
            ulong wanted = s.Words(1, 0xABCD);
            ulong told = s.Room(64);
            Result poll = s.Call(EpollCreate, 0);
            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, 0x1B6);
            results.Add(s.Call(EpollCtl, poll, 1, reader, wanted));
            results.Add(s.Call(EpollCtl, poll, 1, reader, wanted));
            results.Add(s.Call(EpollCtl, poll, 3, writer, wanted));
            results.Add(s.Call(EpollCtl, poll, 1, file, wanted));
            results.Add(s.Call(EpollCtl, poll, 1, 99, wanted));
            results.Add(s.Call(EpollCtl, file, 1, reader, wanted));
            results.Add(s.Call(EpollWait, poll, told, 4, 0));
            s.Call(Write, writer, told, 1);
            results.Add(s.Call(EpollWait, poll, told, 4, -1));
            results.AddRange([s.Load(told, 4), s.Load(told + 8)]);
            results.Add(s.Call(EpollWait, poll, told, 0, 0));
            results.Add(s.Call(EpollCtl, poll, 2, reader, 0));
            results.Add(s.Call(EpollWait, poll, told, 4, 0));
        });

        Assert.Equal([0, EEXIST, ENOENT, EPERM, EBADF, EINVAL, 0, 1, 1, 0xABCD, EINVAL, 0, 0], run.All([.. results]));
    }

    private static (Result Reader, Result Writer) Pipe(GuestScript s, int flags)
    {
        ulong numbers = s.Room(8);
        s.Call(Pipe2, numbers, flags);
        return (s.Load(numbers, 4), s.Load(numbers + 4, 4));
    }
}
