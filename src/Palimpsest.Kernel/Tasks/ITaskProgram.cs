using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Kernel.Tasks;

/// <summary>What a task executes in user mode: one instruction of a host script or of the actor of a race, or code.</summary>
internal interface ITaskProgram
{
    /// <summary>Where it accesses memory next.</summary>
    ulong Address { get; }

    /// <summary>Goes on until it has finished, or to a fault, behind which it is tried again.</summary>
    AccessFault Step(Core cpu);
}

/// <summary>LDR of eight bytes.</summary>
internal struct LoadWord(ulong address) : ITaskProgram
{
    public ulong Value;

    public readonly ulong Address => address;

    public AccessFault Step(Core cpu) => cpu.Load64(address, out Value);
}

/// <summary>STR of eight bytes.</summary>
internal readonly struct StoreWord(ulong address, ulong value) : ITaskProgram
{
    public ulong Address => address;

    public AccessFault Step(Core cpu) => cpu.Store64(address, value);
}

/// <summary>LDG.</summary>
internal struct LoadTag(ulong address) : ITaskProgram
{
    public ulong Value;

    public readonly ulong Address => address;

    public AccessFault Step(Core cpu) => cpu.Ldg(address & ~15UL, ref Value);
}

/// <summary>STG of the tag of an address.</summary>
internal readonly struct StoreTag(ulong address) : ITaskProgram
{
    public ulong Address => address;

    public AccessFault Step(Core cpu) => cpu.Stg(address & ~15UL, address);
}

/// <summary>IRG: reaches no memory.</summary>
internal struct ChooseTag(ulong address) : ITaskProgram
{
    public ulong Value;

    public readonly ulong Address => address;

    public AccessFault Step(Core cpu)
    {
        Value = TagArithmetic.Irg(cpu.Registers, address);
        return default;
    }
}

/// <summary>Loads of many bytes, lowest address first.</summary>
internal struct LoadBytes(ulong address, Memory<byte> into) : ITaskProgram
{
    private Memory<byte> _into = into;

    public ulong Address { get; private set; } = address;

    public AccessFault Step(Core cpu)
    {
        AccessFault fault = cpu.Read(Address, _into.Span);
        int done = fault.IsNone ? _into.Length : (int)(fault.Address - Address);
        _into = _into[done..];
        Address += (ulong)done;
        return fault;
    }
}

/// <summary>Stores of many bytes, lowest address first.</summary>
internal struct StoreBytes(ulong address, ReadOnlyMemory<byte> from) : ITaskProgram
{
    private ReadOnlyMemory<byte> _from = from;

    public ulong Address { get; private set; } = address;

    public AccessFault Step(Core cpu)
    {
        AccessFault fault = cpu.Write(Address, _from.Span);
        int done = fault.IsNone ? _from.Length : (int)(fault.Address - Address);
        _from = _from[done..];
        Address += (ulong)done;
        return fault;
    }
}
