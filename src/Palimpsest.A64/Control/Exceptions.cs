namespace Palimpsest.A64.Control;

/// <summary>What stops a CPU on purpose, or because there is no such instruction.</summary>
internal static unsafe class Exceptions
{
    public static Instruction* Undefined(Cpu cpu, Instruction* at) =>
        cpu.StopAt(at, new Stop(StopReason.Undefined, Instruction: at->Word));

    public static Instruction* SystemCall(Cpu cpu, Instruction* at) =>
        cpu.StopBehind(at, new Stop(StopReason.SystemCall, Instruction: at->Word));

    public static Instruction* Breakpoint(Cpu cpu, Instruction* at) =>
        cpu.StopAt(at, new Stop(StopReason.Breakpoint, Instruction: at->Word));
}
