namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Vectors of floating point, and halves: V0 and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class VectorFloatOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Singles(Engine engine) =>
        OutcomeTable.Check(SinglesTable, Result.Vector, engine, SinglesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Doubles(Engine engine) =>
        OutcomeTable.Check(DoublesTable, Result.Vector, engine, DoublesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Mixed(Engine engine) =>
        OutcomeTable.Check(MixedTable, Result.Vector, engine, MixedBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Halves(Engine engine) =>
        OutcomeTable.Check(HalvesTable, Result.Vector, engine, HalvesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void AlternativeHalves(Engine engine) =>
        OutcomeTable.Check(AlternativeHalvesTable, Result.Vector, engine, AlternativeHalvesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void ToHalves(Engine engine) =>
        OutcomeTable.Check(ToHalvesTable, Result.Vector, engine, ToHalvesBefore);

    private static readonly Before[] SinglesBefore =
    [
        new()
        {
            V =
            [
                new(0x3F8000003F800000, 0x3F8000003F800000), new(0x501502F93DCCCCCD, 0xC03000003FC00000),
                new(0xC0F000003DCCCCCD, 0x40400000BF000000),
            ],
        },
        new() { V = [new(0x7F800000, 0x7F7FFFFF3F800000), new(0x80000000FF800000, 0x1237FC12345), new(0x7F800000, 0x7F7FFFFF3F800000)] },
    ];

    private const string SinglesTable = """
        4ea0f820 fabs v0.4s, v1.4s           = 501502f93dcccccd403000003fc00000 7f800000000001237fc12345
        6ea0f820 fneg v0.4s, v1.4s           = d01502f9bdcccccd40300000bfc00000 7f80000080000123ffc12345
        6ea1f820 fsqrt v0.4s, v1.4s          = 47c350003ea1e89b7fc000003f9cc471/11 800000007fc000001c40ff567fc12345/11
        4e218820 frintn v0.4s, v1.4s         = 501502f900000000c040000040000000 80000000ff800000000000007fc12345
        4ea18820 frintp v0.4s, v1.4s         = 501502f93f800000c000000040000000 80000000ff8000003f8000007fc12345
        4e219820 frintm v0.4s, v1.4s         = 501502f900000000c04000003f800000 80000000ff800000000000007fc12345
        4ea19820 frintz v0.4s, v1.4s         = 501502f900000000c00000003f800000 80000000ff800000000000007fc12345
        6e218820 frinta v0.4s, v1.4s         = 501502f900000000c040000040000000 80000000ff800000000000007fc12345
        6e219820 frintx v0.4s, v1.4s         = 501502f900000000c040000040000000/10 80000000ff800000000000007fc12345/10
        6ea19820 frinti v0.4s, v1.4s         = 501502f900000000c040000040000000 80000000ff800000000000007fc12345
        4ea1d820 frecpe v0.4s, v1.4s         = 2edb800041200000beba00003f2a8000 ff800000800000007f8000007fc12345/16
        6ea1d820 frsqrte v0.4s, v1.4s        = 37278000404a80007fc000003f510000/1 ff8000007fc0000062aa00007fc12345/3
        6e22dc20 fmul v0.4s, v1.4s, v2.4s    = d18bb2c93c23d70bc1040000bf400000/10 80000000ff80000039117fff7fc12345/10
        6e22fc20 fdiv v0.4s, v1.4s, v2.4s    = ce9ef21b3f800000bf6aaaabc0400000/10 7fc000007fc00000000000007fc12345/19
        4e22d420 fadd v0.4s, v1.4s, v2.4s    = 501502f93e4ccccd3e8000003f800000/10 7fc000007f7fffff7fc12345/11
        4ea2d420 fsub v0.4s, v1.4s, v2.4s    = 501502f900000000c0b8000040000000/10 80000000ff800000ff7fffff7fc12345/10
        4e22f420 fmax v0.4s, v1.4s, v2.4s    = 501502f93dcccccd404000003fc00000 7f8000007f7fffff7fc12345
        4ea2f420 fmin v0.4s, v1.4s, v2.4s    = c0f000003dcccccdc0300000bf000000 80000000ff800000000001237fc12345
        4e22c420 fmaxnm v0.4s, v1.4s, v2.4s  = 501502f93dcccccd404000003fc00000 7f8000007f7fffff3f800000
        4ea2c420 fminnm v0.4s, v1.4s, v2.4s  = c0f000003dcccccdc0300000bf000000 80000000ff800000000001233f800000
        4e22dc20 fmulx v0.4s, v1.4s, v2.4s   = d18bb2c93c23d70bc1040000bf400000/10 80000000ff80000039117fff7fc12345/10
        4e22fc20 frecps v0.4s, v1.4s, v2.4s  = 518bb2c93ffeb8524124000040300000/10 400000007f8000003ffffb74ffc12345/10
        4ea2fc20 frsqrts v0.4s, v1.4s, v2.4s = 510bb2c93fbf5c2940b400003ff00000/10 3fc000007f8000003fbffdbaffc12345/10
        6ea2d420 fabd v0.4s, v1.4s, v2.4s    = 501502f90000000040b8000040000000/10 7f8000007f7fffff7fc12345/10
        4e22e420 fcmeq v0.4s, v1.4s, v2.4s   = ffffffff0000000000000000 ffffffff000000000000000000000000
        6e22e420 fcmge v0.4s, v1.4s, v2.4s   = ffffffffffffffff00000000ffffffff ffffffff000000000000000000000000/1
        6ea2e420 fcmgt v0.4s, v1.4s, v2.4s   = ffffffff0000000000000000ffffffff 0/1
        6e22ec20 facge v0.4s, v1.4s, v2.4s   = ffffffffffffffff00000000ffffffff ffffffffffffffff0000000000000000/1
        6ea2ec20 facgt v0.4s, v1.4s, v2.4s   = ffffffff0000000000000000ffffffff 0/1
        4e22cc20 fmla v0.4s, v1.4s, v2.4s    = d18bb2c93f8147aec0e800003e800000/10 7fc000007f7fffff7fc12345/11
        4ea2cc20 fmls v0.4s, v1.4s, v2.4s    = 518bb2c93f7d70a4411400003fe00000/10 7f8000007f7fffffffc12345/10
        6e22d420 faddp v0.4s, v1.4s, v2.4s   = c0eccccd40200000501502f9bfa00000/10 7f8000007f7fffffff8000007fc12345/10
        6e22f420 fmaxp v0.4s, v1.4s, v2.4s   = 3dcccccd40400000501502f93fc00000 7f8000007f7fffff800000007fc12345
        6ea2f420 fminp v0.4s, v1.4s, v2.4s   = c0f00000bf0000003dcccccdc0300000 3f800000ff8000007fc12345
        6e22c420 fmaxnmp v0.4s, v1.4s, v2.4s = 3dcccccd40400000501502f93fc00000 7f8000007f7fffff8000000000000123
        6ea2c420 fminnmp v0.4s, v1.4s, v2.4s = c0f00000bf0000003dcccccdc0300000 3f800000ff80000000000123
        4ea0c820 fcmgt v0.4s, v1.4s, #0.0    = ffffffffffffffff00000000ffffffff ffffffff00000000/1
        6ea0c820 fcmge v0.4s, v1.4s, #0.0    = ffffffffffffffff00000000ffffffff ffffffff00000000ffffffff00000000/1
        4ea0d820 fcmeq v0.4s, v1.4s, #0.0    = 0 ffffffff000000000000000000000000
        6ea0d820 fcmle v0.4s, v1.4s, #0.0    = ffffffff00000000 ffffffffffffffff0000000000000000/1
        4ea0e820 fcmlt v0.4s, v1.4s, #0.0    = ffffffff00000000 ffffffff0000000000000000/1
        4e21a820 fcvtns v0.4s, v1.4s         = 7fffffff00000000fffffffd00000002/11 800000000000000000000000/11
        6e21a820 fcvtnu v0.4s, v1.4s         = ffffffff000000000000000000000002/11 0/11
        4ea1a820 fcvtps v0.4s, v1.4s         = 7fffffff00000001fffffffe00000002/11 800000000000000100000000/11
        6ea1a820 fcvtpu v0.4s, v1.4s         = ffffffff000000010000000000000002/11 100000000/11
        4e21b820 fcvtms v0.4s, v1.4s         = 7fffffff00000000fffffffd00000001/11 800000000000000000000000/11
        6e21b820 fcvtmu v0.4s, v1.4s         = ffffffff000000000000000000000001/11 0/11
        4ea1b820 fcvtzs v0.4s, v1.4s         = 7fffffff00000000fffffffe00000001/11 800000000000000000000000/11
        6ea1b820 fcvtzu v0.4s, v1.4s         = ffffffff000000000000000000000001/11 0/11
        4e21c820 fcvtas v0.4s, v1.4s         = 7fffffff00000000fffffffd00000002/11 800000000000000000000000/11
        6e21c820 fcvtau v0.4s, v1.4s         = ffffffff000000000000000000000002/11 0/11
        4e21d820 scvtf v0.4s, v1.4s          = 4ea02a064e773333ce7f40004e7f0000/10 cf000000cb000000439180004eff8247/10
        6e21d840 ucvtf v0.4s, v2.4s          = 4f40f0004e7733334e8080004f3f0000/10 4eff00004eff00004e7e0000/10
        4f39e420 scvtf v0.4s, v1.4s, #7      = 4b202a064af73333caff40004aff0000/10 cb800000c7800000401180004b7f8247/10
        6f3efc20 fcvtzu v0.4s, v1.4s, #2     = ffffffff000000000000000000000006/11 0/11
        4fa29020 fmul v0.4s, v1.4s, v2.s[1]  = 50df84763e99999ac104000040900000/10 80000000ff80000039117fff7fc12345/10
        4fa21020 fmla v0.4s, v1.4s, v2.s[1]  = 50df84763fa66666c0e8000040b00000/10 7fc000007f7fffff7fc12345/11
        4fa25020 fmls v0.4s, v1.4s, v2.s[1]  = d0df84753f33333341140000c0600000/10 7f8000007f7fffffffc12345/10
        6fa29020 fmulx v0.4s, v1.4s, v2.s[1] = 50df84763e99999ac104000040900000/10 80000000ff80000039117fff7fc12345/10
        5fa29020 fmul s0, s1, v2.s[1]        = 40900000 7fc12345
        5fa21020 fmla s0, s1, v2.s[1]        = 40b00000 7fc12345
        5fa25020 fmls s0, s1, v2.s[1]        = c0600000 ffc12345
        7fa29020 fmulx s0, s1, v2.s[1]       = 40900000 7fc12345
        7e30d820 faddp s0, v1.2s             = bfa00000 7fc12345
        7e30f820 fmaxp s0, v1.2s             = 3fc00000 7fc12345
        7eb0f820 fminp s0, v1.2s             = c0300000 7fc12345
        7e30c820 fmaxnmp s0, v1.2s           = 3fc00000 123
        7eb0c820 fminnmp s0, v1.2s           = c0300000 123
        """;

    private static readonly Before[] DoublesBefore =
    [
        new()
        {
            V =
            [
                new(0x3FF0000000000000, 0x3FF0000000000000), new(0xC004000000000000, 0x3FF199999999999A),
                new(0x7E37E43C8800759C, 0x400D99999999999A),
            ],
        },
        new()
        {
            V =
            [
                new(0x7FF0000000000000, 0x4000000000000000), new(0x123, 0xFFF0000012345678), new(0x7FF0000000000000, 0x4000000000000000),
            ],
        },
    ];

    private const string DoublesTable = """
        4ee0f820 fabs v0.2d, v1.2d           = 40040000000000003ff199999999999a 1237ff0000012345678
        6ee0f820 fneg v0.2d, v1.2d           = 4004000000000000bff199999999999a 80000000000001237ff0000012345678
        6ee1f820 fsqrt v0.2d, v1.2d          = 7ff80000000000003ff0c7ebc96a56f6/11 1ea10f086982b418fff8000012345678/11
        4e618820 frintn v0.2d, v1.2d         = c0000000000000003ff0000000000000 fff8000012345678/1
        4ee18820 frintp v0.2d, v1.2d         = c0000000000000004000000000000000 3ff0000000000000fff8000012345678/1
        4e619820 frintm v0.2d, v1.2d         = c0080000000000003ff0000000000000 fff8000012345678/1
        4ee19820 frintz v0.2d, v1.2d         = c0000000000000003ff0000000000000 fff8000012345678/1
        6e618820 frinta v0.2d, v1.2d         = c0080000000000003ff0000000000000 fff8000012345678/1
        6e619820 frintx v0.2d, v1.2d         = c0000000000000003ff0000000000000/10 fff8000012345678/11
        6ee19820 frinti v0.2d, v1.2d         = c0000000000000003ff0000000000000 fff8000012345678/1
        4ee1d820 frecpe v0.2d, v1.2d         = bfd99000000000003fed200000000000 7ff0000000000000fff8000012345678/15
        6ee1d820 frsqrte v0.2d, v1.2d        = 7ff80000000000003fee900000000000/1 613e000000000000fff8000012345678/1
        6e62dc20 fmul v0.2d, v1.2d, v2.2d    = fe4ddd4baa009303401047ae147ae148/10 7ff0000000000000fff8000012345678/1
        6e62fc20 fdiv v0.2d, v1.2d, v2.2d    = 81bac9a7b3b7302f3fd306eb3e45306f/10 fff8000012345678/1
        4e62d420 fadd v0.2d, v1.2d, v2.2d    = 7e37e43c8800759c4013333333333334/10 7ff0000000000000fff8000012345678/1
        4ee2d420 fsub v0.2d, v1.2d, v2.2d    = fe37e43c8800759cc004cccccccccccd/10 fff0000000000000fff8000012345678/1
        4e62f420 fmax v0.2d, v1.2d, v2.2d    = 7e37e43c8800759c400d99999999999a 7ff0000000000000fff8000012345678/1
        4ee2f420 fmin v0.2d, v1.2d, v2.2d    = c0040000000000003ff199999999999a 123fff8000012345678/1
        4e62c420 fmaxnm v0.2d, v1.2d, v2.2d  = 7e37e43c8800759c400d99999999999a 7ff0000000000000fff8000012345678/1
        4ee2c420 fminnm v0.2d, v1.2d, v2.2d  = c0040000000000003ff199999999999a 123fff8000012345678/1
        4e62dc20 fmulx v0.2d, v1.2d, v2.2d   = fe4ddd4baa009303401047ae147ae148/10 7ff0000000000000fff8000012345678/1
        4e62fc20 frecps v0.2d, v1.2d, v2.2d  = 7e4ddd4baa009303c0008f5c28f5c291/10 fff00000000000007ff8000012345678/1
        4ee2fc20 frsqrts v0.2d, v1.2d, v2.2d = 7e3ddd4baa009303bfe11eb851eb8521/10 fff00000000000007ff8000012345678/1
        6ee2d420 fabd v0.2d, v1.2d, v2.2d    = 7e37e43c8800759c4004cccccccccccd/10 7ff00000000000007ff8000012345678/1
        4e62e420 fcmeq v0.2d, v1.2d, v2.2d   = 0 0/1
        6e62e420 fcmge v0.2d, v1.2d, v2.2d   = 0 0/1
        6ee2e420 fcmgt v0.2d, v1.2d, v2.2d   = 0 0/1
        6e62ec20 facge v0.2d, v1.2d, v2.2d   = 0 0/1
        6ee2ec20 facgt v0.2d, v1.2d, v2.2d   = 0 0/1
        4e62cc20 fmla v0.2d, v1.2d, v2.2d    = fe4ddd4baa009303401447ae147ae148/10 7ff0000000000000fff8000012345678/1
        4ee2cc20 fmls v0.2d, v1.2d, v2.2d    = 7e4ddd4baa009303c0088f5c28f5c291/10 7ff80000000000007ff8000012345678/1
        6e62d420 faddp v0.2d, v1.2d, v2.2d   = 7e37e43c8800759cbff6666666666666/10 7ff0000000000000fff8000012345678/1
        6e62f420 fmaxp v0.2d, v1.2d, v2.2d   = 7e37e43c8800759c3ff199999999999a 7ff0000000000000fff8000012345678/1
        6ee2f420 fminp v0.2d, v1.2d, v2.2d   = 400d99999999999ac004000000000000 4000000000000000fff8000012345678/1
        6e62c420 fmaxnmp v0.2d, v1.2d, v2.2d = 7e37e43c8800759c3ff199999999999a 7ff0000000000000fff8000012345678/1
        6ee2c420 fminnmp v0.2d, v1.2d, v2.2d = 400d99999999999ac004000000000000 4000000000000000fff8000012345678/1
        4ee0c820 fcmgt v0.2d, v1.2d, #0.0    = ffffffffffffffff ffffffffffffffff0000000000000000/1
        6ee0c820 fcmge v0.2d, v1.2d, #0.0    = ffffffffffffffff ffffffffffffffff0000000000000000/1
        4ee0d820 fcmeq v0.2d, v1.2d, #0.0    = 0 0/1
        6ee0d820 fcmle v0.2d, v1.2d, #0.0    = ffffffffffffffff0000000000000000 0/1
        4ee0e820 fcmlt v0.2d, v1.2d, #0.0    = ffffffffffffffff0000000000000000 0/1
        4e61a820 fcvtns v0.2d, v1.2d         = fffffffffffffffe0000000000000001/10 0/11
        6e61a820 fcvtnu v0.2d, v1.2d         = 1/11 0/11
        4ee1a820 fcvtps v0.2d, v1.2d         = fffffffffffffffe0000000000000002/10 10000000000000000/11
        6ee1a820 fcvtpu v0.2d, v1.2d         = 2/11 10000000000000000/11
        4e61b820 fcvtms v0.2d, v1.2d         = fffffffffffffffd0000000000000001/10 0/11
        6e61b820 fcvtmu v0.2d, v1.2d         = 1/11 0/11
        4ee1b820 fcvtzs v0.2d, v1.2d         = fffffffffffffffe0000000000000001/10 0/11
        6ee1b820 fcvtzu v0.2d, v1.2d         = 1/11 0/11
        4e61c820 fcvtas v0.2d, v1.2d         = fffffffffffffffd0000000000000001/10 0/11
        6e61c820 fcvtau v0.2d, v1.2d         = 1/11 0/11
        4e61d820 scvtf v0.2d, v1.2d          = c3cffe000000000043cff8cccccccccd/10 4072300000000000c32fffffdb975310
        6e61d840 ucvtf v0.2d, v2.2d          = 43df8df90f22001d43d0036666666666/10 43dffc000000000043d0000000000000
        4f79e420 scvtf v0.2d, v1.2d, #7      = c35ffe0000000000435ff8cccccccccd/10 4002300000000000c2bfffffdb975310
        6f7efc20 fcvtzu v0.2d, v1.2d, #2     = 4/11 0/11
        4fc29820 fmul v0.2d, v1.2d, v2.d[1]  = fe4ddd4baa0093037e3a47dc2f33b493/10 7ff0000000000000fff8000012345678/1
        4fc21820 fmla v0.2d, v1.2d, v2.d[1]  = fe4ddd4baa0093037e3a47dc2f33b493/10 7ff0000000000000fff8000012345678/1
        4fc25820 fmls v0.2d, v1.2d, v2.d[1]  = 7e4ddd4baa009303fe3a47dc2f33b493/10 7ff80000000000007ff8000012345678/1
        6fc29820 fmulx v0.2d, v1.2d, v2.d[1] = fe4ddd4baa0093037e3a47dc2f33b493/10 7ff0000000000000fff8000012345678/1
        5fc29820 fmul d0, d1, v2.d[1]        = 7e3a47dc2f33b493/10 fff8000012345678/1
        5fc21820 fmla d0, d1, v2.d[1]        = 7e3a47dc2f33b493/10 fff8000012345678/1
        5fc25820 fmls d0, d1, v2.d[1]        = fe3a47dc2f33b493/10 7ff8000012345678/1
        7fc29820 fmulx d0, d1, v2.d[1]       = 7e3a47dc2f33b493/10 fff8000012345678/1
        7e70d820 faddp d0, v1.2d             = bff6666666666666 fff8000012345678/1
        7e70f820 fmaxp d0, v1.2d             = 3ff199999999999a fff8000012345678/1
        7ef0f820 fminp d0, v1.2d             = c004000000000000 fff8000012345678/1
        7e70c820 fmaxnmp d0, v1.2d           = 3ff199999999999a fff8000012345678/1
        7ef0c820 fminnmp d0, v1.2d           = c004000000000000 fff8000012345678/1
        """;

    private static readonly Before[] MixedBefore =
    [
        new()
        {
            V =
            [
                new(0x3F8000003F800000, 0x3F8000003F800000), new(0x501502F93DCCCCCD, 0xC03000003FC00000),
                new(0x7E37E43C8800759C, 0x400D99999999999A),
            ],
        },
        new() { V = [new(0x7F800000, 0x7F7FFFFF3F800000), new(0x80000000FF800000, 0x1237FC12345), new(0x123, 0xFFF0000012345678)] },
    ];

    private const string MixedTable = """
        0e617820 fcvtl v0.2d, v1.2s   = c0060000000000003ff8000000000000 37223000000000007ff82468a0000000
        4e617820 fcvtl2 v0.2d, v1.4s  = 4202a05f200000003fb99999a0000000 8000000000000000fff0000000000000
        0e616840 fcvtn v0.2s, v2.2d   = 7f800000406ccccd/14 ffc00000/19
        4e616840 fcvtn2 v0.4s, v2.2d  = 7f800000406ccccd3f8000003f800000/14 ffc000007f7fffff3f800000/19
        2e616840 fcvtxn v0.2s, v2.2d  = 7f7fffff406ccccd/14 1ffc00000/19
        0e217820 fcvtl v0.4s, v1.4h   = c0060000000000003ff8000000000000 379180007ff820003c68a000
        0e216820 fcvtn v0.4h, v1.4s   = 7c002e66c1803e00/14 8000fc0000007e09/18
        4e216820 fcvtn2 v0.8h, v1.4s  = 7c002e66c1803e003f8000003f800000/14 8000fc0000007e097f7fffff3f800000/18
        6e30f820 fmaxv s0, v1.4s      = 501502f9 7fc12345
        6eb0f820 fminv s0, v1.4s      = c0300000 7fc12345
        6e30c820 fmaxnmv s0, v1.4s    = 501502f9 123
        6eb0c820 fminnmv s0, v1.4s    = c0300000 ff800000
        4ea1c820 urecpe v0.4s, v1.4s  = ffffffffffffffffaa800000ffffffff ff80000080000000ffffffffffffffff
        6ea1c840 ursqrte v0.4s, v2.4s = b6800000af800000ff800000a5800000 ffffffffffffffff80000000ffffffff
        """;

    private static readonly Before[] HalvesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x3C01)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x8001)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7C00)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7D23)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xFBFF)] },
    ];

    private const string HalvesTable = """
        1ee24020 fcvt s0, h1        = 3f802000 b3800000 7f800000 7fe46000/1 c77fe000
        1ee2c020 fcvt d0, h1        = 3ff0040000000000 be70000000000000 7ff0000000000000 7ffc8c0000000000/1 c0effc0000000000
        0e217820 fcvtl v0.4s, v1.4h = 3f802000 b3800000 7f800000 7fe46000/1 c77fe000
        """;

    private static readonly Before[] AlternativeHalvesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x3C01)], Fpcr = 0x4000000 },
        new() { V = [new(0x0, 0x0), new(0x0, 0x8001)], Fpcr = 0x4000000 },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7C00)], Fpcr = 0x4000000 },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7D23)], Fpcr = 0x4000000 },
        new() { V = [new(0x0, 0x0), new(0x0, 0xFBFF)], Fpcr = 0x4000000 },
    ];

    private const string AlternativeHalvesTable = """
        1ee24020 fcvt s0, h1 = 3f802000 b3800000 47800000 47a46000 c77fe000
        1ee2c020 fcvt d0, h1 = 3ff0040000000000 be70000000000000 40f0000000000000 40f48c0000000000 c0effc0000000000
        """;

    private static readonly Before[] ToHalvesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x477FEF00)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x477FF000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x33D6BF95)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7FC12345)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x4E6E6B28)], Fpcr = 0x4000000 },
        new() { V = [new(0x0, 0x0), new(0x0, 0xFF812345)], Fpcr = 0x4000000 },
    ];

    private const string ToHalvesTable = """
        1e23c020 fcvt h0, s1        = 7bff/10 7c00/14 2/18 7e09 7fff/1 8000/1
        0e216820 fcvtn v0.4h, v1.4s = 7bff/10 7c00/14 2/18 7e09 7fff/1 8000/1
        """;
}
