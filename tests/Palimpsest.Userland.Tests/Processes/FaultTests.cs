using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>What an instruction that cannot go on becomes: the signal, its code and its address, as a handler is told them.</summary>
public sealed class FaultTests
{
    private const int Ill = 4;
    private const int Trap = 5;
    private const int Bus = 7;
    private const int Segv = 11;
    private const ulong Nowhere = 0x10_0000_0000;

    /// <summary>X9 before the instruction, the instruction, and what is told; an address of 0 is that of the instruction.</summary>
    public static TheoryData<string, ulong, uint, int, int, ulong> Instructions() => new()
    {
        { "ldr x10, [x9] of nothing", Nowhere + 8, 0xF940012A, Segv, 1, Nowhere + 8 },
        { "str x10, [x9] of nothing", Nowhere + 16, 0xF900012A, Segv, 1, Nowhere + 16 },
        { "str x10, [x9] over code", GuestScript.CodeStart + 64, 0xF900012A, Segv, 2, GuestScript.CodeStart + 64 },
        { "br x9 to data", GuestScript.DataStart, 0xD61F0120, Segv, 2, GuestScript.DataStart },
        { "br x9 to nothing", Nowhere, 0xD61F0120, Segv, 1, Nowhere },
        { "br x9 to half an instruction", GuestScript.CodeStart + 66, 0xD61F0120, Bus, 1, GuestScript.CodeStart + 66 },
        { "ldxr x10, [x9] across", GuestScript.DataStart + 4, 0xC85F7D2A, Bus, 1, GuestScript.DataStart + 4 },
        { "ldadd x10, x11, [x9] across", GuestScript.DataStart + 2, 0xF82A012B, Bus, 1, GuestScript.DataStart + 2 },
        { "stg x9, [x9] across", GuestScript.DataStart + 8, 0xD9200929, Bus, 1, GuestScript.DataStart + 8 },
        { "udf #0", 0, 0, Ill, 1, 0 },
        { "mrs x0, midr_el1", 0, 0xD5380000, Ill, 1, 0 },
        { "brk #0", 0, 0xD4200000, Trap, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public void AHandlerIsToldWhatAndWhere(string what, ulong register, uint instruction, int signal, int code, ulong address)
    {
        ulong place = 0;
        Result number = null!, told = null!, at = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong info = s.Room(8);
            ulong handler = s.Function(() =>
            {
                s.Put(9, info);
                s.Code(0xF9000121); // str x1, [x9]
                Result where = s.Load(info);
                number = s.Load(where, 4);
                told = s.Load(where + 8, 4);
                at = s.Load(where + 16);
                s.Call(Write, 1, GuestScript.ResultStart, GuestScript.ResultBytes);
                s.Exit(0);
            });
            foreach (int each in (int[])[Ill, Trap, Bus, Segv])
            {
                s.Call(SigAction, each, s.Words(handler, 4, 0, 0), 0, 8);
            }

            s.Put(9, register);
            place = s.Here;
            s.Code(instruction);
        });

        Assert.True(run.Outcome.ExitStatus == 0, what);
        Assert.Equal([signal, code, (long)(address == 0 ? place : address)], run.All(number, told, at));
    }

    [Theory]
    [InlineData(Ill, 0u)]
    [InlineData(Trap, 0xD4200000u)]
    public void WithoutAHandlerTheProgramEnds(int signal, uint instruction) =>
        Assert.Equal(signal, ScriptGuest.Run(s => s.Code(instruction)).Outcome.Signal);

    [Fact]
    public void AFaultThatIsBlockedOrIgnoredEndsTheProgramAllTheSame()
    {
        Assert.Equal(Segv, ScriptGuest.Run(s =>
        {
            s.Call(SigAction, Segv, s.Words(1, 0, 0, 0), 0, 8);
            s.Store(Nowhere, 1);
        }).Outcome.Signal);
        Assert.Equal(Segv, ScriptGuest.Run(s =>
        {
            ulong handler = s.Function(() => { });
            s.Call(SigAction, Segv, s.Words(handler, 0, 0, 0), 0, 8);
            s.Call(SigProcMask, 2, s.Words(1 << (Segv - 1)), 0, 8);
            s.Store(Nowhere, 1);
        }).Outcome.Signal);
    }

    [Fact]
    public void BehindTheEndOfAFileIsABusError()
    {
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/f");
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create, 0x1B6);
            s.Call(Write, file, name, 6);
            s.Call(Mmap, Nowhere, 3 * Page, 1, 0x11, file, 0);
            s.Load(Nowhere + 4000);
            s.Call(Write, 1, name, 4);
            s.Load(Nowhere + (2 * Page));
        });

        Assert.Equal((Bus, "/tmp"), (run.Outcome.Signal, System.Text.Encoding.ASCII.GetString(run.Output)));
    }

    [Theory]
    [InlineData(0x10000UL, EINVAL)] // a thread that shares no handlers
    [InlineData(0x10800UL, EINVAL)] // handlers that are shared, and memory that is not
    [InlineData(0x800UL, EINVAL)]
    public void FlagsOfCloneThatContradictEachOtherAreRefused(ulong flags, int expected)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s => result = s.Call(Clone, flags, s.Room(256) + 256, 0, 0, 0));

        Assert.Equal(expected, run[result]);
    }

    [Theory]
    [InlineData(0x100)]
    [InlineData(-1)]
    [InlineData(4)]
    public void OptionsOfWaitThatThereAreNoneOfAreRefused(int options)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Fork(0, () => { });
            result = s.Call(Wait4, -1, 0, options, 0);
        });

        Assert.Equal(EINVAL, run[result]);
    }
}
