using System.Buffers.Binary;
using System.Text;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Tests.Scripts;

/// <summary>Runs programs that are written in tests, in a folder and on a machine of their own.</summary>
internal sealed class ScriptGuest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public string Folder => _folder.FullName;

    /// <summary>Writes a program, runs it to its end, and has the kernel audited.</summary>
    public static ScriptRun Run(Action<GuestScript> write, Func<GuestOptions, GuestOptions>? adjust = null)
    {
        using ScriptGuest guest = new();
        return guest.RunHere(write, adjust);
    }

    public ScriptRun RunHere(Action<GuestScript> write, Func<GuestOptions, GuestOptions>? adjust = null)
    {
        GuestScript script = new();
        write(script);
        return RunFile(script.Build(), adjust);
    }

    public ScriptRun RunFile(byte[] program, Func<GuestOptions, GuestOptions>? adjust = null)
    {
        File.WriteAllBytes(Path.Combine(Folder, "script"), program);
        MemoryBoard board = MemoryBoard.Flat(32 << 20, PageGeometry.Page4K);
        LinuxMachine machine = new(board, DesignCatalog.Parse("static").Create(), new LinuxMachineOptions { SwapPages = 1024 });
        using MemoryStream output = new();
        GuestOptions options = new(["script"])
        {
            WorkingFolder = Folder, Output = output, SliceInstructions = 500, MostInstructions = 5_000_000,
        };
        GuestOutcome outcome = new GuestSystem(machine, adjust?.Invoke(options) ?? options).Run();
        Assert.Empty(machine.Audit());
        return new ScriptRun(outcome, output.ToArray());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>What came of a program: what it kept, behind whatever else it wrote.</summary>
internal sealed record ScriptRun(GuestOutcome Outcome, byte[] Output)
{
    public long this[Result result]
    {
        get
        {
            Assert.True(Output.Length >= GuestScript.ResultBytes, $"it ended early: {Outcome}");
            return BinaryPrimitives.ReadInt64LittleEndian(Output.AsSpan(Output.Length - GuestScript.ResultBytes + (8 * result.Index)));
        }
    }

    /// <summary>What it wrote before its results.</summary>
    public string Text => Encoding.UTF8.GetString(Output.AsSpan(0, Output.Length - GuestScript.ResultBytes));

    public IEnumerable<long> All(params Result[] results) => results.Select(result => this[result]);

    public void IsClean()
    {
        Assert.Equal((0, (int?)null), (Outcome.ExitStatus, Outcome.Signal));
        Assert.Empty(Outcome.UnknownCalls);
    }
}

/// <summary>Numbers of system calls (asm-generic/unistd.h) and negated errors that tests name.</summary>
internal static class Number
{
    public const int GetCwd = 17, Dup = 23, Dup3 = 24, Fcntl = 25, MkdirAt = 34, UnlinkAt = 35, SymlinkAt = 36, LinkAt = 37,
        RenameAt2 = 276;
    public const int Truncate = 45, Ftruncate = 46, Chdir = 49, OpenAt = 56, Close = 57, Pipe2 = 59, GetDents = 61, Lseek = 62, Read = 63;
    public const int Write = 64, Readv = 65, Writev = 66, Pread = 67, Pwrite = 68, Ppoll = 73, ReadLinkAt = 78, FstatAt = 79, Fstat = 80;
    public const int Exit = 93, ExitGroup = 94, Futex = 98, Nanosleep = 101, ClockGetTime = 113, Yield = 124, Kill = 129, Tkill = 130;
    public const int SigAltStack = 132, SigSuspend = 133, SigAction = 134, SigProcMask = 135, SigPending = 136, SigReturn = 139,
        Prctl = 167;
    public const int GetPid = 172, GetPpid = 173, GetTid = 178, Brk = 214, Munmap = 215, Mremap = 216, Clone = 220, Execve = 221,
        Mmap = 222;
    public const int Mprotect = 226, Msync = 227, Mlock = 228, Mincore = 232, Madvise = 233, Wait4 = 260, EventFd = 19, EpollCreate = 20;
    public const int EpollCtl = 21, EpollWait = 22, TimerCreate = 107, TimerSet = 110, GetRandom = 278, MemfdCreate = 279,
        SigTimedWait = 137;

    public const int EPERM = -1, ENOENT = -2, ESRCH = -3, EINTR = -4, ENOEXEC = -8, EBADF = -9, ECHILD = -10, EAGAIN = -11, ENOMEM = -12;
    public const int EACCES = -13, EFAULT = -14, EEXIST = -17, ENOTDIR = -20, EISDIR = -21, EINVAL = -22, ESPIPE = -29, EPIPE = -32;
    public const int ERANGE = -34, ENOSYS = -38, ENOTEMPTY = -39, ELOOP = -40, EOVERFLOW = -75, ETIMEDOUT = -110;

    public const int Here = -100;
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Truncated = 0x200, Append = 0x400;
    public const int NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const ulong Page = 4096;
}
