using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>Tags as a program asks for them: prctl, PROT_MTE, and copies of the kernel that are checked.</summary>
public sealed class TagControlTests
{
    private const int SetControl = 55;
    private const int GetControl = 56;
    private const ulong Enabled = 1;
    private const ulong Synchronous = 2;
    private const ulong Asynchronous = 4;
    private const ulong AnyTag = 0xFFFE << 3;
    private const int Tagged = 0x23;
    private const ulong Place = 0x10_0000_0000;
    private const uint StoreTag = 0xD9200800; // stg x0, [x0]

    [Theory]
    [InlineData(0UL, 0UL, 0)]
    [InlineData(Enabled | Synchronous | AnyTag, 0UL, 0)]
    [InlineData(Enabled | Synchronous | Asynchronous, 0UL, 0)]
    [InlineData(1UL << 19, 0UL, EINVAL)]
    [InlineData(1UL << 63, 0UL, EINVAL)]
    [InlineData(Enabled, 1UL, EINVAL)]
    public void WhatIsSetIsToldAgain(ulong control, ulong more, int expected)
    {
        Result set = null!, told = null!, bad = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            set = s.Call(Prctl, SetControl, control, more, 0, 0);
            told = s.Call(Prctl, GetControl, 0, 0, 0, 0);
            bad = s.Call(Prctl, GetControl, 0, 1, 0, 0);
        });

        Assert.Equal([expected, EINVAL], run.All(set, bad));
        if (expected == 0)
        {
            Assert.Equal((long)control, run[told]);
        }
    }

    [Fact]
    public void AChildHasTheControlOfItsParentAndANewProgramHasNone()
    {
        Result child = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong into = s.Room(8);
            s.Call(Prctl, SetControl, Enabled | Synchronous, 0, 0, 0);
            s.Fork(0, () => s.Call(ExitGroup, s.Call(Prctl, GetControl, 0, 0, 0, 0)));
            s.Call(Wait4, -1, into, 0, 0);
            child = s.Load(into, 4);
        });

        Assert.Equal((long)(Enabled | Synchronous) << 8, run[child]);
    }

    [Fact]
    public void RightsWithTagsAreForMemoryAndSharedMemoryOnly()
    {
        List<Result> results = [];
        using ScriptGuest guest = new();
        File.WriteAllText(Path.Combine(guest.Folder, "file"), "content");
        ScriptRun run = guest.RunHere(s =>
        {
            Result file = s.Call(OpenAt, Here, s.Text("file"), ReadOnly, 0);
            Result memory = s.Call(MemfdCreate, s.Text("m"), 0);
            s.Call(Ftruncate, memory, 4096);
            results.Add(s.Call(Mmap, 0, Page, 0x21, 2, file, 0));
            results.Add(s.Call(Mprotect, s.Call(Mmap, 0, Page, 1, 2, file, 0), Page, 0x21));
            results.Add(s.Call(Mmap, Place, Page, Tagged, 0x11, memory, 0));
            results.Add(s.Call(Mmap, Place, Page, Tagged, 0x32, -1, 0));
            results.Add(s.Call(Mprotect, Place, Page, Tagged));
        });

        Assert.Equal([EINVAL, EINVAL, (long)Place, (long)Place, 0], run.All([.. results]));
    }

    [Theory]
    [InlineData(Synchronous, 5, 8)]
    [InlineData(Synchronous, 6, EFAULT)]
    [InlineData(Asynchronous, 6, 8)]
    [InlineData(0UL, 6, 8)]
    public void CopiesAreCheckedInSynchronousMode(ulong mode, int tag, int expected)
    {
        Result write = null!, read = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result zero = s.Call(OpenAt, Here, s.Text("/dev/zero"), ReadWrite, 0);
            s.Call(Prctl, SetControl, Enabled | mode | AnyTag, 0, 0, 0);
            s.Call(Mmap, Place, Page, Tagged, 0x32, -1, 0);
            s.Put(0, Place | 5UL << 56);
            s.Code(StoreTag);
            write = s.Call(Write, zero, Place | (ulong)tag << 56, 8);
            read = s.Call(Read, zero, Place | (ulong)tag << 56, 8);
        });

        run.IsClean();
        Assert.Equal([expected, expected], run.All(write, read));
        Assert.Empty(run.Outcome.TagFaults);
    }

    [Fact]
    public void ACopyStopsAtTheGranuleWithAnotherTag()
    {
        Result written = null!, piece = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result zero = s.Call(OpenAt, Here, s.Text("/dev/zero"), ReadWrite, 0);
            s.Call(Prctl, SetControl, Enabled | Synchronous | AnyTag, 0, 0, 0);
            s.Call(Mmap, Place, Page, Tagged, 0x32, -1, 0);
            foreach (ulong granule in (ulong[])[0, 16])
            {
                s.Put(0, (Place + granule) | 5UL << 56);
                s.Code(StoreTag);
            }

            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, 0x1B6);
            written = s.Call(Write, file, Place | 5UL << 56, 100);
            piece = s.Call(Read, zero, (Place + 8) | 5UL << 56, 100);
        });

        Assert.Equal([32, 24], run.All(written, piece));
    }

    [Fact]
    public void AMismatchIsTheSignalOfItsModeWithWhatIsKnown()
    {
        foreach ((ulong mode, string code) in (ReadOnlySpan<(ulong, string)>)[(Synchronous, "SEGV_MTESERR"),
            (Asynchronous, "SEGV_MTEAERR")])
        {
            ulong store = 0;
            ScriptRun run = ScriptGuest.Run(s =>
            {
                s.Call(Prctl, SetControl, Enabled | mode | AnyTag, 0, 0, 0);
                s.Call(Mmap, Place, Page, Tagged, 0x32, -1, 0);
                s.Put(9, (Place + 40) | 3UL << 56);
                store = s.Here;
                s.Code(0xF9000129); // str x9, [x9]
                s.Call(GetPid);
            });

            GuestTagFault fault = Assert.Single(run.Outcome.TagFaults);
            Assert.Equal((11, code), (run.Outcome.Signal, fault.Code));
            if (mode == Synchronous)
            {
                Assert.Equal(((Place + 40) | 3UL << 56, store), (fault.Address, fault.Pc));
            }
            else
            {
                Assert.Equal((0UL, true), (fault.Address, fault.Pc > store));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AProgramAndASeedHaveOneOutcome(ulong seed)
    {
        Action<GuestScript> write = s =>
        {
            ulong counter = s.Room(8);
            for (int thread = 0; thread < 4; thread++)
            {
                ulong stack = s.Room(1024) + 1024;
                s.Thread(stack, () => s.Repeat(300, () =>
                {
                    // An increment that is torn now and then: ldr; add; str.
                    s.Put(9, counter);
                    s.Code(0xF940012A, 0x9100054A, 0xF900012A);
                }));
            }

            s.Call(Nanosleep, s.Words(0, 100_000), 0);
            s.Load(counter);
        };
        ScriptRun first = ScriptGuest.Run(write, options => options with { Seed = seed, SliceInstructions = 30 });
        ScriptRun second = ScriptGuest.Run(write, options => options with { Seed = seed, SliceInstructions = 30 });
        ScriptRun interpreted = ScriptGuest.Run(write, options =>
            options with { Seed = seed, SliceInstructions = 30, IsInterpreted = true });

        Assert.Equal((first.Outcome.Instructions, first.Outcome.PageFaults), (second.Outcome.Instructions, second.Outcome.PageFaults));
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(first.Outcome.Instructions, interpreted.Outcome.Instructions);
        Assert.Equal(first.Output, interpreted.Output);
    }

    [Fact]
    public void TimeIsInstructionsAndWhatIsSleptThrough()
    {
        List<Result> results = [];
        Result before = null!, after = null!, more = null!, seconds = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong time = s.Room(16);
            s.Call(ClockGetTime, 1, time);
            before = s.Load(time + 8);
            s.Call(ClockGetTime, 1, time);
            after = s.Load(time + 8);
            s.Call(Nanosleep, s.Words(2, 500), 0);
            s.Call(ClockGetTime, 1, time);
            seconds = s.Load(time);
            more = s.Load(time + 8);
            results.Add(s.Call(ClockGetTime, 0, time));
            results.Add(s.Load(time));
            results.Add(s.Call(ClockGetTime, 99, time));
            results.Add(s.Call(ClockGetTime, 1, 16));
            results.Add(s.Call(Nanosleep, s.Words(0, 1_000_000_000), 0));
            results.Add(s.Call(Nanosleep, s.Words(ulong.MaxValue, 0), 0));
            results.Add(s.Call(Nanosleep, 16, 0));
        });

        Assert.InRange(run[after] - run[before], 10, 60);
        Assert.Equal(2, run[seconds]);
        Assert.InRange(run[more] - run[after], 500, 700);
        Assert.Equal([0, 1_735_689_602, EINVAL, EFAULT, EINVAL, EINVAL, EFAULT], run.All([.. results]));
    }
}
