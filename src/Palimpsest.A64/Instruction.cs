using System.Runtime.InteropServices;

namespace Palimpsest.A64;

/// <summary>One predecoded instruction. Executing it gives the next one, or null where the CPU stops.</summary>
/// <remarks>Registers are indexes of <see cref="Cpu.X(int)"/>, where 31 is SP; see <see cref="Cpu.Zero"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Instruction
{
    public Handler Execute;
    public byte Rd;
    public byte Rn;
    public byte Rm;

    /// <summary>A fourth register, a condition, a shift: what the handler wants.</summary>
    public byte Extra;

    /// <summary>A constant, a distance in instructions, or the encoding itself.</summary>
    public int Imm;

    /// <summary>The encoding, of instructions that are taken apart when they are executed.</summary>
    public readonly uint Word => (uint)Imm;
}
