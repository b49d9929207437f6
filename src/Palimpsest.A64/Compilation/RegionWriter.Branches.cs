using System.Reflection.Emit;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Branches: within the region a branch, out of it the way back to whoever executes.</summary>
internal sealed partial class RegionWriter
{
    private const int Link = 30;

    private void WriteBranch(Encoding e, Flow flow)
    {
        switch (flow.Kind)
        {
            case FlowKind.Jump:
                GoFar(_index + flow.Distance);
                break;
            case FlowKind.Call:
                InPage(4 * (_index + 1));
                Set(Link);
                GoFar(_index + flow.Distance);
                break;
            case FlowKind.Choice:
                WriteChoice(e, _index + flow.Distance);
                break;
            default:
                Get(Encoding.Read(e.Rn));
                Store(_target);
                if (flow.Kind == FlowKind.IndirectCall)
                {
                    InPage(4 * (_index + 1));
                    Set(Link);
                }

                _il.Emit(OpCodes.Br, _leaveFar);
                break;
        }
    }

    private void GoFar(int index)
    {
        if ((uint)index < CodePage.Words)
        {
            GoTo(index);
            return;
        }

        InPage(4L * index);
        Store(_target);
        _il.Emit(OpCodes.Br, _leaveFar);
    }

    private void WriteChoice(Encoding e, int target)
    {
        bool isIn = (uint)target < CodePage.Words && _blocks.ContainsKey(target);
        Label taken = isIn ? _blocks[target] : _il.DefineLabel();
        if (e[30, 25] == 0b101010)
        {
            Test(e[3, 0]);
            _il.Emit(OpCodes.Brtrue, taken);
        }
        else if (e[25])
        {
            Get(Encoding.Read(e.Rd));
            Constant((long)(1UL << (e[31, 31] << 5 | e[23, 19])));
            _il.Emit(OpCodes.And);
            Constant(0L);
            _il.Emit(e[24] ? OpCodes.Bne_Un : OpCodes.Beq, taken);
        }
        else
        {
            Get(Encoding.Read(e.Rd), e.IsWide);
            Constant(0UL, e.IsWide);
            _il.Emit(e[24] ? OpCodes.Bne_Un : OpCodes.Beq, taken);
        }

        Arrive(target);
        if (!isIn)
        {
            Behind(() =>
            {
                _il.MarkLabel(taken);
                GoFar(target);
            });
        }
    }
}
