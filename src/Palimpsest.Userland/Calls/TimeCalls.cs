namespace Palimpsest.Userland.Calls;

/// <summary>Clocks and sleeping, in the guest's time.</summary>
internal sealed class TimeCalls(GuestSystem system)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>What the guest's clock shows at the start: midnight of 1 January 2025, in seconds.</summary>
    private const long StartSeconds = 1_735_689_600;

    public void AddTo(CallTable table)
    {
        table[113] = Get;
        table[114] = (thread, arguments) => WriteTime(thread, arguments[1], 1);
        table[169] = GetDay;
        table[101] = (thread, arguments) => Sleep(thread, arguments[0], isAbsolute: false, isWall: false);
        table[115] = (thread, arguments) => Sleep(thread, arguments[2], (arguments[1] & 1) != 0, arguments.Int(0) == 0);
        table[153] = Times;
        table[103] = SetTimer;
        table[102] = GetTimer;
    }

    /// <summary>A struct timespec, in nanoseconds.</summary>
    /// <exception cref="CallException">EFAULT, EINVAL.</exception>
    public static long ReadTime(GuestMemory memory, ulong address)
    {
        long seconds = (long)memory.ReadWord(address);
        long rest = (long)memory.ReadWord(address + 8);
        return seconds < 0 || rest is < 0 or >= SecondNs
            ? throw new CallException(Errno.EINVAL)
            : Math.Min(seconds, long.MaxValue / SecondNs / 4) * SecondNs + rest;
    }

    private long Get(GuestThread thread, CallArguments arguments) => arguments.Int(0) switch
    {
        0 or 5 or 11 => WriteTime(thread, arguments[1], system.Now + (StartSeconds * SecondNs)),
        < 0 or > 11 when arguments.Int(0) > 11 => CallTable.Error(Errno.EINVAL),
        _ => WriteTime(thread, arguments[1], system.Now),
    };

    private long GetDay(GuestThread thread, CallArguments arguments)
    {
        thread.Process.Memory.WriteWord(arguments[0], (ulong)(StartSeconds + (system.Now / SecondNs)));
        thread.Process.Memory.WriteWord(arguments[0] + 8, (ulong)(system.Now % SecondNs / 1000));
        return 0;
    }

    private static long WriteTime(GuestThread thread, ulong address, long nanoseconds)
    {
        if (address != 0)
        {
            thread.Process.Memory.WriteWord(address, (ulong)(nanoseconds / SecondNs));
            thread.Process.Memory.WriteWord(address + 8, (ulong)(nanoseconds % SecondNs));
        }

        return 0;
    }

    private long Sleep(GuestThread thread, ulong address, bool isAbsolute, bool isWall)
    {
        long time = ReadTime(thread.Process.Memory, address);
        long deadline = thread.WaitsUntil ?? (!isAbsolute ? system.Now + time : time - (isWall ? StartSeconds * SecondNs : 0));
        thread.WaitsUntil = null;
        return deadline <= system.Now ? 0 : CallTable.Wait(thread, () => false, deadline, isRestartable: false);
    }

    private long Times(GuestThread thread, CallArguments arguments)
    {
        const long ticksNs = SecondNs / 100;
        if (arguments[0] != 0)
        {
            thread.Process.Memory.WriteWord(arguments[0], (ulong)(system.Now / ticksNs));
            thread.Process.Memory.Write(arguments[0] + 8, new byte[24]);
        }

        return system.Now / ticksNs;
    }

    /// <summary>setitimer(ITIMER_REAL).</summary>
    private long SetTimer(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        if (arguments[2] != 0)
        {
            memory.Write(arguments[2], new byte[32]);
        }

        long interval = Microseconds(memory, arguments[1]);
        long value = Microseconds(memory, arguments[1] + 16);
        system.SetTimer(thread.Process, value, interval);
        return 0;
    }

    private static long GetTimer(GuestThread thread, CallArguments arguments)
    {
        thread.Process.Memory.Write(arguments[1], new byte[32]);
        return 0;
    }

    /// <summary>A struct timeval, in nanoseconds.</summary>
    private static long Microseconds(GuestMemory memory, ulong address) =>
        ((long)memory.ReadWord(address) * SecondNs) + ((long)memory.ReadWord(address + 8) * 1000);
}
