using System.Reflection.Emit;
using Palimpsest.A64.Control;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Hints, barriers and the system register that programs read most; all others are interpreted.</summary>
internal sealed partial class RegionWriter
{
    private bool TryWriteSystem(Encoding e)
    {
        bool isHint = e[23, 12] == 0x032 && e.Rd == 31;
        bool isBarrier = e[23, 12] == 0x033 && e.Rd == 31 && e[7, 5] is 4 or 5;
        if (isHint || isBarrier)
        {
            return true;
        }

        bool isThreadPointer = e[23, 20] == 3 && (SystemRegister)e[18, 5] == SystemRegister.ThreadPointer && e[20, 19] == 3;
        if (!isThreadPointer)
        {
            return false;
        }

        State(StateOffsets.ThreadPointer);
        _il.Emit(OpCodes.Ldind_I8);
        Set(Encoding.Write(e.Rd));
        return true;
    }
}
