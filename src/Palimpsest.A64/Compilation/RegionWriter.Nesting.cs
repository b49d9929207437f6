using System.Reflection;
using System.Reflection.Emit;

namespace Palimpsest.A64.Compilation;

/// <summary>
/// Calls of the program as calls of the host: where it returns to where it came from, which the host foresees, the region goes on. All
/// else that comes back, as a stop, an instruction to be interpreted or a longjmp, is handed on to whoever called the region.
/// </summary>
internal sealed unsafe partial class RegionWriter
{
    private LocalBuilder? _known;
    private LocalBuilder? _expected;
    private LocalBuilder? _callPage;
    private LocalBuilder? _epoch;

    /// <summary>BL to an instruction of the page.</summary>
    private void WriteNearCall(int target)
    {
        Label plain = _il.DefineLabel();
        Pointer(CodePage.EntryNumbers(_page.Code) + target);
        _il.Emit(OpCodes.Ldind_U1);
        _il.Emit(OpCodes.Brfalse, plain);
        BeginCall(plain);
        _il.Emit(OpCodes.Ldarg_0);
        Address(target);
        Address(target);
        _il.Emit(OpCodes.Ldind_I);
        EndCall();
        Behind(() =>
        {
            _il.MarkLabel(plain);
            GoTo(target);
        });
    }

    /// <summary>BL or BLR to what <see cref="_target"/> says.</summary>
    private void WriteFarCall()
    {
        LocalBuilder known = _known ??= Local<nint>();
        FindJump(known);
        JumpField(known, nameof(JumpEntry.Address));
        Load(_target);
        _il.Emit(OpCodes.Bne_Un, _leaveFar);
        BeginCall(_leaveFar);
        EnterPageOf(known);
        _il.Emit(OpCodes.Ldarg_0);
        JumpField(known, nameof(JumpEntry.At));
        JumpField(known, nameof(JumpEntry.Region));
        EndCall();
    }

    /// <summary>RET: to whoever called the region, where that is where the program goes.</summary>
    private void WriteReturn()
    {
        Load(_target);
        State(StateOffsets.ExpectedReturn);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Bne_Un, _leaveFar);
        // A program may go where there is no instruction, and that is nobody's return.
        Load(_target);
        Constant(3L);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Brtrue, _leaveFar);
        StoreLeft(0);
        Constant(Cpu.Returned);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>Notes where the program is to return to, and how things are now.</summary>
    /// <param name="tooDeep">Where to go instead when there are too many calls already.</param>
    private void BeginCall(Label tooDeep)
    {
        (LocalBuilder expected, LocalBuilder page, LocalBuilder epoch) =
            (_expected ??= Local<long>(), _callPage ??= Local<long>(), _epoch ??= Local<long>());
        State(StateOffsets.CallsLeft);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Brfalse, tooDeep);
        AddToCallsLeft(-1);
        LoadState(StateOffsets.ExpectedReturn, expected);
        LoadState(StateOffsets.PageAddress, page);
        Pointer(_jumps.Epoch);
        _il.Emit(OpCodes.Ldind_I8);
        Store(epoch);
        State(StateOffsets.ExpectedReturn);
        Get(Link);
        _il.Emit(OpCodes.Stind_I8);
        StoreLeft(1);
    }

    /// <summary>Calls the region on the stack; where the program has returned, and its code is still the same, it goes on.</summary>
    private void EndCall()
    {
        Label isOther = _il.DefineLabel();
        Label isChanged = _il.DefineLabel();
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(nint), [typeof(Cpu), typeof(nint)], null);
        Store(_next);
        AddToCallsLeft(1);
        State(StateOffsets.ExpectedReturn);
        Load(_expected!);
        _il.Emit(OpCodes.Stind_I8);
        Load(_next);
        Constant(Cpu.Returned);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Bne_Un, isOther);
        LoadState(StateOffsets.Left, _left);
        Pointer(_jumps.Epoch);
        _il.Emit(OpCodes.Ldind_I8);
        Load(_epoch!);
        _il.Emit(OpCodes.Bne_Un, isChanged);
        State(StateOffsets.PageCode);
        Pointer(_page.Code);
        _il.Emit(OpCodes.Stind_I);
        State(StateOffsets.PageAddress);
        Load(_callPage!);
        _il.Emit(OpCodes.Stind_I8);
        GoBehindCall(_index + 1);
        int behind = 4 * (_index + 1);
        Behind(() => WriteOtherEnds(isOther, isChanged, behind));
    }

    /// <summary>Only where the region can be entered: elsewhere others' registers would be taken for at hand.</summary>
    private void GoBehindCall(int index)
    {
        if (_plan.Entries.Contains(index))
        {
            GoTo(index);
            return;
        }

        Address(index);
        Store(_next);
        _il.Emit(OpCodes.Br, Before(End.Leave));
    }

    private void WriteOtherEnds(Label isOther, Label isChanged, int behind)
    {
        _il.MarkLabel(isChanged);
        Load(_callPage!);
        Constant((long)behind);
        _il.Emit(OpCodes.Add);
        Store(_target);
        _il.Emit(OpCodes.Br, _leaveFar);
        _il.MarkLabel(isOther);
        Load(_next);
        _il.Emit(OpCodes.Ret);
    }

    private void AddToCallsLeft(long count)
    {
        State(StateOffsets.CallsLeft);
        State(StateOffsets.CallsLeft);
        _il.Emit(OpCodes.Ldind_I8);
        Constant(count);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stind_I8);
    }

    private void LoadState(int offset, LocalBuilder into)
    {
        State(offset);
        _il.Emit(OpCodes.Ldind_I8);
        Store(into);
    }
}
