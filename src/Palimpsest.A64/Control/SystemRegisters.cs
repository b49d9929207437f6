namespace Palimpsest.A64.Control;

/// <summary>MRS and MSR of the registers that EL0 may reach on Linux without HWCAP_CPUID.</summary>
internal static unsafe class SystemRegisters
{
    /// <summary>CTR_EL0: lines of 64 bytes, as of a Cortex-A.</summary>
    public const ulong CacheType = 0x8444C004;

    /// <summary>DCZID_EL0: DC ZVA sets 64 bytes.</summary>
    public const ulong ZeroBlock = 4;

    /// <summary>CNTFRQ_EL0: a tick a nanosecond.</summary>
    public const ulong CounterFrequency = 1_000_000_000;

    public static Instruction* Read(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = (SystemRegister)at->Imm switch
        {
            SystemRegister.Nzcv => cpu.Nzcv,
            SystemRegister.Fpcr => cpu.FloatControl,
            SystemRegister.Fpsr => cpu.FloatStatus,
            SystemRegister.ThreadPointer => cpu.ThreadPointer,
            SystemRegister.Tco => cpu.Core.Registers.Tco ? 1UL << 25 : 0,
            SystemRegister.CacheType => CacheType,
            SystemRegister.ZeroBlock => ZeroBlock,
            SystemRegister.CounterFrequency => CounterFrequency,
            SystemRegister.Counter => (ulong)cpu.Now(at),
            _ => 0,
        };
        return at + 1;
    }

    public static Instruction* Write(Cpu cpu, Instruction* at)
    {
        ulong value = cpu.X(at->Rd);
        switch ((SystemRegister)at->Imm)
        {
            case SystemRegister.Nzcv:
                cpu.Nzcv = (uint)value;
                break;
            case SystemRegister.Fpcr:
                cpu.FloatControl = (uint)value & FloatControlBits;
                break;
            case SystemRegister.Fpsr:
                cpu.FloatStatus = (uint)value & FloatStatusBits;
                break;
            case SystemRegister.ThreadPointer:
                cpu.ThreadPointer = value;
                break;
            case SystemRegister.Tco:
                cpu.Core.Registers.Tco = (value >> 25 & 1) != 0;
                break;
            default:
                break;
        }

        return at + 1;
    }

    /// <summary>MSR TCO, #imm.</summary>
    public static Instruction* SetTco(Cpu cpu, Instruction* at)
    {
        cpu.Core.Registers.Tco = at->Imm != 0;
        return at + 1;
    }

    // AHP, DN, FZ, RMode; half precision has no FZ16 here, and nothing traps.
    private const uint FloatControlBits = 0x07C00000;

    // QC and the cumulative exceptions.
    private const uint FloatStatusBits = 0x0800009F;
}

/// <summary>A register of EL0 by op1, CRn, CRm and op2, as in bits 18:5 of MRS.</summary>
internal enum SystemRegister
{
    CacheType = 3 << 11 | 0 << 7 | 0 << 3 | 1,
    ZeroBlock = 3 << 11 | 0 << 7 | 0 << 3 | 7,
    Nzcv = 3 << 11 | 4 << 7 | 2 << 3 | 0,
    Tco = 3 << 11 | 4 << 7 | 2 << 3 | 7,
    Fpcr = 3 << 11 | 4 << 7 | 4 << 3 | 0,
    Fpsr = 3 << 11 | 4 << 7 | 4 << 3 | 1,
    ThreadPointer = 3 << 11 | 13 << 7 | 0 << 3 | 2,
    ReadOnlyThreadPointer = 3 << 11 | 13 << 7 | 0 << 3 | 3,
    CounterFrequency = 3 << 11 | 14 << 7 | 0 << 3 | 0,
    Counter = 3 << 11 | 14 << 7 | 0 << 3 | 2,
}
