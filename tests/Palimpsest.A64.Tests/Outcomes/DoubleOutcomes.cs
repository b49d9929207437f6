namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Scalars of double precision: V0 and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class DoubleOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Numbers(Engine engine) =>
        OutcomeTable.Check(NumbersTable, Result.Vector, engine, NumbersBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void RoundedUp(Engine engine) =>
        OutcomeTable.Check(RoundedUpTable, Result.Vector, engine, RoundedUpBefore);

    private static readonly Before[] NumbersBefore =
    [
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF8000000000000), new(0x0, 0xC002000000000000), new(0x0, 0x4008000000000000),
            ],
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF0000000000000), new(0x0, 0x4008000000000000), new(0x0, 0xBFD5555555555555),
            ],
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0xC6293E5939A08CEA), new(0x0, 0x39B4484BFEEBC2A0), new(0x0, 0x3FE0000000000000),
            ],
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FB999999999999A), new(0x0, 0x3FC999999999999A), new(0x0, 0xBF947AE147AE147B),
            ],
        },
    ];

    private const string NumbersTable = """
        1e60c020 fabs d0, d1           = 3ff8000000000000 3ff0000000000000 46293e5939a08cea 3fb999999999999a
        1e614020 fneg d0, d1           = bff8000000000000 bff0000000000000 46293e5939a08cea bfb999999999999a
        1e61c020 fsqrt d0, d1          = 3ff3988e1409212e/10 3ff0000000000000 7ff8000000000000/1 3fd43d136248490f/10
        1e644020 frintn d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e64c020 frintp d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 3ff0000000000000
        1e654020 frintm d0, d1         = 3ff0000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e65c020 frintz d0, d1         = 3ff0000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e664020 frinta d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e674020 frintx d0, d1         = 4000000000000000/10 3ff0000000000000 c6293e5939a08cea 0/10
        1e67c020 frinti d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 0
        5ee1d820 frecpe d0, d1         = 3fe5500000000000 3feff00000000000 b9b4500000000000 4024000000000000
        7ee1d820 frsqrte d0, d1        = 3fea200000000000 3feff00000000000 7ff8000000000000/1 4009500000000000
        5ee1f820 frecpx d0, d1         = 4000000000000000 4000000000000000 b9d0000000000000 4040000000000000
        1e620820 fmul d0, d1, d2       = c00b000000000000 4008000000000000 bff0000000000000/10 3f947ae147ae147c/10
        1e621820 fdiv d0, d1, d2       = bfe5555555555555/10 3fd5555555555555/10 cc63e9e4e4c2f344/10 3fe0000000000000
        1e622820 fadd d0, d1, d2       = bfe8000000000000 4010000000000000 c6293e5939a08cea/10 3fd3333333333334/10
        1e623820 fsub d0, d1, d2       = 400e000000000000 c000000000000000 c6293e5939a08cea/10 bfb999999999999a
        1e624820 fmax d0, d1, d2       = 3ff8000000000000 4008000000000000 39b4484bfeebc2a0 3fc999999999999a
        1e625820 fmin d0, d1, d2       = c002000000000000 3ff0000000000000 c6293e5939a08cea 3fb999999999999a
        1e626820 fmaxnm d0, d1, d2     = 3ff8000000000000 4008000000000000 39b4484bfeebc2a0 3fc999999999999a
        1e627820 fminnm d0, d1, d2     = c002000000000000 3ff0000000000000 c6293e5939a08cea 3fb999999999999a
        1e628820 fnmul d0, d1, d2      = 400b000000000000 c008000000000000 3ff0000000000000/10 bf947ae147ae147c/10
        5e62dc20 fmulx d0, d1, d2      = c00b000000000000 4008000000000000 bff0000000000000/10 3f947ae147ae147c/10
        5e62fc20 frecps d0, d1, d2     = 4015800000000000 bff0000000000000 4008000000000000/10 3fffae147ae147ae/10
        5ee2fc20 frsqrts d0, d1, d2    = 4009800000000000 0 4000000000000000/10 3ff7d70a3d70a3d7/10
        7ee2d420 fabd d0, d1, d2       = 400e000000000000 4000000000000000 46293e5939a08cea/10 3fb999999999999a
        5e62e420 fcmeq d0, d1, d2      = 0 0 0 0
        7e62e420 fcmge d0, d1, d2      = ffffffffffffffff 0 0 0
        7ee2e420 fcmgt d0, d1, d2      = ffffffffffffffff 0 0 0
        7e62ec20 facge d0, d1, d2      = 0 0 ffffffffffffffff 0
        7ee2ec20 facgt d0, d1, d2      = 0 0 ffffffffffffffff 0
        1f420c20 fmadd d0, d1, d2, d3  = bfd8000000000000 4005555555555555/10 bfe0000000000001/10 3c40a3d70a3d70a4
        1f428c20 fmsub d0, d1, d2, d3  = 4019800000000000 c00aaaaaaaaaaaab/10 3ff8000000000000/10 bfa47ae147ae147b/10
        1f620c20 fnmadd d0, d1, d2, d3 = 3fd8000000000000 c005555555555555/10 3fe0000000000001/10 bc40a3d70a3d70a4
        1f628c20 fnmsub d0, d1, d2, d3 = c019800000000000 400aaaaaaaaaaaab/10 bff8000000000000/10 3fa47ae147ae147b/10
        1e624020 fcvt s0, d1           = 3fc00000 3f800000 f149f2ca/10 3dcccccd/10
        1e63c020 fcvt h0, d1           = 3e00 3c00 fc00/14 2e66/10
        5ee0c820 fcmgt d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0 ffffffffffffffff
        7ee0c820 fcmge d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0 ffffffffffffffff
        5ee0d820 fcmeq d0, d1, #0.0    = 0 0 0 0
        7ee0d820 fcmle d0, d1, #0.0    = 0 0 ffffffffffffffff 0
        5ee0e820 fcmlt d0, d1, #0.0    = 0 0 ffffffffffffffff 0
        5ee1b820 fcvtzs d0, d1         = 1/10 1 8000000000000000/1 0/10
        7ee1b820 fcvtzu d0, d1         = 1/10 1 0/1 0/10
        5e61a820 fcvtns d0, d1         = 2/10 1 8000000000000000/1 0/10
        7e61a820 fcvtnu d0, d1         = 2/10 1 0/1 0/10
        5e61c820 fcvtas d0, d1         = 2/10 1 8000000000000000/1 0/10
        5f7cfc20 fcvtzs d0, d1, #4     = 18 10 8000000000000000/1 1/10
        5e61d820 scvtf d0, d1          = 43cffc0000000000 43cff80000000000 c3cceb60d3632fba/10 43cfdccccccccccd/10
        7f7de440 ucvtf d0, d2, #3      = 43b8004000000000 43a0020000000000 439cda2425ff75e1/10 439fe4cccccccccd/10
        7e616820 fcvtxn s0, d1         = 3fc00000 3f800000 f149f2c9/10 3dcccccd/10
        """;

    private static readonly Before[] RoundedUpBefore =
    [
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF8000000000000), new(0x0, 0xC002000000000000), new(0x0, 0x4008000000000000),
            ],
            Fpcr = 0x400000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FF0000000000000), new(0x0, 0x4008000000000000), new(0x0, 0xBFD5555555555555),
            ],
            Fpcr = 0x400000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0xC6293E5939A08CEA), new(0x0, 0x39B4484BFEEBC2A0), new(0x0, 0x3FE0000000000000),
            ],
            Fpcr = 0x400000,
        },
        new()
        {
            V =
            [
                new(0x0, 0x401C000000000000), new(0x0, 0x3FB999999999999A), new(0x0, 0x3FC999999999999A), new(0x0, 0xBF947AE147AE147B),
            ],
            Fpcr = 0x400000,
        },
    ];

    private const string RoundedUpTable = """
        1e60c020 fabs d0, d1           = 3ff8000000000000 3ff0000000000000 46293e5939a08cea 3fb999999999999a
        1e614020 fneg d0, d1           = bff8000000000000 bff0000000000000 46293e5939a08cea bfb999999999999a
        1e61c020 fsqrt d0, d1          = 3ff3988e1409212f/10 3ff0000000000000 7ff8000000000000/1 3fd43d1362484910/10
        1e644020 frintn d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e64c020 frintp d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 3ff0000000000000
        1e654020 frintm d0, d1         = 3ff0000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e65c020 frintz d0, d1         = 3ff0000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e664020 frinta d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 0
        1e674020 frintx d0, d1         = 4000000000000000/10 3ff0000000000000 c6293e5939a08cea 3ff0000000000000/10
        1e67c020 frinti d0, d1         = 4000000000000000 3ff0000000000000 c6293e5939a08cea 3ff0000000000000
        5ee1d820 frecpe d0, d1         = 3fe5500000000000 3feff00000000000 b9b4500000000000 4024000000000000
        7ee1d820 frsqrte d0, d1        = 3fea200000000000 3feff00000000000 7ff8000000000000/1 4009500000000000
        5ee1f820 frecpx d0, d1         = 4000000000000000 4000000000000000 b9d0000000000000 4040000000000000
        1e620820 fmul d0, d1, d2       = c00b000000000000 4008000000000000 bff0000000000000/10 3f947ae147ae147c/10
        1e621820 fdiv d0, d1, d2       = bfe5555555555555/10 3fd5555555555556/10 cc63e9e4e4c2f343/10 3fe0000000000000
        1e622820 fadd d0, d1, d2       = bfe8000000000000 4010000000000000 c6293e5939a08ce9/10 3fd3333333333334/10
        1e623820 fsub d0, d1, d2       = 400e000000000000 c000000000000000 c6293e5939a08cea/10 bfb999999999999a
        1e624820 fmax d0, d1, d2       = 3ff8000000000000 4008000000000000 39b4484bfeebc2a0 3fc999999999999a
        1e625820 fmin d0, d1, d2       = c002000000000000 3ff0000000000000 c6293e5939a08cea 3fb999999999999a
        1e626820 fmaxnm d0, d1, d2     = 3ff8000000000000 4008000000000000 39b4484bfeebc2a0 3fc999999999999a
        1e627820 fminnm d0, d1, d2     = c002000000000000 3ff0000000000000 c6293e5939a08cea 3fb999999999999a
        1e628820 fnmul d0, d1, d2      = 400b000000000000 c008000000000000 3ff0000000000000/10 bf947ae147ae147c/10
        5e62dc20 fmulx d0, d1, d2      = c00b000000000000 4008000000000000 bff0000000000000/10 3f947ae147ae147c/10
        5e62fc20 frecps d0, d1, d2     = 4015800000000000 bff0000000000000 4008000000000001/10 3fffae147ae147af/10
        5ee2fc20 frsqrts d0, d1, d2    = 4009800000000000 0 4000000000000001/10 3ff7d70a3d70a3d8/10
        7ee2d420 fabd d0, d1, d2       = 400e000000000000 4000000000000000 46293e5939a08cea/10 3fb999999999999a
        5e62e420 fcmeq d0, d1, d2      = 0 0 0 0
        7e62e420 fcmge d0, d1, d2      = ffffffffffffffff 0 0 0
        7ee2e420 fcmgt d0, d1, d2      = ffffffffffffffff 0 0 0
        7e62ec20 facge d0, d1, d2      = 0 0 ffffffffffffffff 0
        7ee2ec20 facgt d0, d1, d2      = 0 0 ffffffffffffffff 0
        1f420c20 fmadd d0, d1, d2, d3  = bfd8000000000000 4005555555555556/10 bfe0000000000000/10 3c40a3d70a3d70a4
        1f428c20 fmsub d0, d1, d2, d3  = 4019800000000000 c00aaaaaaaaaaaaa/10 3ff8000000000001/10 bfa47ae147ae147b/10
        1f620c20 fnmadd d0, d1, d2, d3 = 3fd8000000000000 c005555555555555/10 3fe0000000000001/10 bc40a3d70a3d70a4
        1f628c20 fnmsub d0, d1, d2, d3 = c019800000000000 400aaaaaaaaaaaab/10 bff8000000000000/10 3fa47ae147ae147c/10
        1e624020 fcvt s0, d1           = 3fc00000 3f800000 f149f2c9/10 3dcccccd/10
        1e63c020 fcvt h0, d1           = 3e00 3c00 fbff/14 2e67/10
        5ee0c820 fcmgt d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0 ffffffffffffffff
        7ee0c820 fcmge d0, d1, #0.0    = ffffffffffffffff ffffffffffffffff 0 ffffffffffffffff
        5ee0d820 fcmeq d0, d1, #0.0    = 0 0 0 0
        7ee0d820 fcmle d0, d1, #0.0    = 0 0 ffffffffffffffff 0
        5ee0e820 fcmlt d0, d1, #0.0    = 0 0 ffffffffffffffff 0
        5ee1b820 fcvtzs d0, d1         = 1/10 1 8000000000000000/1 0/10
        7ee1b820 fcvtzu d0, d1         = 1/10 1 0/1 0/10
        5e61a820 fcvtns d0, d1         = 2/10 1 8000000000000000/1 0/10
        7e61a820 fcvtnu d0, d1         = 2/10 1 0/1 0/10
        5e61c820 fcvtas d0, d1         = 2/10 1 8000000000000000/1 0/10
        5f7cfc20 fcvtzs d0, d1, #4     = 18 10 8000000000000000/1 1/10
        5e61d820 scvtf d0, d1          = 43cffc0000000000 43cff80000000000 c3cceb60d3632fb9/10 43cfdccccccccccd/10
        7f7de440 ucvtf d0, d2, #3      = 43b8004000000000 43a0020000000000 439cda2425ff75e2/10 439fe4cccccccccd/10
        7e616820 fcvtxn s0, d1         = 3fc00000 3f800000 f149f2c9/10 3dcccccd/10
        """;
}
