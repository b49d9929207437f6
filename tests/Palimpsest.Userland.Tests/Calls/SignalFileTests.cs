using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>signalfd: signals that are read.</summary>
public sealed class SignalFileTests
{
    private const int SignalFd = 74;
    private const ulong User1 = 1UL << 9;

    [Fact]
    public void ABlockedSignalIsReadOnceAndByWhoAskedForIt()
    {
        Result none = null!, read = null!, number = null!, sender = null!, self = null!, again = null!, other = null!, pending = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong set = s.Words(User1 | 1UL << 11);
            ulong first = s.Words(User1);
            ulong into = s.Room(256);
            s.Call(SigProcMask, 0, set, 0, 8);
            Result file = s.Call(SignalFd, -1, first, 8, NonBlocking);
            none = s.Call(Read, file, into, 256);
            self = s.Call(GetPid);
            s.Call(Kill, self, 12);
            s.Call(Kill, self, 10);
            read = s.Call(Read, file, into, 256);
            number = s.Load(into, 4);
            sender = s.Load(into + 12, 4);
            again = s.Call(Read, file, into, 256);
            s.Call(SignalFd, file, set, 8, 0);
            other = s.Call(Read, file, into, 256);
            s.Call(SigPending, into, 8);
            pending = s.Load(into);
        });

        Assert.Equal([EAGAIN, 128, 10, EAGAIN, 128, 0], run.All(none, read, number, again, other, pending));
        Assert.Equal(run[self], run[sender]);
    }

    [Fact]
    public void WhoReadsWaitsForASignalAndSmallRoomIsRefused()
    {
        Result small = null!, read = null!, flags = null!, size = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong set = s.Words(User1);
            ulong into = s.Room(128);
            s.Call(SigProcMask, 0, set, 0, 8);
            Result file = s.Call(SignalFd, -1, set, 8, 0);
            small = s.Call(Read, file, into, 127);
            Result parent = s.Call(GetPid);
            s.Fork(0, () => s.Call(Kill, parent, 10));
            read = s.Call(Read, file, into, 128);
            flags = s.Call(SignalFd, -1, set, 8, 1);
            size = s.Call(SignalFd, -1, set, 16, 0);
        });

        Assert.Equal([EINVAL, 128, EINVAL, EINVAL], run.All(small, read, flags, size));
    }
}
