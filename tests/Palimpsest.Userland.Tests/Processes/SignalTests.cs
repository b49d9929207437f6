using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>Signals: masks, order, nesting, and calls that are interrupted.</summary>
public sealed class SignalTests
{
    private const int User1 = 10;
    private const int User2 = 12;
    private const int Child = 17;
    private const ulong WithInfo = 4;
    private const ulong Restarts = 0x10000000;
    private const ulong KeepsUnblocked = 0x40000000;
    private const ulong ResetsHandler = 0x80000000;

    [Theory]
    [InlineData(0, 8, EINVAL)]
    [InlineData(65, 8, EINVAL)]
    [InlineData(9, 8, EINVAL)]
    [InlineData(19, 8, EINVAL)]
    [InlineData(User1, 4, EINVAL)]
    [InlineData(User1, 8, 0)]
    [InlineData(64, 8, 0)]
    public void WhatSigactionTakes(int number, int bytes, int expected)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s => result = s.Call(SigAction, number, s.Words(1, 0, 0, 0), 0, bytes));

        Assert.Equal(expected, run[result]);
    }

    [Fact]
    public void AnActionIsGivenBackAsItWasSet()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong old = s.Room(32);
            s.Call(SigAction, User1, s.Words(0x1234, WithInfo | Restarts, 0x5678, ulong.MaxValue), 0, 8);
            results.Add(s.Call(SigAction, User1, 0, old, 8));
            results.AddRange(Enumerable.Range(0, 4).Select(word => s.Load(old + (ulong)(8 * word))));
            results.Add(s.Call(SigAction, 9, 0, old, 8));
            results.Add(s.Call(SigAction, User1, 16, 0, 8));
        });

        // SIGKILL and SIGSTOP are never in a mask.
        Assert.Equal(
            [0, 0x1234, (long)(WithInfo | Restarts), 0x5678, ~((1L << 8) | 1L << 18), 0, EFAULT], run.All([.. results]));
    }

    [Fact]
    public void ABlockedSignalWaitsAndComesWhenItIsLet()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong count = s.Room(8);
            ulong set = s.Words(Bit(User1));
            ulong pending = s.Room(8);
            Handle(s, User1, 0, () => Increment(s, count));
            results.Add(s.Call(SigProcMask, 0, set, 0, 8));
            results.Add(s.Call(Kill, s.Call(GetPid), User1));
            results.Add(s.Call(Kill, s.Call(GetPid), User1));
            results.Add(s.Load(count));
            s.Call(SigPending, pending, 8);
            results.Add(s.Load(pending));
            results.Add(s.Call(SigProcMask, 1, set, pending, 8));
            results.Add(s.Load(pending));
            results.Add(s.Load(count));
            results.Add(s.Call(SigProcMask, 7, set, 0, 8));
            results.Add(s.Call(SigProcMask, 0, set, 0, 16));
            results.Add(s.Call(SigProcMask, 0, 16, 0, 8));
            results.Add(s.Call(SigProcMask, 7, 0, pending, 8));
        });

        // Two of one number are one.
        Assert.Equal(
            [0, 0, 0, 0, (long)Bit(User1), 0, (long)Bit(User1), 1, EINVAL, EINVAL, EFAULT, 0], run.All([.. results]));
    }

    [Fact]
    public void RealTimeSignalsQueueAndTheLowestComesFirst()
    {
        Result count = null!, order = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong counter = s.Room(8);
            ulong digits = s.Room(8);
            ulong set = s.Words(ulong.MaxValue);
            foreach (int number in (int[])[User1, User2, 40, 41])
            {
                Handle(s, number, 0, () =>
                {
                    Increment(s, counter);
                    Result sofar = s.Load(digits);
                    s.Store(digits, sofar + (number == 40 ? 1 : number == 41 ? 100 : 10_000));
                }, mask: ulong.MaxValue);
            }

            s.Call(SigProcMask, 2, set, 0, 8);
            Result self = s.Call(GetPid);
            foreach (int number in (int[])[41, 40, 40, User2, User1, User1])
            {
                s.Call(Kill, self, number);
            }

            s.Call(SigProcMask, 1, set, 0, 8);
            count = s.Load(counter);
            order = s.Load(digits);
        });

        Assert.Equal([5, 2 + 100 + 20_000], run.All(count, order));
    }

    [Theory]
    [InlineData(0UL, 1)] // blocked while its handler runs
    [InlineData(KeepsUnblocked, 2)]
    public void AHandlerIsNotInterruptedByItsOwnSignal(ulong flags, int depth)
    {
        Result deepest = null!, count = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong inside = s.Room(8);
            ulong most = s.Words(1);
            ulong times = s.Room(8);
            Handle(s, User1, flags, () =>
            {
                Increment(s, inside);
                Increment(s, times);
                s.If(Sum(s, s.Load(inside), -2), isZero: true, () => s.Store(most, 2));
                s.If(Sum(s, s.Load(times), -1), isZero: true, () => s.Call(Kill, s.Call(GetPid), User1));
                Result left = s.Load(inside);
                s.Store(inside, left + -1);
            });
            s.Call(Kill, s.Call(GetPid), User1);
            deepest = s.Load(most);
            count = s.Load(times);
        });

        Assert.Equal([depth, 2], run.All(deepest, count));
    }

    [Fact]
    public void AHandlerThatIsResetIsCalledOnce()
    {
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong count = s.Room(8);
            Handle(s, User1, ResetsHandler, () => s.Call(Write, 1, s.Text("once"), 4));
            s.Call(Kill, s.Call(GetPid), User1);
            s.Call(Kill, s.Call(GetPid), User1);
            s.Store(count, 1);
        });

        Assert.Equal((User1, "once"), (run.Outcome.Signal, System.Text.Encoding.ASCII.GetString(run.Output)));
    }

    [Theory]
    [InlineData(0UL, EINTR)]
    [InlineData(Restarts, 1)]
    public void AReadThatWaitsIsInterruptedOrMadeAgain(ulong flags, int expected)
    {
        Result read = null!, handled = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong numbers = s.Room(8);
            ulong count = s.Room(8);
            s.Call(Pipe2, numbers, 0);
            Result writer = s.Load(numbers + 4, 4);
            Handle(s, User1, flags, () => Increment(s, count));
            Result parent = s.Call(GetPid);
            s.Fork(0, () =>
            {
                s.Call(Nanosleep, s.Words(0, 1000), 0);
                s.Call(Kill, parent, User1);
                s.Call(Nanosleep, s.Words(0, 1_000_000), 0);
                s.Call(Write, writer, count, 1);
            });
            read = s.Call(Read, s.Load(numbers, 4), s.Room(8), 1);
            handled = s.Load(count);
        });

        Assert.Equal([expected, 1], run.All(read, handled));
    }

    [Fact]
    public void SuspendLetsASignalInAndTakesTheMaskBack()
    {
        Result suspended = null!, count = null!, mask = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong counter = s.Room(8);
            ulong old = s.Room(8);
            Handle(s, User1, 0, () => Increment(s, counter));
            s.Call(SigProcMask, 2, s.Words(Bit(User1) | Bit(User2)), 0, 8);
            s.Call(Kill, s.Call(GetPid), User1);
            suspended = s.Call(SigSuspend, s.Words(Bit(User2)), 8);
            count = s.Load(counter);
            s.Call(SigProcMask, 0, 0, old, 8);
            mask = s.Load(old);
        });

        Assert.Equal([EINTR, 1, (long)(Bit(User1) | Bit(User2))], run.All(suspended, count, mask));
    }

    [Fact]
    public void ASignalIsWaitedForWithoutAHandler()
    {
        Result number = null!, sender = null!, none = null!, self = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong info = s.Room(128);
            ulong set = s.Words(Bit(User2));
            s.Call(SigProcMask, 2, set, 0, 8);
            self = s.Call(GetPid);
            s.Call(Kill, self, User2);
            number = s.Call(SigTimedWait, set, info, 0, 8);
            sender = s.Load(info + 16, 4);
            none = s.Call(SigTimedWait, set, 0, s.Words(0, 1000), 8);
        });

        Assert.Equal([User2, run[self], EAGAIN], run.All(number, sender, none));
    }

    [Theory]
    [InlineData(0, 0, 0)] // only whether it is there
    [InlineData(99, 0, ESRCH)]
    [InlineData(0, 65, EINVAL)]
    [InlineData(0, -1, EINVAL)]
    [InlineData(99, 65, ESRCH)]
    public void WhatKillSays(int offset, int number, int expected)
    {
        Result result = null!, thread = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result self = s.Call(GetPid);
            result = s.Call(Kill, self + offset, number);
            thread = s.Call(Tkill, self + offset, number);
        });

        run.IsClean();
        Assert.Equal([expected, expected], run.All(result, thread));
    }

    [Fact]
    public void WhatEveryoneIgnoresEndsNobody()
    {
        ScriptRun run = ScriptGuest.Run(s =>
        {
            foreach (int number in (int[])[Child, 18, 23, 28])
            {
                s.Call(Kill, s.Call(GetPid), number);
            }
        });
        run.IsClean();

        foreach (int number in (int[])[1, 2, 3, 6, 9, 14, 15, User1, 40])
        {
            Assert.Equal(number, ScriptGuest.Run(s => s.Call(Kill, s.Call(GetPid), number)).Outcome.Signal);
        }
    }

    private static ulong Bit(int number) => 1UL << (number - 1);

    private static void Handle(GuestScript s, int number, ulong flags, Action body, ulong mask = 0)
    {
        ulong handler = s.Function(body);
        s.Call(SigAction, number, s.Words(handler, flags, 0, mask), 0, 8);
    }

    private static void Increment(GuestScript s, ulong address)
    {
        Result old = s.Load(address);
        s.Store(address, old + 1);
    }

    private static Result Sum(GuestScript s, Result result, long offset)
    {
        s.Put(9, result + offset);
        return s.Keep(9);
    }
}
