using System.Reflection;
using System.Reflection.Emit;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Compilation;

/// <summary>Local variables, constants, registers.</summary>
internal sealed unsafe partial class RegionWriter
{
    private const int Registers = 32;

    private readonly LocalBuilder?[] _x = new LocalBuilder?[Registers];

    // A bit for each register whose variable has its value where the code is written.
    private uint _atHand;

    private static FieldInfo Field(string name) => typeof(Cpu).GetField(name, Any)!;

    private LocalBuilder Local<T>() => _il.DeclareLocal(typeof(T));

    private void Load(LocalBuilder local) => _il.Emit(OpCodes.Ldloc, local);

    private void Store(LocalBuilder local) => _il.Emit(OpCodes.Stloc, local);

    private void Constant(long value) => _il.Emit(OpCodes.Ldc_I8, value);

    private void Constant(int value) => _il.Emit(OpCodes.Ldc_I4, value);

    /// <summary>A constant of a register's width.</summary>
    private void Constant(ulong value, bool isWide)
    {
        if (isWide)
        {
            Constant((long)value);
        }
        else
        {
            Constant((int)value);
        }
    }

    private void Pointer(void* address)
    {
        Constant((long)address);
        _il.Emit(OpCodes.Conv_U);
    }

    /// <summary>A register, 31 for SP or <see cref="Cpu.Zero"/>, with 64 bits, or 32 as a value of 32.</summary>
    private void Get(int register, bool isWide = true)
    {
        if (register == Cpu.Zero)
        {
            Constant(0UL, isWide);
            return;
        }

        Load(Ensure(register));
        if (!isWide)
        {
            _il.Emit(OpCodes.Conv_I4);
        }
    }

    /// <summary>The value on the stack to a register; upper halves become 0, and <see cref="Cpu.Sink"/> drops it.</summary>
    private void Set(int register, bool isWide = true)
    {
        if (register == Cpu.Sink)
        {
            _il.Emit(OpCodes.Pop);
            return;
        }

        if (!isWide)
        {
            _il.Emit(OpCodes.Conv_U8);
        }

        LocalBuilder variable = _x[register] ??= Local<long>();
        Store(variable);
        PlaceOf(register);
        Load(variable);
        _il.Emit(OpCodes.Stind_I8);
        _atHand |= 1u << register;
    }

    /// <summary>Place of a register in the state.</summary>
    private void PlaceOf(int register) => State(StateOffsets.General + (register * sizeof(ulong)));

    private void PlaceOfVector(int register) => State(StateOffsets.Vectors + (register * 16));

    /// <summary>A part of the state, by its offset.</summary>
    private void State(int offset)
    {
        Load(_state);
        Add(offset);
    }

    /// <summary>A constant offset to the address on the stack.</summary>
    private void Add(int offset)
    {
        if (offset != 0)
        {
            Constant(offset);
            _il.Emit(OpCodes.Add);
        }
    }

    /// <summary>A register's value is at hand: a variable of the block, loaded where it is wanted first.</summary>
    private LocalBuilder Ensure(int register)
    {
        LocalBuilder variable = _x[register] ??= Local<long>();
        if ((_atHand & 1u << register) == 0)
        {
            PlaceOf(register);
            _il.Emit(OpCodes.Ldind_I8);
            Store(variable);
            _atHand |= 1u << register;
        }

        return variable;
    }

    /// <summary>A handler may have changed it.</summary>
    private void Forget(int register) => _atHand &= ~(1u << register);

    /// <summary>Address of the page plus a constant.</summary>
    private void InPage(long offset)
    {
        State(StateOffsets.PageAddress);
        _il.Emit(OpCodes.Ldind_I8);
        Constant(offset);
        _il.Emit(OpCodes.Add);
    }
}
