using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Where execution goes behind an instruction.</summary>
internal enum FlowKind
{
    /// <summary>To the next one.</summary>
    On,

    /// <summary>B.</summary>
    Jump,

    /// <summary>BL.</summary>
    Call,

    /// <summary>B.cond, CBZ, TBZ and kin.</summary>
    Choice,

    /// <summary>BR and RET.</summary>
    Indirect,

    /// <summary>BLR.</summary>
    IndirectCall,

    /// <summary>What only the interpreter does: exceptions, ISB, what is not allocated there.</summary>
    Stop,
}

/// <summary>An instruction as a branch.</summary>
/// <param name="Distance">In instructions, of one that has a target.</param>
internal readonly record struct Flow(FlowKind Kind, int Distance = 0)
{
    public bool HasTarget => Kind is FlowKind.Jump or FlowKind.Call or FlowKind.Choice;

    public static Flow Of(Encoding e)
    {
        if (e[28, 26] != 0b101)
        {
            return new Flow(FlowKind.On);
        }

        return e[31, 29] switch
        {
            0 => new Flow(FlowKind.Jump, e.Signed(25, 0)),
            4 => new Flow(FlowKind.Call, e.Signed(25, 0)),
            1 or 5 => new Flow(FlowKind.Choice, e[25] ? e.Signed(18, 5) : e.Signed(23, 5)),
            2 when e[25, 24] == 0 && !e[4] => new Flow(FlowKind.Choice, e.Signed(23, 5)),
            6 when e[25] && e[20, 10] == 0x7C0 && e.Rd == 0 && e[24, 21] is 0 or 1 or 2 =>
                new Flow(e[24, 21] == 1 ? FlowKind.IndirectCall : FlowKind.Indirect),
            6 when !e[25] && e[24] && !IsSynchronization(e) => new Flow(FlowKind.On),
            _ => new Flow(FlowKind.Stop),
        };
    }

    /// <summary>ISB goes where new code is looked for.</summary>
    private static bool IsSynchronization(Encoding e) => e[23, 12] == 0x033 && e[7, 5] == 6;
}
