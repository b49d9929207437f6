using System.Reflection;
using System.Reflection.Emit;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Compilation;

/// <summary>Local variables, constants, registers.</summary>
internal sealed unsafe partial class RegionWriter
{
    private const int Registers = 32;

    private readonly LocalBuilder?[] _x = new LocalBuilder?[Registers];
    private readonly bool[] _isWritten = new bool[Registers];
    private LocalBuilder? _short;
    private LocalBuilder? _pageAddress;

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

    private LocalBuilder Variable(int register) => _x[register] ??= Local<long>();

    /// <summary>A register, 31 for SP or <see cref="Cpu.Zero"/>, with 64 bits, or 32 as a value of 32.</summary>
    private void Get(int register, bool isWide = true)
    {
        if (register == Cpu.Zero)
        {
            Constant(0UL, isWide);
            return;
        }

        Load(Variable(register));
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

        _isWritten[register] = true;
        Store(Variable(register));
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

    /// <summary>A variable's value to the state, where a handler is to see it.</summary>
    private void Spill(int register)
    {
        PlaceOf(register);
        Load(Variable(register));
        _il.Emit(OpCodes.Stind_I8);
    }

    private void Reload(int register)
    {
        PlaceOf(register);
        _il.Emit(OpCodes.Ldind_I8);
        _isWritten[register] = true;
        Store(Variable(register));
    }

    private void LoadRegisters()
    {
        for (int register = 0; register < Registers; register++)
        {
            if (_x[register] is { } variable)
            {
                PlaceOf(register);
                _il.Emit(OpCodes.Ldind_I8);
                Store(variable);
            }
        }

        LoadFlags();
        if (_short is not null)
        {
            State(StateOffsets.ShortWays);
            _il.Emit(OpCodes.Ldind_I);
            Store(_short);
        }

        if (_pageAddress is not null)
        {
            State(StateOffsets.PageAddress);
            _il.Emit(OpCodes.Ldind_I8);
            Store(_pageAddress);
        }
    }

    private void StoreRegisters()
    {
        for (int register = 0; register < Registers; register++)
        {
            if (_isWritten[register])
            {
                Spill(register);
            }
        }

        StoreFlags();
    }

    /// <summary>Address of the page plus a constant.</summary>
    private void InPage(long offset)
    {
        Load(_pageAddress ??= Local<long>());
        Constant(offset);
        _il.Emit(OpCodes.Add);
    }
}
