using Palimpsest.A64;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Cores;

namespace Palimpsest.Userland.Signals;

/// <summary>What a fault that the kernel cannot resolve becomes (arch/arm64/mm/fault.c, fault_info).</summary>
internal static class FaultSignals
{
    // ESR_EL1: data and instruction aborts from EL0, 32-bit instructions, status codes of level 3.
    private const uint DataAbort = 0x24u << 26 | 1 << 25;
    private const uint InstructionAbort = 0x20u << 26 | 1 << 25;
    private const uint IsWrite = 1 << 6;
    private const ulong UpperTagBits = 0xF0UL << 56;

    public static SignalInfo Of(SignalCode code, AccessFault fault)
    {
        (int number, int what, uint status) = code switch
        {
            SignalCode.MapError => (SignalNumber.Segv, SignalInfo.MapError, 0x07u),
            SignalCode.AccessError => (SignalNumber.Segv, SignalInfo.AccessError, 0x0Fu),
            SignalCode.TagSynchronous => (SignalNumber.Segv, SignalInfo.TagSynchronous, 0x11u),
            SignalCode.Alignment => (SignalNumber.Bus, 1, 0x21u),
            SignalCode.OutOfMemory => (SignalNumber.Kill, SignalInfo.Kernel, 0u),
            _ => (SignalNumber.Bus, 2, 0x07u),
        };
        uint syndrome = (fault.IsFetch ? InstructionAbort : DataAbort) | status | (fault.IsWrite ? IsWrite : 0);
        // Bits 63:60 of the address of a tag check fault are unknown.
        ulong address = code == SignalCode.TagSynchronous ? fault.Address & ~UpperTagBits : fault.Address;
        return new SignalInfo(number, what, address) { IsForced = true, Syndrome = syndrome };
    }

    public static SignalInfo Of(Stop stop, ulong pc) => stop.Reason switch
    {
        StopReason.Undefined => new SignalInfo(SignalNumber.Ill, 1, pc) { IsForced = true },
        StopReason.Misaligned => new SignalInfo(SignalNumber.Bus, 1, stop.Fault.Address) { IsForced = true },
        _ => new SignalInfo(SignalNumber.Trap, 1, pc) { IsForced = true },
    };
}
