using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>Futexes: who waits, who is woken and how many, and what is refused.</summary>
public sealed class FutexTests
{
    private const int Wait = 0;
    private const int Wake = 1;
    private const int Requeue = 3;
    private const int CompareRequeue = 4;
    private const int WakeOperation = 5;
    private const int WaitBits = 9;
    private const int WakeBits = 10;

    [Theory]
    [InlineData(Wait, 0UL, 6, EAGAIN)] // the word is another
    [InlineData(Wait, 2UL, 5, EINVAL)] // not aligned
    [InlineData(Wake, 0UL, 1, 0)] // nobody waits
    [InlineData(Wake, 1UL, 1, EINVAL)]
    [InlineData(63, 0UL, 0, ENOSYS)]
    public void WhatAWordIsRefusedFor(int operation, ulong offset, int value, int expected)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s => result = s.Call(Futex, s.Words(5) + offset, operation, value, 0, 0, 0));

        Assert.Equal(expected, run[result]);
    }

    [Fact]
    public void AddressesAndTimesThatAreNoneAreErrors()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(5);
            results.Add(s.Call(Futex, 16, Wait, 5, 0, 0, 0));
            results.Add(s.Call(Futex, word, Wait, 5, 16, 0, 0));
            results.Add(s.Call(Futex, word, Wait, 5, s.Words(0, 1_000_000_000), 0, 0));
            results.Add(s.Call(Futex, word, Wait, 5, s.Words(0, 5000), 0, 0));
            results.Add(s.Call(Futex, word, WaitBits, 5, s.Words(0, 1), 0, 1));
            results.Add(s.Call(Futex, word, WaitBits, 5, 0, 0, 0));
            results.Add(s.Call(Futex, word, WakeBits, 5, 0, 0, 0));
        });

        Assert.Equal([EFAULT, EFAULT, EINVAL, ETIMEDOUT, ETIMEDOUT, EINVAL, EINVAL], run.All([.. results]));
    }

    [Fact]
    public void AsManyAreWokenAsAreAskedFor()
    {
        Result first = null!, second = null!, rest = null!, ended = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(0);
            ulong count = s.Room(8);
            for (int thread = 0; thread < 5; thread++)
            {
                Waiter(s, word, count);
            }

            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            first = s.Call(Futex, word, Wake, 1, 0, 0, 0);
            second = s.Call(Futex, word, Wake, 2, 0, 0, 0);
            rest = s.Call(Futex, word, Wake, int.MaxValue, 0, 0, 0);
            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            ended = s.Load(count);
        });

        Assert.Equal([1, 2, 2, 5], run.All(first, second, rest, ended));
    }

    [Fact]
    public void WhoIsRequeuedWaitsForTheOtherWord()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(0);
            ulong other = s.Words(0);
            ulong count = s.Room(8);
            for (int thread = 0; thread < 4; thread++)
            {
                Waiter(s, word, count);
            }

            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            results.Add(s.Call(Futex, word, CompareRequeue, 1, 2, other, 9)); // the word is not 9
            results.Add(s.Call(Futex, word, CompareRequeue, 1, 2, other, 0));
            results.Add(s.Call(Futex, other, Wake, 10, 0, 0, 0));
            results.Add(s.Call(Futex, word, Requeue, 0, 10, other, 0));
            results.Add(s.Call(Futex, word, Wake, 10, 0, 0, 0));
            results.Add(s.Call(Futex, other, Wake, 10, 0, 0, 0));
        });

        Assert.Equal([EAGAIN, 3, 2, 1, 0, 1], run.All([.. results]));
    }

    [Fact]
    public void BitsChooseAmongThoseThatWait()
    {
        Result none = null!, one = null!, all = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(0);
            foreach (uint bits in (uint[])[1, 2, 4])
            {
                ulong stack = s.Room(1024) + 1024;
                s.Thread(stack, () => s.Call(Futex, word, WaitBits, 0, 0, 0, bits));
            }

            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            none = s.Call(Futex, word, WakeBits, 10, 0, 0, 8);
            one = s.Call(Futex, word, WakeBits, 10, 0, 0, 2);
            all = s.Call(Futex, word, WakeBits, 10, 0, 0, 7);
        });

        Assert.Equal([0, 1, 2], run.All(none, one, all));
    }

    [Theory]
    [InlineData(0u, 7, 5u, 7)] // set
    [InlineData(1u, 7, 5u, 12)] // add
    [InlineData(2u, 6, 5u, 7)] // or
    [InlineData(3u, 4, 5u, 1)] // and not
    [InlineData(4u, 7, 5u, 2)] // exclusive or
    [InlineData(8u, 3, 5u, 8)] // set to a shifted one
    public void AWakeThatChangesASecondWord(uint operation, int operand, uint before, int after)
    {
        Result woken = null!, changed = null!, bad = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(0);
            ulong other = s.Words(before);
            // The comparison, == 5, holds: who waits for the second word is woken too.
            uint code = operation << 28 | (uint)operand << 12 | 5;
            ulong stack = s.Room(1024) + 1024;
            s.Thread(stack, () => s.Call(Futex, other, Wait, before, 0, 0, 0));
            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            woken = s.Call(Futex, word, WakeOperation, 1, 1, other, code);
            changed = s.Load(other, 4);
            bad = s.Call(Futex, word, WakeOperation, 1, 1, 16, code);
        });

        Assert.Equal([1, after, EFAULT], run.All(woken, changed, bad));
    }

    [Fact]
    public void AWordInSharedMemoryIsOneForTwoProcesses()
    {
        Result woken = null!, status = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong into = s.Room(8);
            Result shared = s.Call(Mmap, 0, Page, 3, 0x21, -1, 0);
            s.Fork(4, () => s.Call(Futex, shared, Wait, 0, 0, 0, 0));
            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            woken = s.Call(Futex, shared, Wake, 1, 0, 0, 0);
            s.Call(Wait4, -1, into, 0, 0);
            status = s.Load(into, 4);
        });

        Assert.Equal([1, 4 << 8], run.All(woken, status));
    }

    [Fact]
    public void ASignalInterruptsAWaitWithATime()
    {
        Result waited = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(0);
            ulong handler = s.Function(() => { });
            s.Call(SigAction, 10, s.Words(handler, 0, 0, 0), 0, 8);
            Result parent = s.Call(GetPid);
            s.Fork(0, () =>
            {
                s.Call(Nanosleep, s.Words(0, 10_000), 0);
                s.Call(Kill, parent, 10);
            });
            waited = s.Call(Futex, word, Wait, 0, s.Words(100, 0), 0, 0);
        });

        Assert.Equal(EINTR, run[waited]);
    }

    [Fact]
    public void WhereEverybodyWaitsForEverTheProgramEnds()
    {
        ScriptRun run = ScriptGuest.Run(s => s.Call(Futex, s.Words(0), Wait, 0, 0, 0, 0));

        Assert.Equal((9, false), (run.Outcome.Signal, run.Outcome.WasLimited));
    }

    /// <summary>A thread that waits for a word and then adds one to a count.</summary>
    private static void Waiter(GuestScript s, ulong word, ulong count)
    {
        ulong stack = s.Room(1024) + 1024;
        s.Thread(stack, () =>
        {
            s.Call(Futex, word, Wait, 0, 0, 0, 0);
            s.Put(9, count);
            s.Put(10, 1);
            s.Code(0xF82A013F); // stadd x10, [x9]
        });
    }
}
