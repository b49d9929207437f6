using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Palimpsest.A64;

namespace Palimpsest.Userland.Signals;

/// <summary>
/// The frame that a handler gets and sigreturn takes back (struct rt_sigframe, arch/arm64/kernel/signal.c): siginfo, ucontext with
/// all registers, FP and SIMD registers behind them, and a frame record on top.
/// </summary>
internal static class SignalFrame
{
    public const int Bytes = ContextAt + 176 + RegistersBytes + ReservedBytes;

    private const int InfoBytes = 128;
    private const int ContextAt = InfoBytes;
    private const int StackAt = ContextAt + 16;
    private const int MaskAt = ContextAt + 40;
    private const int RegistersAt = ContextAt + 176;
    private const int RegistersBytes = 288;
    private const int ReservedAt = RegistersAt + RegistersBytes;
    private const int ReservedBytes = 4096;
    private const int FloatBytes = 528;
    private const int SyndromeBytes = 16;
    private const uint FloatMagic = 0x46508001;
    private const uint SyndromeMagic = 0x45535201;
    private const uint ExtraMagic = 0x45585401;
    private const ulong Tco = 1UL << 25;

    // Modes other than EL0t, 32-bit state, and masks of interrupts make a frame invalid (valid_user_regs).
    private const ulong ForbiddenState = 0x3DF;

    public static void Write(Span<byte> frame, GuestThread thread, SignalInfo info, ulong address, ulong mask)
    {
        frame.Clear();
        Int(frame, 0, (uint)info.Number);
        Int(frame, 8, (uint)info.Code);
        WriteInfo(frame, info, address);
        AlternateStack stack = thread.AlternateStack;
        Word(frame, StackAt, stack.Base);
        Int(frame, StackAt + 8, (uint)(stack.Contains(thread.Cpu.Sp) ? AlternateStack.IsOn : stack.Flags));
        Word(frame, StackAt + 16, stack.Bytes);
        Word(frame, MaskAt, mask);
        WriteRegisters(frame, thread);
        if (info.Syndrome != 0)
        {
            int at = ReservedAt + FloatBytes;
            Int(frame, at, SyndromeMagic);
            Int(frame, at + 4, SyndromeBytes);
            Word(frame, at + 8, info.Syndrome);
        }
    }

    /// <summary>Takes registers back. False: the frame is not valid, which is SIGSEGV.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, GuestThread thread, out ulong mask, out AlternateStack stack)
    {
        mask = Word(frame, MaskAt);
        stack = new AlternateStack(Word(frame, StackAt), (int)Word(frame, StackAt + 8), Word(frame, StackAt + 16));
        Cpu cpu = thread.Cpu;
        for (int register = 0; register <= 31; register++)
        {
            cpu.X(register) = Word(frame, RegistersAt + 8 + (8 * register));
        }

        cpu.Pc = Word(frame, RegistersAt + 264);
        ulong state = Word(frame, RegistersAt + 272);
        cpu.Nzcv = (uint)state & 0xF0000000;
        thread.Task.Core.Registers.Tco = (state & Tco) != 0;
        return (state & ForbiddenState) == 0 && TryReadFloats(frame, cpu);
    }

    /// <summary>siginfo_t alone.</summary>
    public static byte[] InfoOf(SignalInfo info)
    {
        byte[] bytes = new byte[InfoBytes];
        Int(bytes, 0, (uint)info.Number);
        Int(bytes, 8, (uint)info.Code);
        WriteInfo(bytes, info, info.Address);
        return bytes;
    }

    /// <summary>A siginfo_t that takes the place of another, which was raised as this one is.</summary>
    public static SignalInfo InfoFrom(ReadOnlySpan<byte> bytes, SignalInfo old)
    {
        SignalInfo info = old with
        {
            Number = BinaryPrimitives.ReadInt32LittleEndian(bytes), Code = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        };
        return HasAddress(info) ? info with { Address = Word(bytes, 16) } : info with
        {
            Sender = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), Value = Word(bytes, 24),
        };
    }

    private static bool HasAddress(SignalInfo info) => info.Code > 0 && info.IsForced
        && info.Number is SignalNumber.Segv or SignalNumber.Bus or SignalNumber.Ill or SignalNumber.Trap;

    private static void WriteInfo(Span<byte> frame, SignalInfo info, ulong address)
    {
        if (HasAddress(info))
        {
            Word(frame, 16, address);
            return;
        }

        Int(frame, 16, (uint)info.Sender);
        Word(frame, 24, info.Value);
    }

    private static void WriteRegisters(Span<byte> frame, GuestThread thread)
    {
        Cpu cpu = thread.Cpu;
        Word(frame, RegistersAt, thread.FaultAddress);
        for (int register = 0; register <= 31; register++)
        {
            Word(frame, RegistersAt + 8 + (8 * register), cpu.X(register));
        }

        Word(frame, RegistersAt + 264, cpu.Pc);
        Word(frame, RegistersAt + 272, cpu.Nzcv | (thread.Task.Core.Registers.Tco ? Tco : 0));
        Int(frame, ReservedAt, FloatMagic);
        Int(frame, ReservedAt + 4, FloatBytes);
        Int(frame, ReservedAt + 8, cpu.FloatStatus);
        Int(frame, ReservedAt + 12, cpu.FloatControl);
        for (int register = 0; register < 32; register++)
        {
            Word(frame, ReservedAt + 16 + (16 * register), cpu.V(register).GetElement(0));
            Word(frame, ReservedAt + 24 + (16 * register), cpu.V(register).GetElement(1));
        }
    }

    /// <summary>Records up to the one of size 0; that of floating point has to be there, once.</summary>
    private static bool TryReadFloats(ReadOnlySpan<byte> frame, Cpu cpu)
    {
        int floats = 0;
        for (int at = 0; at + 8 <= ReservedBytes;)
        {
            ReadOnlySpan<byte> record = frame[(ReservedAt + at)..];
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(record);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
            if (magic == 0)
            {
                return size == 0 && floats == 1;
            }

            if (size < 8 || size % 16 != 0 || size > ReservedBytes - at
                || magic is not (FloatMagic or SyndromeMagic or ExtraMagic) || magic == ExtraMagic)
            {
                return false;
            }

            if (magic == FloatMagic)
            {
                if (size != FloatBytes || floats++ > 0)
                {
                    return false;
                }

                ReadFloats(record, cpu);
            }

            at += (int)size;
        }

        return false;
    }

    private static void ReadFloats(ReadOnlySpan<byte> record, Cpu cpu)
    {
        cpu.FloatStatus = BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
        cpu.FloatControl = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        for (int register = 0; register < 32; register++)
        {
            cpu.V(register) = Vector128.Create(Word(record, 16 + (16 * register)), Word(record, 24 + (16 * register)));
        }
    }

    private static void Word(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);

    private static void Int(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
