using Palimpsest.Userland.Calls;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Tracing;

/// <summary>
/// Calls of traced threads that a signal breaks off: a tracer sees by a code that no program sees how the call goes on behind it
/// (linux/errno.h; do_signal, arch/arm64/kernel/signal.c, 6.12).
/// </summary>
internal static class BrokenCalls
{
    /// <summary>restart_syscall.</summary>
    public const int RestartNumber = 128;

    private const int NumberRegister = 8;
    private const long Interrupted = -4;
    private const long Restarts = -512;
    private const long RestartsUnhandled = -514;
    private const long RestartsByBlock = -516;

    /// <summary>A waiting call is over, as far as a tracer sees, before the signal is told.</summary>
    public static void BreakOff(GuestThread thread)
    {
        long code = CodeOf(thread);
        (thread.WaitsFor, thread.IsInCall) = (null, false);
        thread.BrokenCall = new BrokenCall(code, thread.Cpu.X(0));
        thread.Cpu.X(0) = (ulong)code;
        thread.Cpu.Pc += 4;
        thread.Tracee!.LeaveCall();
        thread.Rest = CallRest.ToRestart;
        if (!thread.IsStopped)
        {
            GoBack(thread);
        }
    }

    /// <summary>Back to before the call, so that a tracer sees that when the signal is told.</summary>
    public static void GoBack(GuestThread thread)
    {
        thread.Rest = CallRest.Nothing;
        if (thread.BrokenCall is not { } broken || thread.Cpu.X(0) != (ulong)broken.Code || broken.Code == Interrupted)
        {
            (thread.BrokenCall, thread.WaitsUntil) = (null, null);
            return;
        }

        thread.Cpu.X(0) = broken.Argument;
        thread.Cpu.Pc -= 4;
    }

    /// <summary>No handler was called: the call is made again.</summary>
    public static void Restart(GuestThread thread)
    {
        if (thread.BrokenCall is { Code: RestartsByBlock } && thread.Cpu.X(NumberRegister) != RestartNumber)
        {
            thread.RestartedCall = (int)thread.Cpu.X(NumberRegister);
            thread.Cpu.X(NumberRegister) = RestartNumber;
        }

        thread.BrokenCall = null;
    }

    private static long CodeOf(GuestThread thread)
    {
        CallArguments arguments = new(thread.Cpu);
        return thread.Cpu.X(NumberRegister) switch
        {
            RestartNumber or 101 => RestartsByBlock,
            115 => (arguments[1] & 1) != 0 ? RestartsUnhandled : RestartsByBlock,
            98 => arguments[3] != 0 ? RestartsByBlock : Restarts,
            72 or 73 or 133 => RestartsUnhandled,
            22 or 137 => Interrupted,
            _ => Restarts,
        };
    }
}

/// <param name="Code">What the call returned in the eyes of a tracer.</param>
/// <param name="Argument">X0 before it.</param>
internal readonly record struct BrokenCall(long Code, ulong Argument);
