using Palimpsest.Userland.Threads;

namespace Palimpsest.Userland.Calls;

/// <summary>futex: waiting for a word of memory, and waking who waits.</summary>
internal sealed class FutexCalls(GuestSystem system)
{
    private const int CommandMask = 127;
    private const int WaitBits = 9;
    private const int WakeBits = 10;
    private const int WallClock = 256;
    private const long WallStartNs = 1_735_689_600_000_000_000;

    public void AddTo(CallTable table) => table[98] = Futex;

    private long Futex(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        int operation = arguments.Int(1);
        bool isOfNoBits = (operation & CommandMask) is WaitBits or WakeBits && (uint)arguments[5] == 0;
        if (arguments[0] % sizeof(uint) != 0 || isOfNoBits)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        FutexKey key = FutexQueue.KeyOf(memory, arguments[0]);
        switch (operation & CommandMask)
        {
            case 0:
                return Wait(thread, arguments, key, uint.MaxValue, isAbsolute: false, isWall: false);
            case WaitBits:
                return Wait(thread, arguments, key, (uint)arguments[5], isAbsolute: true, (operation & WallClock) != 0);
            case 1:
                return system.Futexes.Wake(key, arguments.Int(2), uint.MaxValue);
            case WakeBits:
                return system.Futexes.Wake(key, arguments.Int(2), (uint)arguments[5]);
            case 3 or 4:
                if ((operation & CommandMask) == 4 && memory.ReadInt(arguments[0]) != (uint)arguments[5])
                {
                    return CallTable.Error(Errno.EAGAIN);
                }

                int woken = system.Futexes.Wake(key, arguments.Int(2), uint.MaxValue);
                return woken + system.Futexes.Requeue(key, FutexQueue.KeyOf(memory, arguments[4]), arguments.Int(3));
            case 5:
                return WakeOperation(memory, arguments, key);
            default:
                return CallTable.Error(Errno.ENOSYS);
        }
    }

    private long Wait(GuestThread thread, CallArguments arguments, FutexKey key, uint bits, bool isAbsolute, bool isWall)
    {
        long? deadline = thread.WaitsUntil;
        thread.WaitsUntil = null;
        if (thread.Futex is { } waiting)
        {
            thread.Futex = null;
            system.Futexes.Remove(waiting);
            if (waiting.IsWoken)
            {
                return 0;
            }

            if (deadline <= system.Now)
            {
                return CallTable.Error(Errno.ETIMEDOUT);
            }
        }

        if (thread.Process.Memory.ReadInt(arguments[0]) != (uint)arguments[2])
        {
            return CallTable.Error(Errno.EAGAIN);
        }

        if (deadline is null && arguments[3] != 0)
        {
            long time = TimeCalls.ReadTime(thread.Process.Memory, arguments[3]);
            deadline = isAbsolute ? time - (isWall ? WallStartNs : 0) : system.Now + time;
        }

        FutexWaiter waiter = system.Futexes.Add(thread, key, bits);
        thread.Futex = waiter;
        return CallTable.Wait(thread, () => waiter.IsWoken, deadline, isRestartable: arguments[3] == 0);
    }

    /// <summary>FUTEX_WAKE_OP: changes a second word, and wakes by what it was.</summary>
    private long WakeOperation(GuestMemory memory, CallArguments arguments, FutexKey key)
    {
        uint code = (uint)arguments[5];
        uint old = memory.ReadInt(arguments[4]);
        uint operand = (uint)((int)(code << 8) >> 20);
        operand = (code >> 31) != 0 ? 1u << (int)operand : operand;
        memory.WriteInt(arguments[4], (code >> 28 & 7) switch
        {
            0 => operand,
            1 => old + operand,
            2 => old | operand,
            3 => old & ~operand,
            _ => old ^ operand,
        });
        int compared = (int)(code << 20) >> 20;
        bool holds = (code >> 24 & 15) switch
        {
            0 => (int)old == compared,
            1 => (int)old != compared,
            2 => (int)old < compared,
            3 => (int)old <= compared,
            4 => (int)old > compared,
            _ => (int)old >= compared,
        };
        int woken = system.Futexes.Wake(key, arguments.Int(2), uint.MaxValue);
        return woken + (holds ? system.Futexes.Wake(FutexQueue.KeyOf(memory, arguments[4]), arguments.Int(3), uint.MaxValue) : 0);
    }
}
