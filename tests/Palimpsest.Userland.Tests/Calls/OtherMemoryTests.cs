using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Memory that others reach: /proc/self/mem, process_vm_readv, vmsplice, pidfd_open and process_mrelease, memfd seals.</summary>
public sealed class OtherMemoryTests
{
    private const int ReadWriteRights = 3;
    private const int PrivateAnonymous = 0x22;
    private const int SharedAnonymous = 0x21;
    private const int Fixed = 0x10;
    private const int EIO = -5, EBUSY = -16, EFBIG = -27;
    private const int VmSplice = 75, ProcessRead = 270, ProcessWrite = 271, PidfdOpen = 434, MemoryRelease = 448, Fallocate = 47;
    private const int AddSeals = 1033, GetSeals = 1034;
    private const ulong Place = 0x10_0000_0000;

    [Fact]
    public void AForcedWriteGoesToACopyThatStaysReadOnly()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(77);
            ulong status = s.Words(0);
            Result file = s.Call(OpenAt, Here, s.Text("/proc/self/mem"), ReadWrite, 0);
            s.Call(Mmap, Place, Page, 1, PrivateAnonymous | Fixed, -1, 0);
            s.Load(Place);
            results.Add(s.Call(Pwrite, file, bytes, 8, Place));
            results.Add(s.Load(Place));
            s.Fork(0, () => s.Store(Place, 1));
            s.Call(Wait4, -1, status, 0, 0);
            results.Add(s.Load(status, 4));
            s.Call(Mmap, Place + Page, Page, 1, SharedAnonymous | Fixed, -1, 0);
            results.Add(s.Call(Pwrite, file, bytes, 8, Place + Page));
            results.Add(s.Call(Pread, file, bytes, 8, Place + (2 * Page)));
        });

        Assert.Equal([8, 77, 11, EIO, EIO], run.All([.. results]));
    }

    [Fact]
    public void AForcedReadReachesWhatMayNotBeRead()
    {
        Result read = null!, value = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(0);
            Result file = s.Call(OpenAt, Here, s.Text("/proc/self/mem"), ReadOnly, 0);
            s.Call(Mmap, Place, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Store(Place, 5);
            s.Call(Mprotect, Place, Page, 0);
            read = s.Call(Pread, file, bytes, 8, Place);
            value = s.Load(bytes);
        });

        Assert.Equal([8, 5], run.All(read, value));
    }

    [Fact]
    public void AProcessReadsAndWritesAnotherWithTheRightsThatThatHas()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(0);
            ulong here = s.Words(bytes, 8), there = s.Words(Place, 8), locked = s.Words(Place + Page, 8), pipe = s.Room(8);
            s.Call(Mmap, Place, 2 * Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Store(Place, 1);
            s.Call(Mprotect, Place + Page, Page, 1);
            s.Call(Pipe2, pipe, 0);
            Result end = s.Load(pipe, 4);
            Result child = s.Fork(0, () => s.Call(Read, end, bytes, 1));
            s.Store(Place, 2);
            results.Add(s.Call(ProcessRead, child, here, 1, there, 1, 0));
            results.Add(s.Load(bytes));
            results.Add(s.Call(ProcessWrite, child, here, 1, locked, 1, 0));
            results.Add(s.Call(ProcessRead, 9999, here, 1, there, 1, 0));
            results.Add(s.Call(ProcessRead, child, here, 1, there, 1, 1));
            s.Call(Kill, child, 9);
            s.Call(Wait4, -1, 0, 0, 0);
        });

        Assert.Equal([8, 1, EFAULT, ESRCH, EINVAL], run.All([.. results]));
    }

    [Fact]
    public void TagsOfAddressesAreTakenOff()
    {
        const ulong tagged = Place | 5UL << 56;
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(0), here = s.Words(bytes, 8), there = s.Words(tagged, 8);
            s.Call(Mmap, Place, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Store(Place, 6);
            Result self = s.Call(GetPid);
            results.Add(s.Call(ProcessRead, self, here, 1, there, 1, 0));
            results.Add(s.Load(bytes));
            s.Store(bytes, 7);
            results.Add(s.Call(ProcessWrite, self, here, 1, there, 1, 0));
            Result file = s.Call(OpenAt, Here, s.Text("/proc/self/mem"), ReadOnly, 0);
            s.Store(bytes, 0);
            results.Add(s.Call(Pread, file, bytes, 8, tagged));
            results.Add(s.Load(bytes));
        });

        Assert.Equal([8, 6, 8, 8, 7], run.All([.. results]));
    }

    [Fact]
    public void ASplicedPageIsReadAsItIsWhenItIsReadAndOutlivesItsMapping()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong pipe = s.Room(8), bytes = s.Words(0), vector = s.Words(Place, 16);
            s.Call(Pipe2, pipe, 0);
            Result reader = s.Load(pipe, 4), writer = s.Load(pipe + 4, 4);
            s.Call(Mmap, Place, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Store(Place, 1);
            s.Store(Place + 8, 2);
            results.Add(s.Call(VmSplice, writer, vector, 1, 0));
            s.Call(Munmap, Place, Page);
            results.Add(s.Call(Read, reader, bytes, 8));
            results.Add(s.Load(bytes));
            s.Call(Read, reader, bytes, 8);
            results.Add(s.Load(bytes));
            results.Add(s.Call(VmSplice, writer, vector, 1, 0));
        });

        Assert.Equal([16, 8, 1, 2, EFAULT], run.All([.. results]));
    }

    [Fact]
    public void APageIsSplicedWhenThePipeHasRoomForAllOfIt()
    {
        Result refused = null!, spliced = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            const int nonBlocking = 2;
            ulong pipe = s.Room(8), vector = s.Words(Place, Page), ended = s.Words(0);
            s.Call(Pipe2, pipe, 0);
            Result reader = s.Load(pipe, 4), writer = s.Load(pipe + 4, 4);
            s.Call(Mmap, Place, 16 * Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Call(Write, writer, Place, 65000);
            refused = s.Call(VmSplice, writer, vector, 1, nonBlocking);
            s.Thread(s.Room(256) + 256, () => s.Store(ended, s.Call(VmSplice, writer, vector, 1, 0)));
            s.Repeat(50, () => s.Call(Yield));
            s.Call(Read, reader, Place, Page);
            s.Repeat(500, () => s.Call(Yield));
            spliced = s.Load(ended);
        });

        Assert.Equal([EAGAIN, (long)Page], run.All(refused, spliced));
    }

    [Fact]
    public void WhoWritesToASplicedPageThatWasSharedCopiesIt()
    {
        Result value = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong pipe = s.Room(8), bytes = s.Words(0), vector = s.Words(Place, 8);
            s.Call(Pipe2, pipe, 0);
            Result reader = s.Load(pipe, 4), writer = s.Load(pipe + 4, 4);
            s.Call(Mmap, Place, Page, ReadWriteRights, PrivateAnonymous | Fixed, -1, 0);
            s.Store(Place, 1);
            s.Fork(0, () => s.Call(VmSplice, writer, vector, 1, 0));
            s.Call(Wait4, -1, 0, 0, 0);
            s.Store(Place, 2);
            s.Call(Read, reader, bytes, 8);
            value = s.Load(bytes);
        });

        Assert.Equal(1, run[value]);
    }

    [Fact]
    public void TheMemoryOfWhoIsBeingKilledCanBeReleased()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong pipe = s.Room(8), bytes = s.Words(0);
            s.Call(Pipe2, pipe, 0);
            Result end = s.Load(pipe, 4);
            Result child = s.Fork(0, () => s.Call(Read, end, bytes, 1));
            results.Add(s.Call(MemoryRelease, -1, 0));
            Result file = s.Call(PidfdOpen, child, 0);
            results.Add(s.Call(MemoryRelease, file, 1));
            results.Add(s.Call(MemoryRelease, file, 0));
            s.Call(Kill, child, 9);
            results.Add(s.Call(MemoryRelease, file, 0));
            s.Call(Wait4, -1, 0, 0, 0);
            results.Add(s.Call(MemoryRelease, file, 0));
            results.Add(s.Call(PidfdOpen, 9999, 0));
        }, options => options with { SliceInstructions = 100_000 });

        Assert.Equal([EBADF, EINVAL, EINVAL, 0, ESRCH, ESRCH], run.All([.. results]));
    }

    [Fact]
    public void SealsOfAMemoryFileForbidWhatTheyName()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong byteToWrite = s.Words(1);
            Result closed = s.Call(MemfdCreate, s.Text("closed"), 0);
            results.Add(s.Call(Fcntl, closed, AddSeals, 2));
            Result file = s.Call(MemfdCreate, s.Text("open"), 2);
            results.Add(s.Call(Fallocate, file, 0, 0, Page));
            Result at = s.Call(Mmap, 0, Page, ReadWriteRights, 1, file, 0);
            results.Add(s.Call(Fcntl, file, AddSeals, 8));
            s.Call(Munmap, at, Page);
            results.Add(s.Call(Fcntl, file, AddSeals, 8 | 2));
            results.Add(s.Call(Fcntl, file, GetSeals));
            results.Add(s.Call(Write, file, byteToWrite, 1));
            results.Add(s.Call(Ftruncate, file, 0));
            results.Add(s.Call(Ftruncate, file, 2 * Page));
            results.Add(s.Call(Mmap, 0, Page, ReadWriteRights, 1, file, 0));
            Result read = s.Call(Mmap, 0, Page, 1, 1, file, 0);
            results.Add(s.Call(Mprotect, read, Page, ReadWriteRights));
        });

        Assert.Equal([EPERM, 0, EBUSY, 0, 10, EPERM, EPERM, 0, EPERM, EACCES], run.All([.. results]));
    }

    [Fact]
    public void NoFileIsLongerThanItsPagesCanBeCounted()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong bytes = s.Words(1);
            Result file = s.Call(MemfdCreate, s.Text("long"), 0);
            results.Add(s.Call(Fallocate, file, 0, 0, 1L << 50));
            results.Add(s.Call(Fallocate, file, 0, 2, long.MaxValue));
            results.Add(s.Call(Fallocate, file, 0, long.MaxValue, 2));
            results.Add(s.Call(Ftruncate, file, 1L << 50));
            results.Add(s.Call(Pwrite, file, bytes, 8, 1L << 45));
            results.Add(s.Call(Lseek, file, 0, 2));
            results.Add(s.Call(Fallocate, file, 0, 0, 1L << 40));
        });

        Assert.Equal([EFBIG, EFBIG, EFBIG, EFBIG, EFBIG, 0, 0], run.All([.. results]));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void WhoDeniesWriteAndExecuteGainsNoCode(int denials, bool isInherited)
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Words(0);
            s.Call(Mmap, Place, Page, 1, PrivateAnonymous | Fixed, -1, 0);
            s.Call(Mmap, Place + Page, Page, 5, PrivateAnonymous | Fixed, -1, 0);
            results.Add(s.Call(Prctl, 65, denials, 0, 0, 0));
            results.Add(s.Call(Prctl, 65, 0, 0, 0, 0));
            results.Add(s.Call(Mmap, 0, Page, 6, PrivateAnonymous, -1, 0));
            results.Add(s.Call(Mprotect, Place, Page, 5));
            results.Add(s.Call(Mprotect, Place + Page, Page, 5));
            s.Fork(0, () => s.If(s.Call(Mprotect, Place, Page, 5), isZero: true, () => s.Exit(3)));
            s.Call(Wait4, -1, status, 0, 0);
            results.Add(s.Load(status, 4));
        });

        Assert.Equal([0, EPERM, EACCES, EACCES, 0, isInherited ? 0 : 3 << 8], run.All([.. results]));
    }
}
