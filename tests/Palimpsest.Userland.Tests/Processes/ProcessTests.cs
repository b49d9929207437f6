using System.Text;
using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>clone, execve, exit and wait: what is shared, what is copied, and what a parent is told.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public void AParentIsToldTheStatus(int status)
    {
        Result child = null!, waited = null!, told = null!, more = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong into = s.Room(8);
            child = s.Fork(status, () => { });
            waited = s.Call(Wait4, -1, into, 0, 0);
            told = s.Load(into, 4);
            more = s.Call(Wait4, -1, into, 0, 0);
        });

        Assert.Equal([run[child], status << 8, ECHILD], run.All(waited, told, more));
    }

    [Fact]
    public void AParentIsToldTheSignalAndGetsOneItself()
    {
        Result told = null!, code = null!, status = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong into = s.Room(8);
            ulong info = s.Room(8);
            ulong kept = s.Room(16);
            ulong handler = s.Function(() =>
            {
                s.Put(9, info);
                s.Code(0xF9000121);
                Result where = s.Load(info);
                s.Store(kept, s.Load(where + 8, 4));
                s.Store(kept + 8, s.Load(where + 24, 4));
            });
            s.Call(SigAction, 17, s.Words(handler, 4 | 0x10000000, 0, 0), 0, 8);
            s.Fork(0, () => s.Call(Kill, s.Call(GetPid), 15));
            s.Call(Wait4, -1, into, 0, 0);
            told = s.Load(into, 4);
            code = s.Load(kept);
            status = s.Load(kept + 8);
        });

        // CLD_KILLED, and the number of the signal.
        Assert.Equal([15, 2, 15], run.All(told, code, status));
    }

    [Fact]
    public void WaitingWithoutHangingAndForOneChild()
    {
        List<Result> results = [];
        Result first = null!, second = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            results.Add(s.Call(Wait4, -1, 0, 1, 0));
            first = s.Fork(1, () => s.Call(Nanosleep, s.Words(0, 100_000), 0));
            second = s.Fork(2, () => { });
            results.Add(s.Call(Wait4, first, 0, 1, 0));
            results.Add(s.Call(Wait4, second, 0, 0, 0));
            results.Add(s.Call(Wait4, second, 0, 0, 0));
            results.Add(s.Call(Wait4, -1, 16, 0, 0));
        });

        Assert.Equal([ECHILD, 0, run[second], ECHILD], run.All([.. results.Take(4)]));
    }

    [Fact]
    public void AForkCopiesMemoryAndSharesOpenFiles()
    {
        Result kept = null!, place = null!, parent = null!, self = null!, closed = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(1);
            ulong told = s.Room(8);
            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, 0x1B6);
            self = s.Call(GetPid);
            s.Fork(0, () =>
            {
                s.Store(word, 2);
                s.Call(Write, file, word, 8);
                s.Store(told, s.Call(GetPpid));
                s.Call(Write, file, told, 8);
                s.Call(Close, file);
            });
            s.Call(Wait4, -1, 0, 0, 0);
            kept = s.Load(word);
            place = s.Call(Lseek, file, 0, 1);
            closed = s.Call(Pread, file, told, 8, 8);
            parent = s.Load(told);
        });

        Assert.Equal([1, 16, 8, run[self]], run.All(kept, place, closed, parent));
    }

    [Fact]
    public void SharedMemoryIsSharedAndPrivateIsNot()
    {
        Result shared = null!, privately = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result one = s.Call(Mmap, 0, Page, 3, 0x21, -1, 0);
            Result two = s.Call(Mmap, 0, Page, 3, 0x22, -1, 0);
            s.Fork(0, () =>
            {
                s.Store(one, 5);
                s.Store(two, 6);
            });
            s.Call(Wait4, -1, 0, 0, 0);
            shared = s.Load(one);
            privately = s.Load(two);
        });

        Assert.Equal([5, 0], run.All(shared, privately));
    }

    [Fact]
    public void AVforkRunsInTheMemoryOfItsParentWhichWaits()
    {
        Result seen = null!, child = null!, waited = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong word = s.Words(1);
            ulong stack = s.Room(4096) + 4096;
            // CLONE_VM, CLONE_VFORK and SIGCHLD, with the stack of the parent.
            child = s.Fork(3, () =>
            {
                s.Repeat(100, () => s.Call(Yield));
                s.Store(word, stack);
            }, flags: 0x4111);
            seen = s.Load(word);
            waited = s.Call(Wait4, child, 0, 0, 0);
        });

        Assert.NotEqual(1, run[seen]);
        Assert.Equal(run[child], run[waited]);
    }

    [Fact]
    public void ThreadsShareAndAreJoinedByTheirNumber()
    {
        Result thread = null!, same = null!, other = null!, cleared = null!, self = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong tid = s.Words(1);
            ulong pids = s.Room(16);
            ulong stack = s.Room(4096) + 4096;
            self = s.Call(GetPid);
            thread = s.Thread(stack, () =>
            {
                s.Store(pids, s.Call(GetPid));
                s.Store(pids + 8, s.Call(GetTid));
            }, tid);
            s.Call(Futex, tid, 0, 1, 0);
            cleared = s.Load(tid, 4);
            same = s.Load(pids);
            other = s.Load(pids + 8);
        });

        Assert.Equal([run[self], run[thread], 0], run.All(same, other, cleared));
        Assert.NotEqual(run[self], run[thread]);
    }

    [Fact]
    public void AProgramInItsNewMemoryHasItsWordsAndVariables()
    {
        using ScriptGuest guest = new();
        ScriptRun run = guest.RunHere(s =>
        {
            // Run again as "second", it tells its words, variables and what the loader says.
            Result argc = Word(s, 0);
            s.If(Sum(s, argc, -3), isZero: true, () =>
            {
                foreach (int word in (int[])[1, 2, 3, 5])
                {
                    Result text = Word(s, word);
                    s.Call(Write, 1, text, 6);
                }

                s.Store(GuestScript.DataStart, Word(s, 4));
                s.Store(GuestScript.DataStart + 8, Word(s, 6));
                s.Call(Write, 1, GuestScript.DataStart, 16);
                s.Exit(9);
            });
            ulong words = s.Words(s.Text("word-0"), s.Text("word-1"), s.Text("word-2"), 0);
            ulong variables = s.Words(s.Text("NAME=v"), 0);
            s.Call(Execve, s.Text("script"), words, variables);
        });

        Assert.Equal(9, run.Outcome.ExitStatus);
        Assert.Equal("word-0word-1word-2NAME=v" + new string('\0', 16), Encoding.ASCII.GetString(run.Output));

        static Result Word(GuestScript s, int index) => s.Load(StackOf(s) + (8 * index));

        static Result StackOf(GuestScript s) => s.Keep(31);
    }

    [Theory]
    [InlineData("missing", ENOENT)]
    [InlineData("text", ENOEXEC)]
    [InlineData("folder", EACCES)]
    [InlineData("loop", ELOOP)]
    [InlineData("", ENOENT)]
    public void WhatExecveRefusesLeavesTheProgram(string name, int expected)
    {
        using ScriptGuest guest = new();
        File.WriteAllText(Path.Combine(guest.Folder, "text"), "no program");
        File.WriteAllText(Path.Combine(guest.Folder, "loop"), $"#!{guest.Folder}/loop\n");
        Directory.CreateDirectory(Path.Combine(guest.Folder, "folder"));
        Result result = null!, bad = null!;
        ScriptRun run = guest.RunHere(s =>
        {
            result = s.Call(Execve, s.Text(name), s.Words(0), s.Words(0));
            bad = s.Call(Execve, s.Text("script"), s.Words(16, 0), s.Words(0));
        });

        run.IsClean();
        Assert.Equal([expected, EFAULT], run.All(result, bad));
    }

    [Fact]
    public void AcrossAnExecDescriptorsStayUnlessTheyAreMarkedAndHandlersGo()
    {
        Result first = null!, kept = null!, gone = null!, ignored = null!, handled = null!, mask = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            first = s.Load(s.Keep(31));
            ulong old = s.Room(32);
            s.If(Sum(s, first, -1), isZero: true, () =>
            {
                s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, 0x1B6);
                s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | CloseOnExec, 0);
                s.Call(SigAction, 10, s.Words(1, 0, 0, 0), 0, 8);
                s.Call(SigAction, 12, s.Words(0x400000, 0, 0, 0), 0, 8);
                s.Call(SigProcMask, 2, s.Words(1 << 9), 0, 8);
                s.Call(Execve, s.Text("script"), s.Words(old, old, 0), 0);
            });
            kept = s.Call(Fcntl, 3, 1, 0);
            gone = s.Call(Fcntl, 4, 1, 0);
            s.Call(SigAction, 10, 0, old, 8);
            ignored = s.Load(old);
            s.Call(SigAction, 12, 0, old, 8);
            handled = s.Load(old);
            s.Call(SigProcMask, 0, 0, old, 8);
            mask = s.Load(old);
        });

        Assert.Equal([2, 0, EBADF, 1, 0, 1 << 9], run.All(first, kept, gone, ignored, handled, mask));
    }

    private static Result Sum(GuestScript s, Result result, long offset)
    {
        s.Put(9, result + offset);
        return s.Keep(9);
    }
}
