using Palimpsest.A64;
using Palimpsest.Machine.Mte;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland.Signals;

/// <summary>Signals on the way back to a program: handlers called, defaults taken (do_signal, arch/arm64/kernel/signal.c).</summary>
internal sealed class SignalDelivery(GuestSystem system)
{
    private const int FrameRecordBytes = 16;

    /// <summary>Delivers all that is pending and not blocked.</summary>
    public void Deliver(GuestThread thread)
    {
        if (IsDeaf(thread))
        {
            return;
        }

        if (thread is { Tracee: not null, WaitsFor: not null, IsStopped: false } && HasDeliverable(thread) && !IsKilled(thread))
        {
            system.Leave(thread);
            BrokenCalls.BreakOff(thread);
        }

        while (!thread.HasEnded && !thread.IsStopped && TryTake(thread) is { } info)
        {
            Deliver(thread, info);
        }

        if (thread is { Tracee.IsInterrupted: true, HasEnded: false, IsStopped: false })
        {
            thread.Tracee.StopForInterrupt();
        }

        if (thread is { BrokenCall: not null, IsStopped: false })
        {
            BrokenCalls.Restart(thread);
        }

        if (thread.MaskAfterSuspend is { } mask && thread is { WaitsFor: null, IsStopped: false })
        {
            (thread.BlockedSignals, thread.MaskAfterSuspend) = (mask, null);
        }
    }

    private void Deliver(GuestThread thread, SignalInfo info)
    {
        if (IsStopping(thread, ref info))
        {
            return;
        }

        SignalAction action = thread.Process.Actions[info.Number];
        bool isBlocked = (thread.BlockedSignals & SignalNumber.Bit(info.Number)) != 0;
        if (info.IsForced && (isBlocked || action.Handler == SignalAction.Ignore))
        {
            action = default;
        }

        if (action.Handler == SignalAction.Ignore || (action.Handler == SignalAction.Default && SignalNumber.IsIgnored(info.Number)))
        {
            return;
        }

        if (action.Handler == SignalAction.Default && info.Number == SignalNumber.Stop)
        {
            JobControl.Stop(thread, info.Number);
            return;
        }

        Interrupt(thread, action);
        if (action.Handler == SignalAction.Default || !TryCall(thread, info, action))
        {
            int number = action.Handler == SignalAction.Default ? info.Number : SignalNumber.Segv;
            system.End(thread, number, isGroup: true);
        }
    }

    /// <summary>Whether a signal would be delivered that has a handler or ends the process.</summary>
    public static bool HasDeliverable(GuestThread thread) => !IsDeaf(thread)
        && (thread.Tracee is { Injected: not null } or { IsInterrupted: true } || thread.Pending.Concat(thread.Process.Pending).Any(
            info => IsDeliverable(thread, info) && (thread.Tracee is not null || !IsDropped(thread.Process, info))));

    private static bool IsKilled(GuestThread thread) =>
        thread.Pending.Concat(thread.Process.Pending).Any(info => info.Number == SignalNumber.Kill);

    /// <summary>A vfork waits for its child whatever comes, but SIGKILL (wait_for_vfork_done).</summary>
    private static bool IsDeaf(GuestThread thread) =>
        thread is { Rest: CallRest.ToShare, WaitsFor: not null } && !IsKilled(thread);

    /// <summary>rt_sigreturn.</summary>
    public static void Return(GuestThread thread)
    {
        byte[] frame = new byte[SignalFrame.Bytes];
        ulong place = thread.Cpu.Sp;
        bool isThere = place % 16 == 0 && thread.Process.Memory.TryRead(place, frame, isChecked: false) == frame.Length;
        if (!isThere || !SignalFrame.TryRead(frame, thread, out ulong mask, out AlternateStack stack))
        {
            GuestSystem.Send(thread, BadFrame(thread, place));
            return;
        }

        thread.BlockedSignals = mask & ~(SignalNumber.Bit(SignalNumber.Kill) | SignalNumber.Bit(SignalNumber.Stop));
        thread.AlternateStack = stack with { Flags = stack.Flags & AlternateStack.Disabled };
    }

    /// <summary>arm64_notify_segfault: whether something is mapped where the frame should be.</summary>
    private static SignalInfo BadFrame(GuestThread thread, ulong place)
    {
        int code = thread.Process.Memory.IsMapped(place, 1) ? SignalInfo.AccessError : SignalInfo.MapError;
        return new SignalInfo(SignalNumber.Segv, code, place) { IsForced = true };
    }

