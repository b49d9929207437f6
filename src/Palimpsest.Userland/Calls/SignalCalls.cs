using System.Buffers.Binary;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Calls;

/// <summary>Actions, masks, and sending of signals.</summary>
internal sealed class SignalCalls(GuestSystem system)
{
    public const int ReturnNumber = 139;

    private const int SetBytes = 8;
    private const ulong Unblockable = 1UL << (SignalNumber.Kill - 1) | 1UL << (SignalNumber.Stop - 1);
    private const ulong LeastStack = 5120;

    public void AddTo(CallTable table)
    {
        table[134] = SetAction;
        table[135] = SetMask;
        table[136] = Pending;
        table[133] = Suspend;
        table[137] = WaitFor;
        table[132] = SetStack;
        table[ReturnNumber] = Return;
        table[129] = Kill;
        table[130] = (thread, arguments) => KillThread(thread, arguments.Int(0), arguments.Int(1), group: null);
        table[131] = (thread, arguments) => KillThread(thread, arguments.Int(1), arguments.Int(2), arguments.Int(0));
        table[138] = Queue;
    }

    private static long SetAction(GuestThread thread, CallArguments arguments)
    {
        int number = arguments.Int(0);
        GuestMemory memory = thread.Process.Memory;
        if (number is < 1 or > SignalNumber.Most || arguments[3] != SetBytes
            || (arguments[1] != 0 && number is SignalNumber.Kill or SignalNumber.Stop))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ref SignalAction action = ref thread.Process.Actions[number];
        SignalAction old = action;
        if (arguments[1] != 0)
        {
            byte[] bytes = memory.Read(arguments[1], 32);
            action = new SignalAction(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) & 0xDC000807,
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(24)) & ~Unblockable);
        }

        if (arguments[2] != 0)
        {
            ulong[] words = [old.Handler, old.Flags, old.Restorer, old.Mask];
            byte[] bytes = new byte[32];
            Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
            memory.Write(arguments[2], bytes);
        }

        return 0;
    }

    private static long SetMask(GuestThread thread, CallArguments arguments)
    {
        ulong old = thread.BlockedSignals;
        if (arguments[3] != SetBytes)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (arguments[1] != 0)
        {
            ulong set = thread.Process.Memory.ReadWord(arguments[1]);
            ulong? wanted = arguments.Int(0) switch
            {
                0 => old | set,
                1 => old & ~set,
                2 => set,
                _ => null,
            };
            if (wanted is not { } mask)
            {
                return CallTable.Error(Errno.EINVAL);
            }

            thread.BlockedSignals = mask & ~Unblockable;
        }

        if (arguments[2] != 0)
        {
            thread.Process.Memory.WriteWord(arguments[2], old);
        }

        return 0;
    }

    private static long Pending(GuestThread thread, CallArguments arguments)
    {
        ulong set = thread.Pending.Concat(thread.Process.Pending).Aggregate(0UL, (all, info) => all | SignalNumber.Bit(info.Number));
        thread.Process.Memory.WriteWord(arguments[0], set & thread.BlockedSignals);
        return 0;
    }

    private static long Suspend(GuestThread thread, CallArguments arguments)
    {
        thread.MaskAfterSuspend ??= thread.BlockedSignals;
        thread.BlockedSignals = thread.Process.Memory.ReadWord(arguments[0]) & ~Unblockable;
        return CallTable.Wait(thread, () => false, isRestartable: false);
    }

    /// <summary>rt_sigtimedwait.</summary>
    private long WaitFor(GuestThread thread, CallArguments arguments)
    {
        ulong set = thread.Process.Memory.ReadWord(arguments[0]);
        foreach (List<SignalInfo> pending in (List<SignalInfo>[])[thread.Pending, thread.Process.Pending])
        {
            int index = pending.FindIndex(info => (SignalNumber.Bit(info.Number) & set) != 0);
            if (index >= 0)
            {
                SignalInfo info = pending[index];
                pending.RemoveAt(index);
                thread.WaitsUntil = null;
                WriteInfo(thread, info, arguments[1]);
                return info.Number;
            }
        }

        long? deadline = thread.WaitsUntil
            ?? (arguments[2] == 0 ? null : system.Now + TimeCalls.ReadTime(thread.Process.Memory, arguments[2]));
        thread.WaitsUntil = null;
        return deadline <= system.Now ? CallTable.Error(Errno.EAGAIN) : CallTable.Wait(
            thread, () => thread.Pending.Concat(thread.Process.Pending).Any(info => (SignalNumber.Bit(info.Number) & set) != 0), deadline,
            isRestartable: false);
    }

    private static void WriteInfo(GuestThread thread, SignalInfo info, ulong into)
    {
        if (into != 0)
        {
            byte[] bytes = new byte[128];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, info.Number);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), info.Code);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), info.Sender);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), info.Value);
            thread.Process.Memory.Write(into, bytes);
        }
    }

    private static long SetStack(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        AlternateStack old = thread.AlternateStack;
        bool isOn = old.Contains(thread.Cpu.Sp);
        if (arguments[1] != 0)
        {
            memory.WriteWord(arguments[1], old.Base);
            memory.WriteWord(arguments[1] + 8, (ulong)(isOn ? AlternateStack.IsOn : old.Flags));
            memory.WriteWord(arguments[1] + 16, old.Bytes);
        }

        if (arguments[0] == 0)
        {
            return 0;
        }

        AlternateStack wanted = new(
            memory.ReadWord(arguments[0]), (int)memory.ReadInt(arguments[0] + 8), memory.ReadWord(arguments[0] + 16));
        bool isDisabled = (wanted.Flags & AlternateStack.Disabled) != 0;
        if ((wanted.Flags & ~(AlternateStack.IsOn | AlternateStack.Disabled | AlternateStack.DisarmsItself)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (isOn || (!isDisabled && wanted.Bytes < LeastStack))
        {
            return CallTable.Error(isOn ? Errno.EPERM : Errno.ENOMEM);
        }

        thread.AlternateStack = isDisabled ? new AlternateStack(0, AlternateStack.Disabled, 0) : wanted with { Flags = 0 };
        return 0;
    }

    private static long Return(GuestThread thread, CallArguments arguments)
    {
        SignalDelivery.Return(thread);
        return 0;
    }

    private long Kill(GuestThread thread, CallArguments arguments)
    {
        int target = arguments.Int(0);
        int number = arguments.Int(1);
        GuestProcess[] processes = [.. system.Processes.Where(process => process.Status is null
            && (target > 0 ? process.Id == target : target != -1 || process != thread.Process))];
        if (number is < 0 or > SignalNumber.Most || processes.Length == 0)
        {
            return CallTable.Error(processes.Length == 0 ? Errno.ESRCH : Errno.EINVAL);
        }

        foreach (GuestProcess process in number == 0 ? [] : processes)
        {
            GuestSystem.Send(process, new SignalInfo(number, SignalInfo.User, Sender: thread.Process.Id));
        }

        return 0;
    }

    private long KillThread(GuestThread thread, int target, int number, int? group)
    {
        GuestThread? found = system.Processes.SelectMany(process => process.Threads)
            .FirstOrDefault(other => other.Id == target && !other.HasEnded && (group is null || other.Process.Id == group));
        if (found is null || number is < 0 or > SignalNumber.Most)
        {
            return CallTable.Error(found is null ? Errno.ESRCH : Errno.EINVAL);
        }

        if (number != 0)
        {
            GuestSystem.Send(found, new SignalInfo(number, SignalInfo.Thread, Sender: thread.Process.Id));
        }

        return 0;
    }

    private long Queue(GuestThread thread, CallArguments arguments)
    {
        GuestProcess? process = system.Processes.FirstOrDefault(other => other.Id == arguments.Int(0) && other.Status is null);
        byte[] info = thread.Process.Memory.Read(arguments[2], 32);
        if (process is null)
        {
            return CallTable.Error(Errno.ESRCH);
        }

        GuestSystem.Send(process, new SignalInfo(
            arguments.Int(1), BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(8)), Sender: thread.Process.Id,
            Value: BinaryPrimitives.ReadUInt64LittleEndian(info.AsSpan(24))));
        return 0;
    }
}
