namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>NaNs, infinities, zeros and subnormal numbers: V0 and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class SpecialDoubleOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Specials(Engine engine) =>
        OutcomeTable.Check(SpecialsTable, Result.Vector, engine, SpecialsBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void ToZeroFlushed(Engine engine) =>
        OutcomeTable.Check(ToZeroFlushedTable, Result.Vector, engine, ToZeroFlushedBefore);

    private static readonly Before[] SpecialsBefore =
    [
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF0000000000000), new(0x0, 0x8000000000000000), new(0x0, 0x4000000000000000),
            ],
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FF0000000000000), new(0x0, 0xFFF0000000000000), new(0x0, 0xBFF0000000000000),
            ],
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FF8000012345678), new(0x0, 0x3FF0000000000000), new(0x0, 0xFFF0000012345678),
            ],
        },
        new() { V = [new(0x0, 0x401C000000000000), new(0x0, 0x123), new(0x0, 0x3FE0000000000000), new(0x0, 0x7FEFFFFFFFFFFFFF)] },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FEFFFFFFFFFFFFF), new(0x0, 0x7FEFFFFFFFFFFFFF), new(0x0, 0xFFF0000000000000),
            ],
        },
    ];

    private const string SpecialsTable = """
        1e60c020 fabs d0, d1           = 3ff0000000000000 7ff0000000000000 7ff8000012345678 123 7fefffffffffffff
        1e614020 fneg d0, d1           = bff0000000000000 fff0000000000000 fff8000012345678 8000000000000123 ffefffffffffffff
        1e61c020 fsqrt d0, d1          = 3ff0000000000000 7ff0000000000000 7ff8000012345678 1ea10f086982b418/10 5fefffffffffffff/10
        1e644020 frintn d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0 7fefffffffffffff
        1e64c020 frintp d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 3ff0000000000000 7fefffffffffffff
        1e654020 frintm d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0 7fefffffffffffff
        1e65c020 frintz d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0 7fefffffffffffff
        1e664020 frinta d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0 7fefffffffffffff
        1e674020 frintx d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/10 7fefffffffffffff
        1e67c020 frinti d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0 7fefffffffffffff
        5ee1d820 frecpe d0, d1         = 3feff00000000000 0 7ff8000012345678 7ff0000000000000/14 4000000000000
        7ee1d820 frsqrte d0, d1        = 3feff00000000000 0 7ff8000012345678 613e000000000000 1ff0000000000000
        5ee1f820 frecpx d0, d1         = 4000000000000000 0 7ff8000012345678 7fe0000000000000 10000000000000
        1e620820 fmul d0, d1, d2       = 8000000000000000 fff0000000000000 7ff8000012345678 92/18 7ff0000000000000/14
        1e621820 fdiv d0, d1, d2       = fff0000000000000/2 7ff8000000000000/1 7ff8000012345678 246 3ff0000000000000
        1e622820 fadd d0, d1, d2       = 3ff0000000000000 7ff8000000000000/1 7ff8000012345678 3fe0000000000000/10 7ff0000000000000/14
        1e623820 fsub d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 bfe0000000000000/10 0
        1e624820 fmax d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 3fe0000000000000 7fefffffffffffff
        1e625820 fmin d0, d1, d2       = 8000000000000000 fff0000000000000 7ff8000012345678 123 7fefffffffffffff
        1e626820 fmaxnm d0, d1, d2     = 3ff0000000000000 7ff0000000000000 3ff0000000000000 3fe0000000000000 7fefffffffffffff
        1e627820 fminnm d0, d1, d2     = 8000000000000000 fff0000000000000 3ff0000000000000 123 7fefffffffffffff
        1e628820 fnmul d0, d1, d2      = 0 7ff0000000000000 fff8000012345678 8000000000000092/18 fff0000000000000/14
        5e62dc20 fmulx d0, d1, d2      = 8000000000000000 fff0000000000000 7ff8000012345678 92/18 7ff0000000000000/14
        5e62fc20 frecps d0, d1, d2     = 4000000000000000 7ff0000000000000 fff8000012345678 4000000000000000/10 fff0000000000000/14
        5ee2fc20 frsqrts d0, d1, d2    = 3ff8000000000000 7ff0000000000000 fff8000012345678 3ff8000000000000/10 fff0000000000000/14
        7ee2d420 fabd d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 3fe0000000000000/10 0
        5e62e420 fcmeq d0, d1, d2      = 0 0 0 0 ffffffffffffffff
        7e62e420 fcmge d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0 ffffffffffffffff
        7ee2e420 fcmgt d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0 0
        7e62ec20 facge d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0 ffffffffffffffff
        7ee2ec20 facgt d0, d1, d2      = ffffffffffffffff 0 0/1 0 0
        1f420c20 fmadd d0, d1, d2, d3  = 4000000000000000 fff0000000000000 fff8000012345678/1 7fefffffffffffff/10 fff0000000000000
        1f428c20 fmsub d0, d1, d2, d3  = 4000000000000000 7ff0000000000000 fff8000012345678/1 7fefffffffffffff/10 fff0000000000000
        1f620c20 fnmadd d0, d1, d2, d3 = c000000000000000 7ff0000000000000 7ff8000012345678/1 ffefffffffffffff/10 7ff0000000000000
        1f628c20 fnmsub d0, d1, d2, d3 = c000000000000000 fff0000000000000 7ff8000012345678/1 ffefffffffffffff/10 7ff0000000000000
        1e624020 fcvt s0, d1           = 3f800000 7f800000 7fc00000 0/18 7f800000/14
        1e63c020 fcvt h0, d1           = 3c00 7c00 7e00 0/18 7c00/14
        5ee0c820 fcmgt d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0/1 ffffffffffffffff ffffffffffffffff
        7ee0c820 fcmge d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0/1 ffffffffffffffff ffffffffffffffff
        5ee0d820 fcmeq d0, d1, #0.0    = 0 0 0 0 0
        7ee0d820 fcmle d0, d1, #0.0    = 0 0 0/1 0 0
        5ee0e820 fcmlt d0, d1, #0.0    = 0 0 0/1 0 0
        5ee1b820 fcvtzs d0, d1         = 1 7fffffffffffffff/1 0/1 0/10 7fffffffffffffff/1
        7ee1b820 fcvtzu d0, d1         = 1 ffffffffffffffff/1 0/1 0/10 ffffffffffffffff/1
        5e61a820 fcvtns d0, d1         = 1 7fffffffffffffff/1 0/1 0/10 7fffffffffffffff/1
        7e61a820 fcvtnu d0, d1         = 1 ffffffffffffffff/1 0/1 0/10 ffffffffffffffff/1
        5e61c820 fcvtas d0, d1         = 1 7fffffffffffffff/1 0/1 0/10 7fffffffffffffff/1
        5f7cfc20 fcvtzs d0, d1, #4     = 10 7fffffffffffffff/1 0/1 0/10 7fffffffffffffff/1
        5e61d820 scvtf d0, d1          = 43cff80000000000 43dffc0000000000 43dffe0000048d16/10 4072300000000000 43dffc0000000000/10
        7f7de440 ucvtf d0, d2, #3      = 43b0000000000000 43bffe0000000000 439ff80000000000 439ff00000000000 43affc0000000000/10
        7e616820 fcvtxn s0, d1         = 3f800000 7f800000 7fc00000 1/18 7f7fffff/14
        """;

    private static readonly Before[] ToZeroFlushedBefore =
    [
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF0000000000000), new(0x0, 0x8000000000000000), new(0x0, 0x4000000000000000),
            ],
            Fpcr = 0x1C00000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FF0000000000000), new(0x0, 0xFFF0000000000000), new(0x0, 0xBFF0000000000000),
            ],
            Fpcr = 0x1C00000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FF8000012345678), new(0x0, 0x3FF0000000000000), new(0x0, 0xFFF0000012345678),
            ],
            Fpcr = 0x1C00000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x123), new(0x0, 0x3FE0000000000000), new(0x0, 0x7FEFFFFFFFFFFFFF),
            ],
            Fpcr = 0x1C00000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x7FEFFFFFFFFFFFFF), new(0x0, 0x7FEFFFFFFFFFFFFF), new(0x0, 0xFFF0000000000000),
            ],
            Fpcr = 0x1C00000,
        },
    ];

    private const string ToZeroFlushedTable = """
        1e60c020 fabs d0, d1           = 3ff0000000000000 7ff0000000000000 7ff8000012345678 123 7fefffffffffffff
        1e614020 fneg d0, d1           = bff0000000000000 fff0000000000000 fff8000012345678 8000000000000123 ffefffffffffffff
        1e61c020 fsqrt d0, d1          = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 5fefffffffffffff/10
        1e644020 frintn d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e64c020 frintp d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e654020 frintm d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e65c020 frintz d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e664020 frinta d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e674020 frintx d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e67c020 frinti d0, d1         = 3ff0000000000000 7ff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        5ee1d820 frecpe d0, d1         = 3feff00000000000 0 7ff8000012345678 7ff0000000000000/82 0/8
        7ee1d820 frsqrte d0, d1        = 3feff00000000000 0 7ff8000012345678 7ff0000000000000/82 1ff0000000000000
        5ee1f820 frecpx d0, d1         = 4000000000000000 0 7ff8000012345678 7fe0000000000000/80 10000000000000
        1e620820 fmul d0, d1, d2       = 8000000000000000 fff0000000000000 7ff8000012345678 0/80 7fefffffffffffff/14
        1e621820 fdiv d0, d1, d2       = fff0000000000000/2 7ff8000000000000/1 7ff8000012345678 0/80 3ff0000000000000
        1e622820 fadd d0, d1, d2       = 3ff0000000000000 7ff8000000000000/1 7ff8000012345678 3fe0000000000000/80 7fefffffffffffff/14
        1e623820 fsub d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 bfe0000000000000/80 0
        1e624820 fmax d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 3fe0000000000000/80 7fefffffffffffff
        1e625820 fmin d0, d1, d2       = 8000000000000000 fff0000000000000 7ff8000012345678 0/80 7fefffffffffffff
        1e626820 fmaxnm d0, d1, d2     = 3ff0000000000000 7ff0000000000000 3ff0000000000000 3fe0000000000000/80 7fefffffffffffff
        1e627820 fminnm d0, d1, d2     = 8000000000000000 fff0000000000000 3ff0000000000000 0/80 7fefffffffffffff
        1e628820 fnmul d0, d1, d2      = 0 7ff0000000000000 fff8000012345678 8000000000000000/80 ffefffffffffffff/14
        5e62dc20 fmulx d0, d1, d2      = 8000000000000000 fff0000000000000 7ff8000012345678 0/80 7fefffffffffffff/14
        5e62fc20 frecps d0, d1, d2     = 4000000000000000 7ff0000000000000 fff8000012345678 4000000000000000/80 ffefffffffffffff/14
        5ee2fc20 frsqrts d0, d1, d2    = 3ff8000000000000 7ff0000000000000 fff8000012345678 3ff8000000000000/80 ffefffffffffffff/14
        7ee2d420 fabd d0, d1, d2       = 3ff0000000000000 7ff0000000000000 7ff8000012345678 3fe0000000000000/80 0
        5e62e420 fcmeq d0, d1, d2      = 0 0 0 0/80 ffffffffffffffff
        7e62e420 fcmge d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0/80 ffffffffffffffff
        7ee2e420 fcmgt d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0/80 0
        7e62ec20 facge d0, d1, d2      = ffffffffffffffff ffffffffffffffff 0/1 0/80 ffffffffffffffff
        7ee2ec20 facgt d0, d1, d2      = ffffffffffffffff 0 0/1 0/80 0
        1f420c20 fmadd d0, d1, d2, d3  = 4000000000000000 fff0000000000000 fff8000012345678/1 7fefffffffffffff/80 fff0000000000000
        1f428c20 fmsub d0, d1, d2, d3  = 4000000000000000 7ff0000000000000 fff8000012345678/1 7fefffffffffffff/80 fff0000000000000
        1f620c20 fnmadd d0, d1, d2, d3 = c000000000000000 7ff0000000000000 7ff8000012345678/1 ffefffffffffffff/80 7ff0000000000000
        1f628c20 fnmsub d0, d1, d2, d3 = c000000000000000 fff0000000000000 7ff8000012345678/1 ffefffffffffffff/80 7ff0000000000000
        1e624020 fcvt s0, d1           = 3f800000 7f800000 7fc00000 0/80 7f7fffff/14
        1e63c020 fcvt h0, d1           = 3c00 7c00 7e00 0/80 7bff/14
        5ee0c820 fcmgt d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0/1 0/80 ffffffffffffffff
        7ee0c820 fcmge d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0/1 ffffffffffffffff/80 ffffffffffffffff
        5ee0d820 fcmeq d0, d1, #0.0    = 0 0 0 ffffffffffffffff/80 0
        7ee0d820 fcmle d0, d1, #0.0    = 0 0 0/1 ffffffffffffffff/80 0
        5ee0e820 fcmlt d0, d1, #0.0    = 0 0 0/1 0/80 0
        5ee1b820 fcvtzs d0, d1         = 1 7fffffffffffffff/1 0/1 0/80 7fffffffffffffff/1
        7ee1b820 fcvtzu d0, d1         = 1 ffffffffffffffff/1 0/1 0/80 ffffffffffffffff/1
        5e61a820 fcvtns d0, d1         = 1 7fffffffffffffff/1 0/1 0/80 7fffffffffffffff/1
        7e61a820 fcvtnu d0, d1         = 1 ffffffffffffffff/1 0/1 0/80 ffffffffffffffff/1
        5e61c820 fcvtas d0, d1         = 1 7fffffffffffffff/1 0/1 0/80 7fffffffffffffff/1
        5f7cfc20 fcvtzs d0, d1, #4     = 10 7fffffffffffffff/1 0/1 0/80 7fffffffffffffff/1
        5e61d820 scvtf d0, d1          = 43cff80000000000 43dffc0000000000 43dffe0000048d15/10 4072300000000000 43dffbffffffffff/10
        7f7de440 ucvtf d0, d2, #3      = 43b0000000000000 43bffe0000000000 439ff80000000000 439ff00000000000 43affbffffffffff/10
        7e616820 fcvtxn s0, d1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff/14
        """;
}
