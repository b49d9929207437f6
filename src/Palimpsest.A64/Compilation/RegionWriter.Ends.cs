using System.Reflection;
using System.Reflection.Emit;

namespace Palimpsest.A64.Compilation;

/// <summary>Where a region is left: for another page, and in all other ways.</summary>
internal sealed unsafe partial class RegionWriter
{
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

    /// <summary>Where the region is left: the next one is entered, or whoever executes is told.</summary>
    private void WriteEnds()
    {
        _il.MarkLabel(_leaveFar);
        WriteLeaveFar();
        WriteStepHere();
        foreach (End end in Enum.GetValues<End>())
        {
            _il.MarkLabel(Before(end));
            WriteEnd(end);
            _il.Emit(OpCodes.Ret);
        }
    }

    private void WriteStepHere()
    {
        _il.MarkLabel(_stepHere);
        Address(0);
        Load(_here);
        Constant((1 << PlaceBits) - 1);
        _il.Emit(OpCodes.And);
        Constant(sizeof(Instruction));
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Add);
        Store(_next);
        Load(_left);
        Load(_here);
        Constant(PlaceBits);
        _il.Emit(OpCodes.Shr);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Add);
        Store(_left);
        _il.Emit(OpCodes.Br, Before(End.Step));
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
        Load(_target);
        Constant(JumpCache.Fold);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Xor);
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
}
