using System.Reflection;
using System.Reflection.Emit;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Compilation;

/// <summary>
/// Writes a region: general registers and flags are local variables, loaded where it is entered and stored where it is left;
/// the just-in-time compiler finds them host registers. A block takes its instructions off what is left of the slice before
/// it begins. What is rare, as an access that has to take the long way, lies behind everything else.
/// </summary>
internal sealed unsafe partial class RegionWriter
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly ILGenerator _il;
    private readonly RegionPlan _plan;
    private readonly CodePage _page;
    private readonly Core _core;
    private readonly JumpCache _jumps;
    private readonly Dictionary<int, Label> _blocks = [];
    private readonly Queue<Action> _behind = new();
    private readonly Label _prologue;
    private readonly Label?[] _ends = new Label?[4];
    private readonly Label _end;
    private readonly Label _leaveFar;
    private readonly LocalBuilder _how;
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
        (_prologue, _leaveFar, _end) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        (_left, _next, _target, _how) = (Local<long>(), Local<nint>(), Local<long>(), Local<int>());
        _state = il.DeclareLocal(typeof(ulong).MakeByRefType());
        foreach (Block block in plan.Blocks)
        {
            _blocks[block.First] = il.DefineLabel();
        }
    }

    /// <summary>How a region is left, but for another page.</summary>
    private enum End
    {
        /// <summary>It goes on at an instruction of the page.</summary>
        Leave,

        /// <summary>The slice is too short for what comes next.</summary>
        Finish,

        /// <summary>An instruction has to be interpreted.</summary>
        Step,

        /// <summary>An instruction that was interpreted has stopped.</summary>
        Fault,
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
        _compared = null;
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

    /// <summary>Where a branch leaves the region before the instruction that is being written, which is interpreted.</summary>
    private Label LeaveHere()
    {
        Label here = _il.DefineLabel();
        int index = _index;
        int behind = _block.End - index;
        Behind(() =>
        {
            _il.MarkLabel(here);
            Address(index);
            Store(_next);
            Load(_left);
            Constant((long)behind);
            _il.Emit(OpCodes.Add);
            Store(_left);
            _il.Emit(OpCodes.Br, Before(End.Step));
        });
        return here;
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

    /// <summary>Where the region is left: registers are stored, and the next region is entered, or whoever executes is told.</summary>
    private void WriteEnds()
    {
        _il.MarkLabel(_leaveFar);
        StoreRegisters();
        WriteLeaveFar();
        Label[] ends = [.. Enum.GetValues<End>().Select(_ => _il.DefineLabel())];
        foreach (End end in Enum.GetValues<End>())
        {
            _il.MarkLabel(Before(end));
            Constant((int)end);
            Store(_how);
            _il.Emit(OpCodes.Br, _end);
        }

        _il.MarkLabel(_end);
        StoreRegisters();
        Load(_how);
        _il.Emit(OpCodes.Switch, ends);
        foreach (End end in Enum.GetValues<End>())
        {
            _il.MarkLabel(ends[(int)end]);
            WriteEnd(end);
            _il.Emit(OpCodes.Ret);
        }
    }

    private void WriteEnd(End end)
    {
        switch (end)
        {
            case End.Leave:
                WriteLeave();
                break;
            case End.Finish:
                StoreLeft(0);
                Call(nameof(Cpu.Finish), _next);
                break;
            case End.Step:
                StoreLeft(1);
                Call(nameof(Cpu.Step), _next);
                break;
            default:
                WriteFault();
                break;
        }
    }

    private Label Before(End end) => _ends[(int)end] ??= _il.DefineLabel();

    /// <summary>To an instruction of the same page.</summary>
    private void WriteLeave()
    {
        Label isUnknown = _il.DefineLabel();
        Pointer(CodePage.EntryNumbers(_page.Code));
        Load(_next);
        PlaceInPage();
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_U1);
        _il.Emit(OpCodes.Brfalse, isUnknown);
        StoreLeft(1);
        _il.Emit(OpCodes.Ldarg_0);
        Load(_next);
        Load(_next);
        _il.Emit(OpCodes.Ldind_I);
        GoOn();
        _il.MarkLabel(isUnknown);
        StoreLeft(0);
        Call(nameof(Cpu.Leave), _next);
    }

    private void WriteLeaveFar()
    {
        LocalBuilder entry = Local<nint>();
        Label isUnknown = _il.DefineLabel();
        Pointer(_jumps.First);
        Load(_target);
        Constant(3);
        _il.Emit(OpCodes.Shl);
        Constant((long)JumpCache.OffsetMask);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
        Store(entry);
        JumpField(entry, nameof(JumpEntry.Address));
        Load(_target);
        _il.Emit(OpCodes.Bne_Un, isUnknown);
        State(StateOffsets.PageCode);
        JumpField(entry, nameof(JumpEntry.Code));
        _il.Emit(OpCodes.Stind_I);
        State(StateOffsets.PageAddress);
        Load(_target);
        Constant(-(long)CodePages.PageBytes);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Stind_I8);
        StoreLeft(1);
        _il.Emit(OpCodes.Ldarg_0);
        JumpField(entry, nameof(JumpEntry.At));
        JumpField(entry, nameof(JumpEntry.Region));
        GoOn();
        _il.MarkLabel(isUnknown);
        StoreLeft(0);
        Call(nameof(Cpu.LeaveFar), _target);
        _il.Emit(OpCodes.Ret);
    }

    private void WriteFault()
    {
        State(StateOffsets.Left);
        Load(_left);
        State(StateOffsets.Refund);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stind_I8);
        Constant(0);
        _il.Emit(OpCodes.Conv_I);
    }

    /// <summary>A region on the stack takes over: nothing of this one is left on the host's stack.</summary>
    private void GoOn()
    {
        _il.Emit(OpCodes.Tailcall);
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(nint), [typeof(Cpu), typeof(nint)], null);
        _il.Emit(OpCodes.Ret);
    }

    private void JumpField(LocalBuilder entry, string field)
    {
        Load(entry);
        _il.Emit(OpCodes.Ldfld, typeof(JumpEntry).GetField(field)!);
    }

    /// <summary>What is left of the slice, less the first instruction of whoever is entered.</summary>
    private void StoreLeft(long less)
    {
        State(StateOffsets.Left);
        Load(_left);
        Constant(less);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>From the address of an instruction to its place.</summary>
    private void PlaceInPage()
    {
        Pointer(_page.Code);
        _il.Emit(OpCodes.Sub);
        Constant(4);
        _il.Emit(OpCodes.Shr_Un);
    }

    private void Call(string method, LocalBuilder argument)
    {
        _il.Emit(OpCodes.Ldarg_0);
        Load(argument);
        _il.Emit(OpCodes.Call, typeof(Cpu).GetMethod(method, Any)!);
    }

    /// <summary>Behind all else, since only now it is known which registers are used.</summary>
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
        LoadRegisters();
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
