using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>What a CPU can stop for. The program counter is at the instruction that was not executed, behind a system call.</summary>
public enum StopReason : byte
{
    /// <summary>As many instructions as asked for were executed.</summary>
    Slice,

    /// <summary>SVC.</summary>
    SystemCall,

    /// <summary>An access, or the fetch of an instruction, that could not be performed.</summary>
    Fault,

    /// <summary>An encoding that is not allocated, or not allowed at EL0.</summary>
    Undefined,

    /// <summary>BRK.</summary>
    Breakpoint,

    /// <summary>The program counter is not a multiple of 4.</summary>
    Misaligned,
}

/// <summary>Why a CPU has stopped.</summary>
/// <param name="Fault">Of <see cref="StopReason.Fault"/>, and of a misaligned program counter its address.</param>
/// <param name="Instruction">Encoding of what was undefined, or the immediate of BRK.</param>
public readonly record struct Stop(StopReason Reason, AccessFault Fault = default, uint Instruction = 0);
