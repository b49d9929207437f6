using System.Reflection;
using System.Reflection.Emit;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Compilation;

/// <summary>
/// Writes a region: a general register that is changed is stored at once, and kept in a local variable for the rest of its block,
/// so that the region can be left anywhere with nothing to do, and entered with nothing to load. A block takes its instructions
/// off what is left of the slice before it begins. What is rare, as an access that has to take the long way, lies behind
/// everything else.
/// </summary>
internal sealed unsafe partial class RegionWriter
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Of the place in the page, in <see cref="_here"/>; above it, what is not executed of the block.</summary>
    private const int PlaceBits = 16;

    private readonly ILGenerator _il;
    private readonly RegionPlan _plan;
    private readonly CodePage _page;
    private readonly Core _core;
    private readonly JumpCache _jumps;
    private readonly Dictionary<int, Label> _blocks = [];
    private readonly Queue<Action> _behind = new();
    private readonly Label _prologue;
    private readonly Label?[] _ends = new Label?[4];
    private readonly Label _leaveFar;
    private readonly Label _stepHere;
    private readonly LocalBuilder _here;
    private readonly LocalBuilder _state;
    private readonly LocalBuilder _left;
    private readonly LocalBuilder _next;
    private readonly LocalBuilder _target;

    // Where it is: the block, and the place of the instruction.
    private Block _block;
    private int _index;

    public RegionWriter(ILGenerator il, RegionPlan plan, CodePage page, Core core, JumpCache jumps)
    {
        (_il, _plan, _page, _core, _jumps) = (il, plan, page, core, jumps);
        (_prologue, _leaveFar, _stepHere) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        (_left, _next, _target, _here) = (Local<long>(), Local<nint>(), Local<long>(), Local<int>());
        _state = il.DeclareLocal(typeof(ulong).MakeByRefType());
        foreach (Block block in plan.Blocks)
        {
            _blocks[block.First] = il.DefineLabel();
        }
    }

    /// <summary>Instructions that call the interpreter's handler.</summary>
    public int Interpreted { get; private set; }

    public void Write()
    {
        _il.Emit(OpCodes.Br, _prologue);
        foreach (Block block in _plan.Blocks)
        {
            WriteBlock(block);
        }

        while (_behind.TryDequeue(out Action? rare))
        {
            rare();
        }

        WriteEnds();
        WritePrologue();
    }

    private void WriteBlock(Block block)
    {
        _block = block;
        (_compared, _atHand) = _arrivals.GetValueOrDefault(block.First);
        _il.MarkLabel(_blocks[block.First]);
        if (_plan.Checkpoints.TryGetValue(block.First, out int longest))
        {
            CheckLeft(block.First, longest);
        }

        Load(_left);
        Constant((long)block.Count);
        _il.Emit(OpCodes.Sub);
        Store(_left);

        for (_index = block.First; _index < block.End; _index++)
        {
            WriteInstruction(_plan.At(_index));
        }

        if (Flow.Of(_plan.At(block.End - 1)).Kind is FlowKind.On or FlowKind.Choice)
        {
            Arrive(block.End);
            GoTo(block.End);
        }
    }

    /// <summary>Where the slice ends before the next such place, it is finished instruction by instruction.</summary>
    private void CheckLeft(int index, int longest)
    {
        Label isShort = _il.DefineLabel();
        Load(_left);
        Constant((long)longest);
        _il.Emit(OpCodes.Blt, isShort);
        Behind(() =>
        {
            _il.MarkLabel(isShort);
            Address(index);
            Store(_next);
            _il.Emit(OpCodes.Br, Before(End.Finish));
        });
    }

    /// <summary>
    /// Notes where it is, for a branch to <see cref="_stepHere"/> that leaves the region before the instruction that is being
    /// written, which is interpreted: one way out for all of them, since each block of code costs the compiler of .NET.
    /// </summary>
    private void NoteHere()
    {
        Constant(_index | (_block.End - _index) << PlaceBits);
        Store(_here);
    }

    private void WriteInstruction(Encoding e)
    {
        Flow flow = Flow.Of(e);
        if (flow.Kind != FlowKind.On)
        {
            WriteBranch(e, flow);
        }
        else if (!TryWrite(e))
        {
            Interpret(e);
        }
    }

    private bool TryWrite(Encoding e) => e[28, 25] switch
    {
        0b1000 or 0b1001 => TryWriteImmediate(e),
        0b1010 or 0b1011 => TryWriteSystem(e),
        0b0100 or 0b0110 or 0b1100 or 0b1110 => TryWriteMemory(e),
        0b0101 or 0b1101 => TryWriteRegister(e),
        _ => TryWriteVector(e),
    };

    /// <summary>Written behind what is executed mostly.</summary>
    private void Behind(Action rare) => _behind.Enqueue(rare);

    /// <summary>Goes on at a place of the page, in the region or not.</summary>
    private void GoTo(int index)
    {
        if (_blocks.TryGetValue(index, out Label label))
        {
            _il.Emit(OpCodes.Br, label);
            return;
        }

        Address(index);
        Store(_next);
        _il.Emit(OpCodes.Br, Before(End.Leave));
    }

    /// <summary>Address of a decoded instruction.</summary>
    private void Address(int index) => Pointer(_page.Code + index);

    private void Call(string method, LocalBuilder argument)
    {
        _il.Emit(OpCodes.Ldarg_0);
        Load(argument);
        _il.Emit(OpCodes.Call, typeof(Cpu).GetMethod(method, Any)!);
    }

    private void WritePrologue()
    {
        _il.MarkLabel(_prologue);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldflda, Field(nameof(Cpu.Negative)));
        Store(_state);
        State(StateOffsets.Left);
        _il.Emit(OpCodes.Ldind_I8);
        Constant(1L);
        _il.Emit(OpCodes.Add);
        Store(_left);
        int[] entries = [.. _plan.Entries];
        if (entries.Length > 1)
        {
            Pointer(CodePage.EntryNumbers(_page.Code));
            _il.Emit(OpCodes.Ldarg_1);
            PlaceInPage();
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Ldind_U1);
            Constant(1);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Switch, entries.Select(entry => _blocks[entry]).ToArray());
        }

        _il.Emit(OpCodes.Br, _blocks[entries[0]]);
    }
}