    /// <summary>Of a traced thread all but SIGKILL is shown to the tracer; what it lets through takes its course.</summary>
    private static bool IsStopping(GuestThread thread, ref SignalInfo info)
    {
        if (thread.Tracee is not { } tracee || info.Number == SignalNumber.Kill)
        {
            return false;
        }

        if (!info.IsInjected)
        {
            tracee.StopFor(info);
            return true;
        }

        info = info with { IsInjected = false };
        if (!info.IsForced && (thread.BlockedSignals & SignalNumber.Bit(info.Number)) != 0)
        {
            thread.Pending.Add(info);
            return true;
        }

        bool isStop = JobControl.IsStop(info.Number) && thread.Process.Actions[info.Number].Handler == SignalAction.Default;
        if (isStop)
        {
            JobControl.Stop(thread, info.Number);
        }

        return isStop;
    }

    private static SignalInfo? TryTake(GuestThread thread)
    {
        if (thread.Tracee?.TakeInjected() is { } injected)
        {
            return injected with { IsInjected = true };
        }

        foreach (List<SignalInfo> pending in (List<SignalInfo>[])[thread.Pending, thread.Process.Pending])
        {
            // Faults first, and then the lowest number (next_signal).
            int found = -1;
            for (int index = 0; index < pending.Count; index++)
            {
                if (IsDeliverable(thread, pending[index]) && (found < 0 || Rank(pending[index]) < Rank(pending[found])))
                {
                    found = index;
                }
            }

            if (found >= 0)
            {
                SignalInfo info = pending[found];
                pending.RemoveAt(found);
                return info;
            }
        }

        return null;
    }

    private static int Rank(SignalInfo info) => info.IsForced ? info.Number - 100 : info.Number;

    private static bool IsDeliverable(GuestThread thread, SignalInfo info) =>
        info.IsForced || (thread.BlockedSignals & SignalNumber.Bit(info.Number)) == 0;

    private static bool IsDropped(GuestProcess process, SignalInfo info) => !info.IsForced
        && (process.Actions[info.Number].Handler == SignalAction.Ignore
            || (process.Actions[info.Number].Handler == SignalAction.Default && SignalNumber.IsIgnored(info.Number)));

    /// <summary>A call that waited ends with EINTR, unless it is made again behind the handler.</summary>
    private void Interrupt(GuestThread thread, SignalAction action)
    {
        if (thread.WaitsFor is not null || thread.BrokenCall is not null)
        {
            system.Leave(thread);
            (thread.WaitsFor, thread.WaitsUntil, thread.BrokenCall, thread.IsInCall) = (null, null, null, false);
            if (!thread.IsRestartable || (action.Flags & SignalAction.Restarts) == 0)
            {
                thread.Cpu.X(0) = unchecked((ulong)-(long)Errno.EINTR);
                thread.Cpu.Pc += 4;
            }
        }
    }

    private static bool TryCall(GuestThread thread, SignalInfo info, SignalAction action)
    {
        Cpu cpu = thread.Cpu;
        AlternateStack stack = thread.AlternateStack;
        bool switches = (action.Flags & SignalAction.OnAlternateStack) != 0 && stack.Bytes > 0 && !stack.Contains(cpu.Sp);
        ulong top = (switches ? stack.Base + stack.Bytes : cpu.Sp) & ~15UL;
        ulong record = top - FrameRecordBytes;
        ulong place = (record - SignalFrame.Bytes) & ~15UL;
        byte[] frame = new byte[record - place + FrameRecordBytes];
        bool exposes = (action.Flags & SignalAction.ExposesTagBits) != 0;
        ulong address = exposes ? info.Address : LogicalTag.Canonical(info.Address);
        SignalFrame.Write(frame, thread, info, address, thread.MaskAfterSuspend ?? thread.BlockedSignals);
        thread.MaskAfterSuspend = null;
        BitConverter.TryWriteBytes(frame.AsSpan((int)(record - place)), cpu.X(29));
        BitConverter.TryWriteBytes(frame.AsSpan((int)(record - place) + 8), cpu.X(30));
        if (thread.Process.Memory.TryWrite(place, frame, isChecked: false) < frame.Length)
        {
            return false;
        }

        cpu.X(0) = (ulong)info.Number;
        cpu.X(1) = place;
        cpu.X(2) = place + 128;
        cpu.X(29) = record;
        cpu.X(30) = (action.Flags & SignalAction.HasRestorer) != 0 ? action.Restorer : thread.Process.ReturnCode;
        cpu.Sp = place;
        cpu.Pc = action.Handler;
        thread.Task.Core.Registers.Tco = false;
        thread.BlockedSignals |= action.Mask | ((action.Flags & SignalAction.KeepsUnblocked) != 0 ? 0 : SignalNumber.Bit(info.Number));
        if ((action.Flags & SignalAction.ResetsHandler) != 0)
        {
            thread.Process.Actions[info.Number] = default;
        }

        thread.Tracee?.EnterHandler();
        return true;
    }
}
