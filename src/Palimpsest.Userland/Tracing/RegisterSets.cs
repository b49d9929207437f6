using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Palimpsest.A64;
using Palimpsest.Userland.Calls;

namespace Palimpsest.Userland.Tracing;

/// <summary>Registers of a thread as PTRACE_GETREGSET gives and PTRACE_SETREGSET takes them (arch/arm64/kernel/ptrace.c).</summary>
internal static class RegisterSets
{
    public const int General = 1;
    public const int Floats = 2;
    public const int ThreadPointers = 0x401;
    public const int HardwareBreakpoints = 0x402;
    public const int HardwareWatchpoints = 0x403;
    public const int TagControl = 0x409;

    private const int GeneralBytes = 272;
    private const int FloatBytes = 528;
    private const int DebugBytes = 264;

    // ID_AA64DFR0_EL1.DebugVer of Armv8.2 with no breakpoint and no watchpoint.
    private const uint DebugArchitecture = 8 << 8;
    private const ulong Tco = 1UL << 25;
    private const ulong ForbiddenState = 0x3DF;

    /// <summary>Bytes of a set; 0 where there is none of this number.</summary>
    public static int BytesOf(int set) => set switch
    {
        General => GeneralBytes,
        Floats => FloatBytes,
        ThreadPointers => 16,
        HardwareBreakpoints or HardwareWatchpoints => DebugBytes,
        TagControl => 8,
        _ => 0,
    };

    /// <summary>A length has to be a multiple of that.</summary>
    public static int UnitOf(int set) => set is Floats or HardwareBreakpoints or HardwareWatchpoints ? 4 : 8;

    public static byte[] Read(GuestThread thread, int set)
    {
        Cpu cpu = thread.Cpu;
        byte[] bytes = new byte[BytesOf(set)];
        switch (set)
        {
            case General:
                for (int register = 0; register <= 31; register++)
                {
                    Word(bytes, 8 * register, cpu.X(register));
                }

                Word(bytes, 256, cpu.Pc);
                Word(bytes, 264, cpu.Nzcv | (thread.Task.Core.Registers.Tco ? Tco : 0));
                break;
            case Floats:
                for (int register = 0; register < 32; register++)
                {
                    Word(bytes, 16 * register, cpu.V(register).GetElement(0));
                    Word(bytes, (16 * register) + 8, cpu.V(register).GetElement(1));
                }

                Word(bytes, 512, cpu.FloatStatus | (ulong)cpu.FloatControl << 32);
                break;
            case ThreadPointers:
                // The second, TPIDR2_EL0, is there and zero on a CPU without SME.
                Word(bytes, 0, cpu.ThreadPointer);
                break;
            case TagControl:
                Word(bytes, 0, (ulong)ControlCalls.GetTags(thread));
                break;
            default:
                Word(bytes, 0, DebugArchitecture);
                break;
        }

        return bytes;
    }

    /// <summary>All of a set is taken over, or nothing.</summary>
    /// <exception cref="CallException">A value that cannot be.</exception>
    public static void Write(GuestThread thread, int set, ReadOnlySpan<byte> bytes)
    {
        Cpu cpu = thread.Cpu;
        switch (set)
        {
            case General:
                WriteGeneral(thread, bytes);
                break;
            case Floats:
                for (int register = 0; register < 32; register++)
                {
                    cpu.V(register) = Vector128.Create(Word(bytes, 16 * register), Word(bytes, (16 * register) + 8));
                }

                (cpu.FloatStatus, cpu.FloatControl) = ((uint)Word(bytes, 512), (uint)(Word(bytes, 512) >> 32));
                break;
            case ThreadPointers:
                cpu.ThreadPointer = Word(bytes, 0);
                break;
            case TagControl:
                long error = ControlCalls.SetTags(thread, Word(bytes, 0), hasMore: false);
                if (error < 0)
                {
                    throw new CallException((Errno)(-error));
                }

                break;
            default:
                if (bytes[8..].ContainsAnyExcept((byte)0))
                {
                    throw new CallException(Errno.ENOSPC);
                }

                break;
        }
    }

    private static void WriteGeneral(GuestThread thread, ReadOnlySpan<byte> bytes)
    {
        ulong state = Word(bytes, 264);
        if ((state & ForbiddenState) != 0)
        {
            throw new CallException(Errno.EINVAL);
        }

        Cpu cpu = thread.Cpu;
        for (int register = 0; register <= 31; register++)
        {
            cpu.X(register) = Word(bytes, 8 * register);
        }

        cpu.Pc = Word(bytes, 256);
        cpu.Nzcv = (uint)state & 0xF0000000;
        thread.Task.Core.Registers.Tco = (state & Tco) != 0;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static void Word(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}
