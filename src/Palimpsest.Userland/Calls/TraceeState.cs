using System.Buffers.Binary;
using Palimpsest.A64;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland.Calls;

/// <summary>What a tracer reads and writes of a thread that has stopped, but its memory (kernel/ptrace.c, 6.12).</summary>
internal static class TraceeState
{
    private const uint Architecture = 0xC00000B7;
    private const int CallInfoBytes = 88;
    private const int HeadBytes = 24;
    private const int NumberRegister = 8;
    private const int MostError = 4095;

    public static long Tell(GuestThread thread, ulong into, byte[] bytes)
    {
        thread.Process.Memory.Write(into, bytes);
        return 0;
    }

    public static long TellSignal(GuestThread thread, Tracee tracee, ulong into) =>
        tracee.Info is { } info ? Tell(thread, into, SignalFrame.InfoOf(info)) : CallTable.Error(Errno.EINVAL);

    public static long TakeSignal(GuestThread thread, Tracee tracee, ulong from)
    {
        byte[] bytes = thread.Process.Memory.Read(from, 128);
        if (tracee.Info is not { } old)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        tracee.Info = SignalFrame.InfoFrom(bytes, old);
        return 0;
    }

    public static long TellMask(GuestThread thread, GuestThread target, ulong length, ulong into) => length != sizeof(ulong)
        ? CallTable.Error(Errno.EINVAL) : Tell(thread, into, BitConverter.GetBytes(target.BlockedSignals));

    public static long TakeMask(GuestThread thread, GuestThread target, ulong length, ulong from)
    {
        if (length != sizeof(ulong))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        target.BlockedSignals = thread.Process.Memory.ReadWord(from)
            & ~(SignalNumber.Bit(SignalNumber.Kill) | SignalNumber.Bit(SignalNumber.Stop));
        return 0;
    }

    /// <summary>PTRACE_GET_SYSCALL_INFO: the call that it has stopped at, or none.</summary>
    /// <returns>Bytes that there are, whatever there is room for.</returns>
    public static long TellCall(GuestThread thread, GuestThread target, ulong room, ulong into)
    {
        Cpu cpu = target.Cpu;
        byte[] info = new byte[CallInfoBytes];
        int bytes = HeadBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(4), Architecture);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(8), cpu.Pc);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(16), cpu.Sp);
        if (target.Tracee!.Kind == StopKind.Entry)
        {
            (info[0], bytes) = (1, 80);
            BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(HeadBytes), cpu.X(NumberRegister));
            for (int index = 0; index < 6; index++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(HeadBytes + 8 + (8 * index)), cpu.X(index));
            }
        }
        else if (target.Tracee.Kind == StopKind.Exit)
        {
            (info[0], bytes) = (2, 33);
            BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(HeadBytes), cpu.X(0));
            info[32] = (byte)(cpu.X(0) >= unchecked((ulong)-MostError) ? 1 : 0);
        }

        thread.Process.Memory.Write(into, info.AsSpan(0, (int)Math.Min((ulong)bytes, room)));
        return bytes;
    }

    public static long CopyRegisters(GuestThread thread, GuestThread target, int set, ulong vector, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        (ulong place, ulong length) = (memory.ReadWord(vector), memory.ReadWord(vector + 8));
        if (RegisterSets.BytesOf(set) == 0 || length % (ulong)RegisterSets.UnitOf(set) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        byte[] bytes = RegisterSets.Read(target, set);
        int count = (int)Math.Min(length, (ulong)bytes.Length);
        if (isWrite)
        {
            // What is not given stays as it is.
            memory.Read(place, bytes.AsSpan(0, count));
            RegisterSets.Write(target, set, bytes);
        }
        else
        {
            memory.Write(place, bytes.AsSpan(0, count));
        }

        memory.WriteWord(vector + 8, (ulong)count);
        return 0;
    }
}
