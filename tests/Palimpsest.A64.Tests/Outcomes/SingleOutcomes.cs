namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Scalars of single precision: V0 and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class SingleOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Numbers(Engine engine) =>
        OutcomeTable.Check(NumbersTable, Result.Vector, engine, NumbersBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void RoundedDown(Engine engine) =>
        OutcomeTable.Check(RoundedDownTable, Result.Vector, engine, RoundedDownBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Specials(Engine engine) =>
        OutcomeTable.Check(SpecialsTable, Result.Vector, engine, SpecialsBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void FlushedSpecials(Engine engine) =>
        OutcomeTable.Check(FlushedSpecialsTable, Result.Vector, engine, FlushedSpecialsBefore);

    private static readonly Before[] NumbersBefore =
    [
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3FC00000), new(0x0, 0xC0100000), new(0x0, 0x40400000)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3F800000), new(0x0, 0x40400000), new(0x0, 0xBEAAAAAB)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0xF149F2CA), new(0x0, 0xDA24260), new(0x0, 0x3F000000)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3DCCCCCD), new(0x0, 0x3E4CCCCD), new(0x0, 0xBCA3D70A)] },
    ];

    private const string NumbersTable = """
        1e20c020 fabs s0, s1           = 3fc00000 3f800000 7149f2ca 3dcccccd
        1e214020 fneg s0, s1           = bfc00000 bf800000 7149f2ca bdcccccd
        1e21c020 fsqrt s0, s1          = 3f9cc471/10 3f800000 7fc00000/1 3ea1e89b/10
        1e244020 frintn s0, s1         = 40000000 3f800000 f149f2ca 0
        1e24c020 frintp s0, s1         = 40000000 3f800000 f149f2ca 3f800000
        1e254020 frintm s0, s1         = 3f800000 3f800000 f149f2ca 0
        1e25c020 frintz s0, s1         = 3f800000 3f800000 f149f2ca 0
        1e264020 frinta s0, s1         = 40000000 3f800000 f149f2ca 0
        1e274020 frintx s0, s1         = 40000000/10 3f800000 f149f2ca 0/10
        1e27c020 frinti s0, s1         = 40000000 3f800000 f149f2ca 0
        5ea1d820 frecpe s0, s1         = 3f2a8000 3f7f8000 8da28000 41200000
        7ea1d820 frsqrte s0, s1        = 3f510000 3f7f8000 7fc00000/1 404a8000
        5ea1f820 frecpx s0, s1         = 40000000 40000000 8e800000 42000000
        1e220820 fmul s0, s1, s2       = c0580000 40400000 bf800000/10 3ca3d70b/10
        1e221820 fdiv s0, s1, s2       = bf2aaaab/10 3eaaaaab/10 ff800000/14 3f000000
        1e222820 fadd s0, s1, s2       = bf400000 40800000 f149f2ca/10 3e99999a/10
        1e223820 fsub s0, s1, s2       = 40700000 c0000000 f149f2ca/10 bdcccccd
        1e224820 fmax s0, s1, s2       = 3fc00000 40400000 da24260 3e4ccccd
        1e225820 fmin s0, s1, s2       = c0100000 3f800000 f149f2ca 3dcccccd
        1e226820 fmaxnm s0, s1, s2     = 3fc00000 40400000 da24260 3e4ccccd
        1e227820 fminnm s0, s1, s2     = c0100000 3f800000 f149f2ca 3dcccccd
        1e228820 fnmul s0, s1, s2      = 40580000 c0400000 3f800000/10 bca3d70b/10
        5e22dc20 fmulx s0, s1, s2      = c0580000 40400000 bf800000/10 3ca3d70b/10
        5e22fc20 frecps s0, s1, s2     = 40ac0000 bf800000 40400000/10 3ffd70a4/10
        5ea2fc20 frsqrts s0, s1, s2    = 404c0000 0 40000000/10 3fbeb852/10
        7ea2d420 fabd s0, s1, s2       = 40700000 40000000 7149f2ca/10 3dcccccd
        5e22e420 fcmeq s0, s1, s2      = 0 0 0 0
        7e22e420 fcmge s0, s1, s2      = ffffffff 0 0 0
        7ea2e420 fcmgt s0, s1, s2      = ffffffff 0 0 0
        7e22ec20 facge s0, s1, s2      = 0 0 ffffffff 0
        7ea2ec20 facgt s0, s1, s2      = 0 0 ffffffff 0
        1f020c20 fmadd s0, s1, s2, s3  = bec00000 402aaaab/10 bf000000/10 308f5c29
        1f028c20 fmsub s0, s1, s2, s3  = 40cc0000 c0555555/10 3fc00000/10 bd23d70a/10
        1f220c20 fnmadd s0, s1, s2, s3 = 3ec00000 c02aaaab/10 3f000000/10 b08f5c29
        1f228c20 fnmsub s0, s1, s2, s3 = c0cc0000 40555555/10 bfc00000/10 3d23d70a/10
        1e22c020 fcvt d0, s1           = 3ff8000000000000 3ff0000000000000 c6293e5940000000 3fb99999a0000000
        1e23c020 fcvt h0, s1           = 3e00 3c00 fc00/14 2e66/10
        5ea0c820 fcmgt s0, s1, #0.0    = ffffffff ffffffff 0 ffffffff
        7ea0c820 fcmge s0, s1, #0.0    = ffffffff ffffffff 0 ffffffff
        5ea0d820 fcmeq s0, s1, #0.0    = 0 0 0 0
        7ea0d820 fcmle s0, s1, #0.0    = 0 0 ffffffff 0
        5ea0e820 fcmlt s0, s1, #0.0    = 0 0 ffffffff 0
        5ea1b820 fcvtzs s0, s1         = 1/10 1 80000000/1 0/10
        7ea1b820 fcvtzu s0, s1         = 1/10 1 0/1 0/10
        5e21a820 fcvtns s0, s1         = 2/10 1 80000000/1 0/10
        7e21a820 fcvtnu s0, s1         = 2/10 1 0/1 0/10
        5e21c820 fcvtas s0, s1         = 2/10 1 80000000/1 0/10
        5f3cfc20 fcvtzs s0, s1, #4     = 18 10 80000000/1 1/10
        5e21d820 scvtf s0, s1          = 4e7f0000 4e7e0000 cd6b60d3/10 4e773333/10
        7f3de440 ucvtf s0, s2, #3      = 4dc01000 4d008000 4bda2426 4cf93333/10
        """;

    private static readonly Before[] RoundedDownBefore =
    [
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3FC00000), new(0x0, 0xC0100000), new(0x0, 0x40400000)], Fpcr = 0x800000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3F800000), new(0x0, 0x40400000), new(0x0, 0xBEAAAAAB)], Fpcr = 0x800000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0xF149F2CA), new(0x0, 0xDA24260), new(0x0, 0x3F000000)], Fpcr = 0x800000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3DCCCCCD), new(0x0, 0x3E4CCCCD), new(0x0, 0xBCA3D70A)], Fpcr = 0x800000 },
    ];

    private const string RoundedDownTable = """
        1e20c020 fabs s0, s1           = 3fc00000 3f800000 7149f2ca 3dcccccd
        1e214020 fneg s0, s1           = bfc00000 bf800000 7149f2ca bdcccccd
        1e21c020 fsqrt s0, s1          = 3f9cc470/10 3f800000 7fc00000/1 3ea1e89b/10
        1e244020 frintn s0, s1         = 40000000 3f800000 f149f2ca 0
        1e24c020 frintp s0, s1         = 40000000 3f800000 f149f2ca 3f800000
        1e254020 frintm s0, s1         = 3f800000 3f800000 f149f2ca 0
        1e25c020 frintz s0, s1         = 3f800000 3f800000 f149f2ca 0
        1e264020 frinta s0, s1         = 40000000 3f800000 f149f2ca 0
        1e274020 frintx s0, s1         = 3f800000/10 3f800000 f149f2ca 0/10
        1e27c020 frinti s0, s1         = 3f800000 3f800000 f149f2ca 0
        5ea1d820 frecpe s0, s1         = 3f2a8000 3f7f8000 8da28000 41200000
        7ea1d820 frsqrte s0, s1        = 3f510000 3f7f8000 7fc00000/1 404a8000
        5ea1f820 frecpx s0, s1         = 40000000 40000000 8e800000 42000000
        1e220820 fmul s0, s1, s2       = c0580000 40400000 bf800001/10 3ca3d70a/10
        1e221820 fdiv s0, s1, s2       = bf2aaaab/10 3eaaaaaa/10 ff800000/14 3f000000
        1e222820 fadd s0, s1, s2       = bf400000 40800000 f149f2ca/10 3e999999/10
        1e223820 fsub s0, s1, s2       = 40700000 c0000000 f149f2cb/10 bdcccccd
        1e224820 fmax s0, s1, s2       = 3fc00000 40400000 da24260 3e4ccccd
        1e225820 fmin s0, s1, s2       = c0100000 3f800000 f149f2ca 3dcccccd
        1e226820 fmaxnm s0, s1, s2     = 3fc00000 40400000 da24260 3e4ccccd
        1e227820 fminnm s0, s1, s2     = c0100000 3f800000 f149f2ca 3dcccccd
        1e228820 fnmul s0, s1, s2      = 40580000 c0400000 3f800001/10 bca3d70a/10
        5e22dc20 fmulx s0, s1, s2      = c0580000 40400000 bf800001/10 3ca3d70a/10
        5e22fc20 frecps s0, s1, s2     = 40ac0000 bf800000 40400000/10 3ffd70a3/10
        5ea2fc20 frsqrts s0, s1, s2    = 404c0000 80000000 40000000/10 3fbeb851/10
        7ea2d420 fabd s0, s1, s2       = 40700000 40000000 7149f2cb/10 3dcccccd
        5e22e420 fcmeq s0, s1, s2      = 0 0 0 0
        7e22e420 fcmge s0, s1, s2      = ffffffff 0 0 0
        7ea2e420 fcmgt s0, s1, s2      = ffffffff 0 0 0
        7e22ec20 facge s0, s1, s2      = 0 0 ffffffff 0
        7ea2ec20 facgt s0, s1, s2      = 0 0 ffffffff 0
        1f020c20 fmadd s0, s1, s2, s3  = bec00000 402aaaaa/10 bf000001/10 308f5c29
        1f028c20 fmsub s0, s1, s2, s3  = 40cc0000 c0555556/10 3fc00000/10 bd23d70b/10
        1f220c20 fnmadd s0, s1, s2, s3 = 3ec00000 c02aaaab/10 3f000000/10 b08f5c29
        1f228c20 fnmsub s0, s1, s2, s3 = c0cc0000 40555555/10 bfc00001/10 3d23d70a/10
        1e22c020 fcvt d0, s1           = 3ff8000000000000 3ff0000000000000 c6293e5940000000 3fb99999a0000000
        1e23c020 fcvt h0, s1           = 3e00 3c00 fc00/14 2e66/10
        5ea0c820 fcmgt s0, s1, #0.0    = ffffffff ffffffff 0 ffffffff
        7ea0c820 fcmge s0, s1, #0.0    = ffffffff ffffffff 0 ffffffff
        5ea0d820 fcmeq s0, s1, #0.0    = 0 0 0 0
        7ea0d820 fcmle s0, s1, #0.0    = 0 0 ffffffff 0
        5ea0e820 fcmlt s0, s1, #0.0    = 0 0 ffffffff 0
        5ea1b820 fcvtzs s0, s1         = 1/10 1 80000000/1 0/10
        7ea1b820 fcvtzu s0, s1         = 1/10 1 0/1 0/10
        5e21a820 fcvtns s0, s1         = 2/10 1 80000000/1 0/10
        7e21a820 fcvtnu s0, s1         = 2/10 1 0/1 0/10
        5e21c820 fcvtas s0, s1         = 2/10 1 80000000/1 0/10
        5f3cfc20 fcvtzs s0, s1, #4     = 18 10 80000000/1 1/10
        5e21d820 scvtf s0, s1          = 4e7f0000 4e7e0000 cd6b60d4/10 4e773333/10
        7f3de440 ucvtf s0, s2, #3      = 4dc01000 4d008000 4bda2426 4cf93333/10
        """;

    private static readonly Before[] SpecialsBefore =
    [
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3F800000), new(0x0, 0x80000000), new(0x0, 0x40000000)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7F800000), new(0x0, 0xFF800000), new(0x0, 0xBF800000)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7FC12345), new(0x0, 0x3F800000), new(0x0, 0xFF812345)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x123), new(0x0, 0x3F000000), new(0x0, 0x7F7FFFFF)] },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7F7FFFFF), new(0x0, 0x7F7FFFFF), new(0x0, 0xFF800000)] },
    ];

    private const string SpecialsTable = """
        1e20c020 fabs s0, s1           = 3f800000 7f800000 7fc12345 123 7f7fffff
        1e214020 fneg s0, s1           = bf800000 ff800000 ffc12345 80000123 ff7fffff
        1e21c020 fsqrt s0, s1          = 3f800000 7f800000 7fc12345 1c40ff56/10 5f7fffff/10
        1e244020 frintn s0, s1         = 3f800000 7f800000 7fc12345 0 7f7fffff
        1e24c020 frintp s0, s1         = 3f800000 7f800000 7fc12345 3f800000 7f7fffff
        1e254020 frintm s0, s1         = 3f800000 7f800000 7fc12345 0 7f7fffff
        1e25c020 frintz s0, s1         = 3f800000 7f800000 7fc12345 0 7f7fffff
        1e264020 frinta s0, s1         = 3f800000 7f800000 7fc12345 0 7f7fffff
        1e274020 frintx s0, s1         = 3f800000 7f800000 7fc12345 0/10 7f7fffff
        1e27c020 frinti s0, s1         = 3f800000 7f800000 7fc12345 0 7f7fffff
        5ea1d820 frecpe s0, s1         = 3f7f8000 0 7fc12345 7f800000/14 200000
        7ea1d820 frsqrte s0, s1        = 3f7f8000 0 7fc12345 62aa0000 1f800000
        5ea1f820 frecpx s0, s1         = 40000000 0 7fc12345 7f000000 800000
        1e220820 fmul s0, s1, s2       = 80000000 ff800000 7fc12345 92/18 7f800000/14
        1e221820 fdiv s0, s1, s2       = ff800000/2 7fc00000/1 7fc12345 246 3f800000
        1e222820 fadd s0, s1, s2       = 3f800000 7fc00000/1 7fc12345 3f000000/10 7f800000/14
        1e223820 fsub s0, s1, s2       = 3f800000 7f800000 7fc12345 bf000000/10 0
        1e224820 fmax s0, s1, s2       = 3f800000 7f800000 7fc12345 3f000000 7f7fffff
        1e225820 fmin s0, s1, s2       = 80000000 ff800000 7fc12345 123 7f7fffff
        1e226820 fmaxnm s0, s1, s2     = 3f800000 7f800000 3f800000 3f000000 7f7fffff
        1e227820 fminnm s0, s1, s2     = 80000000 ff800000 3f800000 123 7f7fffff
        1e228820 fnmul s0, s1, s2      = 0 7f800000 ffc12345 80000092/18 ff800000/14
        5e22dc20 fmulx s0, s1, s2      = 80000000 ff800000 7fc12345 92/18 7f800000/14
        5e22fc20 frecps s0, s1, s2     = 40000000 7f800000 ffc12345 40000000/10 ff800000/14
        5ea2fc20 frsqrts s0, s1, s2    = 3fc00000 7f800000 ffc12345 3fc00000/10 ff800000/14
        7ea2d420 fabd s0, s1, s2       = 3f800000 7f800000 7fc12345 3f000000/10 0
        5e22e420 fcmeq s0, s1, s2      = 0 0 0 0 ffffffff
        7e22e420 fcmge s0, s1, s2      = ffffffff ffffffff 0/1 0 ffffffff
        7ea2e420 fcmgt s0, s1, s2      = ffffffff ffffffff 0/1 0 0
        7e22ec20 facge s0, s1, s2      = ffffffff ffffffff 0/1 0 ffffffff
        7ea2ec20 facgt s0, s1, s2      = ffffffff 0 0/1 0 0
        1f020c20 fmadd s0, s1, s2, s3  = 40000000 ff800000 ffc12345/1 7f7fffff/10 ff800000
        1f028c20 fmsub s0, s1, s2, s3  = 40000000 7f800000 ffc12345/1 7f7fffff/10 ff800000
        1f220c20 fnmadd s0, s1, s2, s3 = c0000000 7f800000 7fc12345/1 ff7fffff/10 7f800000
        1f228c20 fnmsub s0, s1, s2, s3 = c0000000 ff800000 7fc12345/1 ff7fffff/10 7f800000
        1e22c020 fcvt d0, s1           = 3ff0000000000000 7ff0000000000000 7ff82468a0000000 3722300000000000 47efffffe0000000
        1e23c020 fcvt h0, s1           = 3c00 7c00 7e09 0/18 7c00/14
        5ea0c820 fcmgt s0, s1, #0.0    = ffffffff ffffffff 0/1 ffffffff ffffffff
        7ea0c820 fcmge s0, s1, #0.0    = ffffffff ffffffff 0/1 ffffffff ffffffff
        5ea0d820 fcmeq s0, s1, #0.0    = 0 0 0 0 0
        7ea0d820 fcmle s0, s1, #0.0    = 0 0 0/1 0 0
        5ea0e820 fcmlt s0, s1, #0.0    = 0 0 0/1 0 0
        5ea1b820 fcvtzs s0, s1         = 1 7fffffff/1 0/1 0/10 7fffffff/1
        7ea1b820 fcvtzu s0, s1         = 1 ffffffff/1 0/1 0/10 ffffffff/1
        5e21a820 fcvtns s0, s1         = 1 7fffffff/1 0/1 0/10 7fffffff/1
        7e21a820 fcvtnu s0, s1         = 1 ffffffff/1 0/1 0/10 ffffffff/1
        5e21c820 fcvtas s0, s1         = 1 7fffffff/1 0/1 0/10 7fffffff/1
        5f3cfc20 fcvtzs s0, s1, #4     = 10 7fffffff/1 0/1 0/10 7fffffff/1
        5e21d820 scvtf s0, s1          = 4e7e0000 4eff0000 4eff8247/10 43918000 4eff0000/10
        7f3de440 ucvtf s0, s2, #3      = 4d800000 4dff8000 4cfe0000 4cfc0000 4d7f0000/10
        """;

    private static readonly Before[] FlushedSpecialsBefore =
    [
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x3F800000), new(0x0, 0x80000000), new(0x0, 0x40000000)], Fpcr = 0x3000000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7F800000), new(0x0, 0xFF800000), new(0x0, 0xBF800000)], Fpcr = 0x3000000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7FC12345), new(0x0, 0x3F800000), new(0x0, 0xFF812345)], Fpcr = 0x3000000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x123), new(0x0, 0x3F000000), new(0x0, 0x7F7FFFFF)], Fpcr = 0x3000000 },
        new() { V = [new(0x0, 0x40E00000), new(0x0, 0x7F7FFFFF), new(0x0, 0x7F7FFFFF), new(0x0, 0xFF800000)], Fpcr = 0x3000000 },
    ];

    private const string FlushedSpecialsTable = """
        1e20c020 fabs s0, s1           = 3f800000 7f800000 7fc12345 123 7f7fffff
        1e214020 fneg s0, s1           = bf800000 ff800000 ffc12345 80000123 ff7fffff
        1e21c020 fsqrt s0, s1          = 3f800000 7f800000 7fc00000 0/80 5f7fffff/10
        1e244020 frintn s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e24c020 frintp s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e254020 frintm s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e25c020 frintz s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e264020 frinta s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e274020 frintx s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        1e27c020 frinti s0, s1         = 3f800000 7f800000 7fc00000 0/80 7f7fffff
        5ea1d820 frecpe s0, s1         = 3f7f8000 0 7fc00000 7f800000/82 0/8
        7ea1d820 frsqrte s0, s1        = 3f7f8000 0 7fc00000 7f800000/82 1f800000
        5ea1f820 frecpx s0, s1         = 40000000 0 7fc00000 7f000000/80 800000
        1e220820 fmul s0, s1, s2       = 80000000 ff800000 7fc00000 0/80 7f800000/14
        1e221820 fdiv s0, s1, s2       = ff800000/2 7fc00000/1 7fc00000 0/80 3f800000
        1e222820 fadd s0, s1, s2       = 3f800000 7fc00000/1 7fc00000 3f000000/80 7f800000/14
        1e223820 fsub s0, s1, s2       = 3f800000 7f800000 7fc00000 bf000000/80 0
        1e224820 fmax s0, s1, s2       = 3f800000 7f800000 7fc00000 3f000000/80 7f7fffff
        1e225820 fmin s0, s1, s2       = 80000000 ff800000 7fc00000 0/80 7f7fffff
        1e226820 fmaxnm s0, s1, s2     = 3f800000 7f800000 3f800000 3f000000/80 7f7fffff
        1e227820 fminnm s0, s1, s2     = 80000000 ff800000 3f800000 0/80 7f7fffff
        1e228820 fnmul s0, s1, s2      = 0 7f800000 ffc00000 80000000/80 ff800000/14
        5e22dc20 fmulx s0, s1, s2      = 80000000 ff800000 7fc00000 0/80 7f800000/14
        5e22fc20 frecps s0, s1, s2     = 40000000 7f800000 7fc00000 40000000/80 ff800000/14
        5ea2fc20 frsqrts s0, s1, s2    = 3fc00000 7f800000 7fc00000 3fc00000/80 ff800000/14
        7ea2d420 fabd s0, s1, s2       = 3f800000 7f800000 7fc00000 3f000000/80 0
        5e22e420 fcmeq s0, s1, s2      = 0 0 0 0/80 ffffffff
        7e22e420 fcmge s0, s1, s2      = ffffffff ffffffff 0/1 0/80 ffffffff
        7ea2e420 fcmgt s0, s1, s2      = ffffffff ffffffff 0/1 0/80 0
        7e22ec20 facge s0, s1, s2      = ffffffff ffffffff 0/1 0/80 ffffffff
        7ea2ec20 facgt s0, s1, s2      = ffffffff 0 0/1 0/80 0
        1f020c20 fmadd s0, s1, s2, s3  = 40000000 ff800000 7fc00000/1 7f7fffff/80 ff800000
        1f028c20 fmsub s0, s1, s2, s3  = 40000000 7f800000 7fc00000/1 7f7fffff/80 ff800000
        1f220c20 fnmadd s0, s1, s2, s3 = c0000000 7f800000 7fc00000/1 ff7fffff/80 7f800000
        1f228c20 fnmsub s0, s1, s2, s3 = c0000000 ff800000 7fc00000/1 ff7fffff/80 7f800000
        1e22c020 fcvt d0, s1           = 3ff0000000000000 7ff0000000000000 7ff8000000000000 0/80 47efffffe0000000
        1e23c020 fcvt h0, s1           = 3c00 7c00 7e00 0/80 7c00/14
        5ea0c820 fcmgt s0, s1, #0.0    = ffffffff ffffffff 0/1 0/80 ffffffff
        7ea0c820 fcmge s0, s1, #0.0    = ffffffff ffffffff 0/1 ffffffff/80 ffffffff
        5ea0d820 fcmeq s0, s1, #0.0    = 0 0 0 ffffffff/80 0
        7ea0d820 fcmle s0, s1, #0.0    = 0 0 0/1 ffffffff/80 0
        5ea0e820 fcmlt s0, s1, #0.0    = 0 0 0/1 0/80 0
        5ea1b820 fcvtzs s0, s1         = 1 7fffffff/1 0/1 0/80 7fffffff/1
        7ea1b820 fcvtzu s0, s1         = 1 ffffffff/1 0/1 0/80 ffffffff/1
        5e21a820 fcvtns s0, s1         = 1 7fffffff/1 0/1 0/80 7fffffff/1
        7e21a820 fcvtnu s0, s1         = 1 ffffffff/1 0/1 0/80 ffffffff/1
        5e21c820 fcvtas s0, s1         = 1 7fffffff/1 0/1 0/80 7fffffff/1
        5f3cfc20 fcvtzs s0, s1, #4     = 10 7fffffff/1 0/1 0/80 7fffffff/1
        5e21d820 scvtf s0, s1          = 4e7e0000 4eff0000 4eff8247/10 43918000 4eff0000/10
        7f3de440 ucvtf s0, s2, #3      = 4d800000 4dff8000 4cfe0000 4cfc0000 4d7f0000/10
        """;
}
