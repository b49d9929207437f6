using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>ptrace: a parent that stops its child, looks into it and lets it go on.</summary>
public sealed class TraceTests
{
    private const int Ptrace = 117;
    private const int Stopped = 19 << 8 | 0x7F;
    private const int EIO = -5;

    [Fact]
    public void AChildThatAsksForItStopsAtItsSignalAndGoesOn()
    {
        Result told = null!, ended = null!, number = null!, again = null!, running = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Room(8);
            ulong info = s.Room(128);
            Result child = Child(s, () => { }, status: 7);
            running = s.Call(Ptrace, 7, child + 1, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            told = s.Load(status, 4);
            s.Call(Ptrace, 0x4202, child, 0, info);
            number = s.Load(info, 4);
            again = s.Call(Wait4, child, status, 1, 0);
            s.Call(Ptrace, 7, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            ended = s.Load(status, 4);
        });

        Assert.Equal([ESRCH, Stopped, 19, 0, 7 << 8], run.All(running, told, number, again, ended));
    }

    [Fact]
    public void MemoryRegistersAndTagsOfAStoppedChildAreReadAndWritten()
    {
        Result peeked = null!, ended = null!, bytes = null!, wrote = null!, tag = null!, count = null!, none = null!, control = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Room(8);
            ulong word = s.Words(5);
            ulong into = s.Room(512);
            ulong tags = s.Bytes(9, 3);
            ulong vector = s.Words(into, 512);
            ulong tagVector = s.Words(tags, 2);
            ulong readVector = s.Words(into, 2);
            ulong controlVector = s.Words(into, 8);
            Result area = s.Call(Mmap, 0, Page, 0x23, 0x22, -1, 0);
            Result child = Child(s, () => s.Call(ExitGroup, s.Load(word)), status: 0);
            s.Call(Wait4, child, status, 0, 0);
            s.Call(Ptrace, 2, child, word, into);
            peeked = s.Load(into);
            s.Call(Ptrace, 5, child, word, 42);
            s.Call(Ptrace, 0x4204, child, 1, vector);
            bytes = s.Load(vector + 8);
            wrote = s.Call(Ptrace, 34, child, area, tagVector);
            s.Call(Ptrace, 33, child, area, readVector);
            tag = s.Load(into, 1);
            count = s.Load(readVector + 8);
            none = s.Call(Ptrace, 33, child, word, readVector);
            s.Call(Ptrace, 0x4204, child, 0x409, controlVector);
            control = s.Load(into);
            s.Call(Ptrace, 7, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            ended = s.Load(status, 4);
        });

        Assert.Equal([5, 272, 0, 9, 2, EIO, 0, 42 << 8], run.All(peeked, bytes, wrote, tag, count, none, control, ended));
    }

    [Fact]
    public void ATracedChildStopsAtEntryAndReturnOfACall()
    {
        Result entry = null!, leaving = null!, ended = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Room(8);
            Result child = Child(s, () => s.Call(GetPid), status: 3);
            s.Call(Wait4, child, status, 0, 0);
            s.Call(Ptrace, 0x4200, child, 0, 1);
            // The stop was within kill, which returns unseen; then GetPid is entered and left.
            s.Call(Ptrace, 24, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            entry = s.Load(status, 4);
            s.Call(Ptrace, 24, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            leaving = s.Load(status, 4);
            s.Call(Ptrace, 17, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            ended = s.Load(status, 4);
        });

        Assert.Equal([0x857F, 0x857F, 3 << 8], run.All(entry, leaving, ended));
    }

    [Fact]
    public void WhoIsSeizedStopsWhenInterruptedAndDiesWhenKilled()
    {
        Result seized = null!, stop = null!, ended = null!, self = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong status = s.Room(8);
            ulong forever = s.Words(1000, 0);
            Result child = s.Fork(0, () => s.Call(Nanosleep, forever, 0));
            self = s.Call(Ptrace, 16, s.Call(GetPid), 0, 0);
            seized = s.Call(Ptrace, 0x4206, child, 0, 0);
            s.Call(Ptrace, 0x4207, child, 0, 0);
            s.Call(Wait4, child, status, 0, 0);
            stop = s.Load(status, 4);
            s.Call(Kill, child, 9);
            s.Call(Wait4, child, status, 0, 0);
            ended = s.Load(status, 4);
        });

        Assert.Equal([EPERM, 0, 0x80057F, 9], run.All(self, seized, stop, ended));
    }

    /// <summary>TRACEME, a stop, and then a body.</summary>
    private static Result Child(GuestScript s, Action body, int status) => s.Fork(status, () =>
    {
        s.Call(Ptrace, 0, 0, 0, 0);
        s.Call(Kill, s.Call(GetPid), 19);
        body();
    });
}
