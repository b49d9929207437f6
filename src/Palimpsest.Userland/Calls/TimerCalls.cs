using System.Buffers.Binary;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Calls;

/// <summary>Timers of POSIX (kernel/time/posix-timers.c), all on the guest's one clock.</summary>
internal sealed class TimerCalls(GuestSystem system)
{
    private const int NoSignal = 1;
    private const int ToThread = 4;
    private const int TimerCode = -2;
    private const int Absolute = 1;

    private int _last;

    public void AddTo(CallTable table)
    {
        table[107] = Create;
        table[108] = (thread, arguments) => Show(thread, Find(thread, arguments.Int(0)), arguments[1]);
        table[109] = (_, _) => 0;
        table[110] = Set;
        table[111] = Delete;
    }

    private long Create(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        (int number, int kind, ulong value, int target) = (SignalNumber.Alarm, 0, (ulong)_last, 0);
        if (arguments[1] != 0)
        {
            byte[] request = memory.Read(arguments[1], 24);
            value = BinaryPrimitives.ReadUInt64LittleEndian(request);
            number = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(8));
            kind = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(12));
            target = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(16));
        }

        GuestThread? receiver = kind == ToThread ? thread.Process.Threads.FirstOrDefault(other => other.Id == target) : null;
        SignalInfo? info = kind == NoSignal ? null : new SignalInfo(number, TimerCode, Sender: _last, Value: value);
        system.Timers.Add(new GuestTimer(_last, thread.Process, receiver, info));
        memory.WriteInt(arguments[2], (uint)_last);
        _last++;
        return 0;
    }

    private long Set(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        GuestTimer timer = Find(thread, arguments.Int(0));
        if (arguments[3] != 0)
        {
            Show(thread, timer, arguments[3]);
        }

        long interval = TimeCalls.ReadTime(memory, arguments[2]);
        long value = TimeCalls.ReadTime(memory, arguments[2] + 16);
        timer.Interval = interval;
        timer.Due = value == 0 ? null : (arguments.Int(1) & Absolute) != 0 ? value : system.Now + value;
        return 0;
    }

    private long Show(GuestThread thread, GuestTimer timer, ulong into)
    {
        const long second = 1_000_000_000;
        long left = timer.Due is { } due ? Math.Max(1, due - system.Now) : 0;
        long[] words = [timer.Interval / second, timer.Interval % second, left / second, left % second];
        for (int index = 0; index < words.Length; index++)
        {
            thread.Process.Memory.WriteWord(into + (ulong)(8 * index), (ulong)words[index]);
        }

        return 0;
    }

    private long Delete(GuestThread thread, CallArguments arguments)
    {
        system.Timers.Remove(Find(thread, arguments.Int(0)));
        return 0;
    }

    private GuestTimer Find(GuestThread thread, int id) =>
        system.Timers.FirstOrDefault(timer => timer.Id == id && timer.Process == thread.Process)
        ?? throw new CallException(Errno.EINVAL);
}
