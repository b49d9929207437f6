using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>Frames of handlers: what lies where, what comes back of them, and stacks of their own.</summary>
public sealed class SignalFrameTests
{
    private const int User1 = 10;
    private const int User2 = 12;
    private const ulong WithInfo = 4;
    private const ulong OnStack = 0x08000000;

    [Fact]
    public void TheFrameIsTheOneOfTheHeaders()
    {
        Result number = null!, code = null!, sender = null!, self = null!, x20 = null!, sp = null!, before = null!, pc = null!,
            magic = null!;
        Result size = null!, end = null!, mask = null!, changed = null!;
        ulong after = 0;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong info = s.Room(8);
            ulong context = s.Room(8);
            ulong handler = s.Function(() =>
            {
                s.Put(9, info);
                s.Code(0xF9000121); // str x1, [x9]
                s.Put(9, context);
                s.Code(0xF9000122); // str x2, [x9]
                Result at = s.Load(info);
                number = s.Load(at, 4);
                code = s.Load(at + 8, 4);
                sender = s.Load(at + 16, 4);
                Result ucontext = s.Load(context);
                mask = s.Load(ucontext + 40);
                x20 = s.Load(ucontext + 184 + (8 * 20));
                sp = s.Load(ucontext + 184 + (8 * 31));
                pc = s.Load(ucontext + 184 + (8 * 32));
                magic = s.Load(ucontext + 464, 4);
                size = s.Load(ucontext + 468, 4);
                end = s.Load(ucontext + 464 + 528);
                // What the handler writes is what comes back.
                s.Store(ucontext + 184 + (8 * 21), 4321);
            });
            s.Call(SigAction, User1, s.Words(handler, WithInfo, 0, 0), 0, 8);
            s.Call(SigProcMask, 2, s.Words(Bit(User2)), 0, 8);
            s.Put(20, 1234);
            s.Put(21, 1);
            before = s.Keep(31);
            self = s.Call(GetPid);
            s.Call(Kill, self, User1);
            changed = s.Keep(21);
            after = s.Here;
        });

        Assert.Equal([User1, 0, 1234, (long)Bit(User2), 0x46508001, 528, 0, 4321],
            run.All(number, code, x20, mask, magic, size, end, changed));
        Assert.Equal((run[self], run[before]), (run[sender], run[sp]));
        Assert.InRange((ulong)run[pc], GuestScript.CodeStart, after);
    }

    [Fact]
    public void AFaultTellsItsAddressAndCode()
    {
        foreach ((ulong place, int code) in (ReadOnlySpan<(ulong, int)>)[(0x10_0000_0008, 1), (GuestScript.CodeStart + 0x1008, 2)])
        {
            Result told = null!, at = null!;
            ScriptRun run = ScriptGuest.Run(s =>
            {
                ulong info = s.Room(8);
                ulong over = s.Room(8);
                ulong handler = s.Function(() =>
                {
                    s.Put(9, info);
                    s.Code(0xF9000121);
                    Result where = s.Load(info);
                    told = s.Load(where + 8, 4);
                    at = s.Load(where + 16);
                    // Go on behind the store.
                    Result pc = s.Load(where + 128 + 184 + 256);
                    s.Store(where + 128 + 184 + 256, pc + 4);
                    s.Store(over, 1);
                });
                s.Call(SigAction, 11, s.Words(handler, WithInfo, 0, 0), 0, 8);
                s.Store(place, 5);
            });

            run.IsClean();
            Assert.Equal([code, (long)place], run.All(told, at));
        }
    }

    [Fact]
    public void AnAlternateStackIsUsedAndToldAndNotChangedMeanwhile()
    {
        List<Result> results = [];
        ulong stack = 0;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            stack = s.Room(16384);
            ulong description = s.Words(stack, 0, 16384);
            ulong old = s.Room(24);
            results.Add(s.Call(SigAltStack, s.Words(stack, 0, 5119), 0));
            results.Add(s.Call(SigAltStack, s.Words(stack, 4, 16384), 0));
            results.Add(s.Call(SigAltStack, description, old));
            results.Add(s.Load(old + 8, 4));
            ulong handler = s.Function(() =>
            {
                results.Add(s.Keep(31));
                results.Add(s.Call(SigAltStack, 0, old));
                results.Add(s.Load(old + 8, 4));
                results.Add(s.Call(SigAltStack, description, 0));
            });
            s.Call(SigAction, User1, s.Words(handler, OnStack, 0, 0), 0, 8);
            s.Call(Kill, s.Call(GetPid), User1);
            s.Call(SigAltStack, 0, old);
            results.Add(s.Load(old + 8, 4));
        });

        Assert.Equal([ENOMEM, EINVAL, 0, 2], run.All([.. results.Take(4)]));
        Assert.InRange((ulong)run[results[4]], stack, stack + 16384);
        Assert.Equal([0, 1, EPERM, 0], run.All([.. results.Skip(5)]));
    }

    [Fact]
    public void AFrameThatIsBrokenEndsTheProgram()
    {
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong frame = s.Room(5000);
            s.Put(9, frame);
            s.Code(0x9100013F); // mov sp, x9
            s.Call(SigReturn);
        });

        Assert.Equal(11, run.Outcome.Signal);
    }

    private static ulong Bit(int number) => 1UL << (number - 1);
}
