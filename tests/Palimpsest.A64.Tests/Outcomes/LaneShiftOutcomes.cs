namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Lanes of two sizes, elements and shifts by a constant: V0 and FPSR as QEMU 7.2 leaves them.</summary>
public sealed class LaneShiftOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Shifts(Engine engine) =>
        OutcomeTable.Check(ShiftsTable, Result.Vector, engine, ShiftsBefore);

    private static readonly Before[] ShiftsBefore =
    [
        new()
        {
            X =
            [
                0x0, 0x123456789ABCDEF,
            ],
            V =
            [
                new(0x11223344556677, 0x8899AABBCCDDEEFF), new(0x123456789ABCDEF, 0xFEDCBA9876543210),
                new(0x11EF02FE7F8001FF, 0x80007FFFFF0010E4), new(0xF1E2D03F47A04, 0xC01D7FFF80000001),
            ],
        },
        new()
        {
            X =
            [
                0x0, 0x123456789ABCDEF,
            ],
            V =
            [
                new(0xFFFFFFFFFFFFFFFF, 0x1), new(0x7FFFFFFFFFFFFFFF, 0x8000000000000000), new(0x80000000FFFFFFFF, 0x7F7F7F7F80808080),
                new(0xFF, 0xFF00FF01010101),
            ],
        },
    ];

    private const string ShiftsTable = """
        0e220020 saddl v0.8h, v1.8b, v2.8b     = ff7effdc0039ff97007500540042fff4 ffff007f007f007fff80ff80ff80ff80
        4ea20020 saddl2 v0.2d, v1.4s, v2.4s    = 1312486500000000092bcfee fffffffffffffffffffffffffffffffe
        2e220020 uaddl v0.8h, v1.8b, v2.8b     = 17e00dc0139019701750054004200f4 ff007f007f007f0080008000800080
        6ea20020 uaddl2 v0.2d, v1.4s, v2.4s    = 1312486500000001092bcfee ffffffff00000001fffffffe
        0e222020 ssubl v0.8h, v1.8b, v2.8b     = 7effdcff3bff99007700540022002c ff01ff81ff81ff810080008000800080
        4ea22020 ssubl2 v0.2d, v1.4s, v2.4s    = ffffffffef344269ffffffff0a2bcbf0 ffffffff0000000000000000
        2e222020 usubl v0.8h, v1.8b, v2.8b     = 7e00dc003bff99ff7700540022ff2c 1ff81ff81ff81ff80ff80ff80ff80
        6ea22020 usubl2 v0.2d, v1.4s, v2.4s    = ffffffffef344269000000000a2bcbf0 ffffffffffffffff0000000000000000
        0e227020 sabdl v0.8h, v1.8b, v2.8b     = 7e002400c50067007700540022002c ff007f007f007f0080008000800080
        4ea27020 sabdl2 v0.2d, v1.4s, v2.4s    = 10cbbd9700000000f5d43410 ffffffff0000000000000000
        2e227020 uabdl v0.8h, v1.8b, v2.8b     = 7e00dc003b006700890054002200d4 1007f007f007f0080008000800080
        6ea27020 uabdl2 v0.2d, v1.4s, v2.4s    = 10cbbd97000000000a2bcbf0 10000000000000000
        0e225020 sabal v0.8h, v1.8b, v2.8b     = 8f2257451a66de8910ab0fccffef2b fe007e007e007e0080008000800081
        4ea25020 sabal2 v0.2d, v1.4s, v2.4s    = 1122335521240e8899aabcc2b2230f fffffffe0000000000000001
        2e225020 uabal v0.8h, v1.8b, v2.8b     = 8f230f449066de8922ab0fccffefd3 7e007e007e0080008000800081
        6ea25020 uabal2 v0.2d, v1.4s, v2.4s    = 1122335521240e8899aabbd709baef 1
        0e22c020 smull v0.8h, v1.8b, v2.8b     = 1000000dd460068ff8a00000320fe40 c0800000000000000000000000000000
        4ea2c020 smull2 v0.2d, v1.4s, v2.4s    = 14678d09b2aa32c511102456701011 c0000000800000000000000000000001
        2e22c020 umull v0.8h, v1.8b, v2.8b     = 7f0000005c469768758a000003200e40 3f800000000000000000000000000000
        6ea2c020 umull2 v0.2d, v1.4s, v2.4s    = 14678d09b2aa324491122356701011 3fffffff80000000fffffffe00000001
        0e228020 smlal v0.8h, v1.8b, v2.8b     = 1112233219b66df8823aabbcffded3f c07fffffffffffff0000000000000001
        4ea28020 smlal2 v0.2d, v1.4s, v2.4s    = 2589c04e0810a94daabae0234dff10 c00000007fffffff0000000000000002
        2e228020 umlal v0.8h, v1.8b, v2.8b     = 7f112233a09bfddffe23aabbcffdfd3f 3f7fffffffffffff0000000000000001
        6ea28020 umlal2 v0.2d, v1.4s, v2.4s    = 2589c04e0810a9cd2abcdf234dff10 3fffffff7ffffffffffffffe00000002
        0e22a020 smlsl v0.8h, v1.8b, v2.8b     = ff112233670f660f890faabbc9bdf0bf 3f7fffffffffffff0000000000000001
        4ea2a020 smlsl2 v0.2d, v1.4s, v2.4s    = fffcbaa63aa2bc45c3889a97766ddeee 3fffffff7fffffff0000000000000000
        2e22a020 umlsl v0.8h, v1.8b, v2.8b     = 81112233e80fcf0f130faabbc9bde0bf c07fffffffffffff0000000000000001
        6ea2a020 umlsl2 v0.2d, v1.4s, v2.4s    = fffcbaa63aa2bc4544089898766ddeee c00000007fffffff0000000200000000
        0e621020 saddw v0.4s, v1.4s, v2.4h     = 122c56789ac4deefedcb998765442f4 80007f7e00007f7e7fff8080ffff8080
        4e221020 saddw2 v0.8h, v1.8h, v2.16b   = 134455689adcdedff5bba187655320f 7f7fffffffffffff7fffffffffffffff
        2e621020 uaddw v0.4s, v1.4s, v2.4h     = 123c56789ac4deefeddb998765442f4 80007f7e00007f7e8000808000008080
        6e221020 uaddw2 v0.8h, v1.8h, v2.16b   = 134465689adceedff5bbb187655330f 807fffffffffffff80ff00ff00ff00ff
        0e623020 ssubw v0.4s, v1.4s, v2.4h     = 123c56789ab4df0fedcbb987654212c 7fff8080ffff808080007f8000007f80
        4e223020 ssubw2 v0.8h, v1.8h, v2.16b   = 112457889a9cdf1fe5dbb1876533211 807fffffffffffff8001000100010001
        2e623020 usubw v0.4s, v1.4s, v2.4h     = 122c56789ab4df0fedbbb987654212c 7fff8080ffff80807fff7f80ffff7f80
        6e223020 usubw2 v0.8h, v1.8h, v2.16b   = 112447889a9ccf1fe5dba1876533111 7f7fffffffffffff7f01ff01ff01ff01
        0e224020 addhn v0.8b, v1.8h, v2.8h     = 134809cf7e3a7542 ffffffffff7f8080
        4ea24020 addhn2 v0.4s, v1.2d, v2.2d    = 131248667edd3a988899aabbccddeeff ff7f7f7f0000000000000001
        2e224020 raddhn v0.8b, v1.8h, v2.8h    = 134809d07f3b7543 ff7f8181
        6ea24020 raddhn2 v0.4s, v1.2d, v2.2d   = 131248667edd3a988899aabbccddeeff 1ff7f7f800000000000000001
        0e226020 subhn v0.8b, v1.8h, v2.8h     = ef420acb7e3a7721 ffff000000807f7f
        4ea26020 subhn2 v0.4s, v1.2d, v2.2d    = ef3442697edc3a988899aabbccddeeff ffffffff008080800000000000000001
        2e226020 rsubhn v0.8b, v1.8h, v2.8h    = ef420acc7f3b7721 1818080
        6ea26020 rsubhn2 v0.4s, v1.2d, v2.2d   = ef3442697edc3a988899aabbccddeeff ffffffff008080800000000000000001
        0e62d020 sqdmull v0.4s, v1.4h, v2.4h   = 1240000ba988ad0ff135800069b2c80 80810000000000000000000000000000
        4ea2d020 sqdmull2 v0.2d, v1.4s, v2.4s  = 28cf1a136554648a222048ace02022 80000001000000000000000000000002
        5e62d020 sqdmull s0, h1, h2            = 69b2c80 0
        5ea2d020 sqdmull d0, s1, s2            = ff1367392c3b2c80 0
        0f72b820 sqdmull v0.4s, v1.4h, v2.h[7] = ffd716c8f64697d0109418d8070399e0 7fffffff000000000000000000000000/8000000
        5f82b820 sqdmull d0, s1, v2.s[2]       = 75dddfb6541fdbe0 0
        0e629020 sqdmlal v0.4s, v1.4h, v2.4h   = 1352233feedf14787ad02bbd3791b7f 8080ffffffffffff0000000000000001
        4ea29020 sqdmlal2 v0.2d, v1.4s, v2.4s  = 39f14d57babadb8000000000000000/8000000 80000000ffffffff0000000000000003
        5e629020 sqdmlal s0, h1, h2            = d3791b7f 1
        5ea29020 sqdmlal d0, s1, s2            = 87ad11f4f9191b7f 1
        0f723820 sqdmlal v0.4s, v1.4h, v2.h[7] = ffe838fb3a9bfe47992dc393d3e188df 7ffffffeffffffff0000000000000001/8000000
        5f823820 sqdmlal d0, s1, v2.s[2]       = fe778a7220fdcadf 1
        0e62b020 sqdmlsl v0.4s, v1.4h, v2.4h   = feed22337fffffff898652bbc642c27f/8000000 7f7effffffffffff0000000000000001
        4ea2b020 sqdmlsl2 v0.2d, v1.4s, v2.4s  = ffe8531930f01213fe778a731ffdcedd 7ffffffeffffffffffffffffffffffff
        5e62b020 sqdmlsl s0, h1, h2            = c642c27f 1
        5ea2b020 sqdmlsl d0, s1, s2            = 89864382a0a2c27f 1
        0f727820 sqdmlsl v0.4s, v1.4h, v2.h[7] = 3a0b6b4e0ecea780000000c5da551f/8000000 80000000ffffffff0000000000000001/8000000
        5f827820 sqdmlsl d0, s1, v2.s[2]       = 8000000000000000/8000000 1
        0e22e020 pmull v0.8h, v1.8b, v2.8b     = 7f000000349677882dd2000003200e40 3f800000000000000000000000000000
        4e22e020 pmull2 v0.8h, v1.16b, v2.16b  = 111cd1008a22ba3c07558000cd5aa5 3f800000000000005555555555555555
        0ee2e020 pmull v0.1q, v1.1d, v2.1d     = 7f6e77960fbbb436b2ea183d1fe20640 3fbfbfbfc04040400000000000000000
        4ee2e020 pmull2 v0.1q, v1.2d, v2.2d    = 13e4f80ecae9520fd09a9698900ea5 3fffffffd55555550000000055555555
        4f428820 mul v0.8h, v1.8h, v2.h[4]     = 44dd8899cc551011b924756831acedf0 80010001000100018000000000000000
        0fa28020 mul v0.2s, v1.2s, v2.s[1]     = 5e6f4568a2b3cdf0 8000000000000000
        6f420820 mla v0.8h, v1.8h, v2.h[4]     = 44eeaacc10aa768841bd2023fe89dcef 80000000000000008000000000000001
        2fa20020 mla v0.2s, v1.2s, v2.s[1]     = e708f0236f91bcef 8000000000000001
        6f424820 mls v0.8h, v1.8h, v2.h[4]     = bb34999a78005666cf7535539b31010f 7ffefffefffefffe8000000000000001
        2fa24020 mls v0.2s, v1.2s, v2.s[1]     = 2a2a65532a2a210f 8000000000000001
        0f62a820 smull v0.4s, v1.4h, v2.h[6]   = fffc9648ff3052d001620f580095cbe0 0
        4fa2a820 smull2 v0.2d, v1.4s, v2.s[3]  = 14678d09b2aa32f7b5eeb011333122 c0000000800000000000000080000000
        2f622820 umlal v0.4s, v1.4h, v2.h[6]   = 30bb87b4683b94789fbba13cd73badf ffffffffffffffff0000000000000001
        6fa22820 umlal2 v0.2d, v1.4s, v2.s[3]  = 2589c04e0810a9923e9c69de112021 3fffffff7fffffff7fffffff80000001
        0f626820 smlsl v0.4s, v1.4h, v2.h[6]   = 148beb452513a787379b63cc48231f ffffffffffffffff0000000000000001
        4fa26820 smlsl2 v0.2d, v1.4s, v2.s[3]  = fffcbaa63aa2bc4590e3bc0bbbaabddd 3fffffff7fffffffffffffff80000001
        2f62a820 umull v0.4s, v1.4h, v2.h[6]   = 2fa9648022e52d001620f580095cbe0 0
        6fa2a820 umull2 v0.2d, v1.4s, v2.s[3]  = 14678d09b2aa3209a4f1ae11333122 3fffffff800000007fffffff80000000
        4f0d0420 sshr v0.16b, v1.16b, #3       = 4080cf1f5f9fdfffbf7f30e0a0602 ffffffffffffffff000000000000000
        0f100420 sshr v0.4h, v1.4h, #16        = ffffffff00000000 ffff000000000000
        4f3f0420 sshr v0.4s, v1.4s, #1         = 91a2b3c4d5e6f7ff6e5d4c3b2a1908 3fffffffffffffffc000000000000000
        4f400420 sshr v0.2d, v1.2d, #64        = ffffffffffffffff ffffffffffffffff
        5f5f0420 sshr d0, d1, #33              = ffffffffff6e5d4c ffffffffc0000000
        6f0d0420 ushr v0.16b, v1.16b, #3       = 4080c1115191d1f1b17130e0a0602 f1f1f1f1f1f1f1f1000000000000000
        2f100420 ushr v0.4h, v1.4h, #16        = 0 0
        6f3f0420 ushr v0.4s, v1.4s, #1         = 91a2b344d5e6f77f6e5d4c3b2a1908 3fffffff7fffffff4000000000000000
        6f400420 ushr v0.2d, v1.2d, #64        = 0 0
        7f5f0420 ushr d0, d1, #33              = 7f6e5d4c 40000000
        4f0d2420 srshr v0.16b, v1.16b, #3      = 4090df1f5fafe00fcf7f30f0b0602 1000000000000000f000000000000000
        0f102420 srshr v0.4h, v1.4h, #16       = 0 0
        4f3f2420 srshr v0.4s, v1.4s, #1        = 91a2b4c4d5e6f8ff6e5d4c3b2a1908 4000000000000000c000000000000000
        4f402420 srshr v0.2d, v1.2d, #64       = 0 0
        5f5f2420 srshr d0, d1, #33             = ffffffffff6e5d4c ffffffffc0000000
        6f0d2420 urshr v0.16b, v1.16b, #3      = 4090d11151a1e201c17130f0b0602 10202020202020201000000000000000
        2f102420 urshr v0.4h, v1.4h, #16       = 1000100000000 1000000000000
        6f3f2420 urshr v0.4s, v1.4s, #1        = 91a2b444d5e6f87f6e5d4c3b2a1908 40000000800000004000000000000000
        6f402420 urshr v0.2d, v1.2d, #64       = 1 1
        7f5f2420 urshr d0, d1, #33             = 7f6e5d4c 40000000
        4f0d1420 ssra v0.16b, v1.16b, #3       = 152a3f354a5f748794a1aedae7f401 efefefefefefefef000000000000001
        0f101420 ssra v0.4h, v1.4h, #16        = 8898aabaccddeeff ffff000000000001
        4f3f1420 ssra v0.4s, v1.4s, #1         = a2c4e6092b4d6e8808080708080807 3ffffffefffffffec000000000000001
        4f401420 ssra v0.2d, v1.2d, #64        = 112233445566778899aabbccddeefe ffffffffffffffff0000000000000000
        5f5f1420 ssra d0, d1, #33              = 8899aabbcc4c4c4b ffffffffc0000001
        6f0d1420 usra v0.16b, v1.16b, #3       = 152a3f556a7f94a7b4c1cedae7f401 e1e1e1e1e1e1e1e1000000000000001
        2f101420 usra v0.4h, v1.4h, #16        = 8899aabbccddeeff 1
        6f3f1420 usra v0.4s, v1.4s, #1         = a2c4e6892b4d6e0808080708080807 3ffffffe7ffffffe4000000000000001
        6f401420 usra v0.2d, v1.2d, #64        = 112233445566778899aabbccddeeff ffffffffffffffff0000000000000001
        7f5f1420 usra d0, d1, #33              = 8899aabc4c4c4c4b 40000001
        4f0d3420 srsra v0.16b, v1.16b, #3      = 152b40354a60758895a1aedbe8f401 ffffffffffffffff000000000000001
        0f103420 srsra v0.4h, v1.4h, #16       = 8899aabbccddeeff 1
        4f3f3420 srsra v0.4s, v1.4s, #1        = a2c4e7092b4d6f8808080708080807 3fffffffffffffffc000000000000001
        4f403420 srsra v0.2d, v1.2d, #64       = 112233445566778899aabbccddeeff ffffffffffffffff0000000000000001
        5f5f3420 srsra d0, d1, #33             = 8899aabbcc4c4c4b ffffffffc0000001
        6f0d3420 ursra v0.16b, v1.16b, #3      = 152b40556a8095a8b5c1cedbe8f401 f1f1f1f1f1f1f1f1000000000000001
        2f103420 ursra v0.4h, v1.4h, #16       = 889aaabcccddeeff 1000000000001
        6f3f3420 ursra v0.4s, v1.4s, #1        = a2c4e7892b4d6f0808080708080807 3fffffff7fffffff4000000000000001
        6f403420 ursra v0.2d, v1.2d, #64       = 112233445566778899aabbccddef00 ffffffffffffffff0000000000000002
        7f5f3420 ursra d0, d1, #33             = 8899aabc4c4c4c4b 40000001
        6f0d4420 sri v0.16b, v1.16b, #3        = 4282c5155797d9f9bb7b3cecae6e2 efffffffffffffff1000000000000000
        2f104420 sri v0.4h, v1.4h, #16         = 8899aabbccddeeff 1
        6f3f4420 sri v0.4s, v1.4s, #1          = 91a2b344d5e6f7ff6e5d4cbb2a1908 bfffffffffffffff4000000000000000
        6f404420 sri v0.2d, v1.2d, #64         = 112233445566778899aabbccddeeff ffffffffffffffff0000000000000001
        7f5f4420 sri d0, d1, #33               = 8899aabbff6e5d4c 40000000
        4f0f5420 shl v0.16b, v1.16b, #7        = 80808080808080800000000000000000 80808080808080800000000000000000
        0f105420 shl v0.4h, v1.4h, #0          = fedcba9876543210 8000000000000000
        4f7f5420 shl v0.2d, v1.2d, #63         = 80000000000000000000000000000000 80000000000000000000000000000000
        5f455420 shl d0, d1, #5                = db97530eca864200 0
        6f0f5420 sli v0.16b, v1.16b, #7        = 8091a2b3c4d5e6f708192a3b4c5d6e7f ffffffffffffffff0000000000000001
        2f105420 sli v0.4h, v1.4h, #0          = fedcba9876543210 8000000000000000
        6f7f5420 sli v0.2d, v1.2d, #63         = 80112233445566770899aabbccddeeff ffffffffffffffff0000000000000001
        7f455420 sli d0, d1, #5                = db97530eca86421f 1
        4f0f7420 sqshl v0.16b, v1.16b, #7      = 7f7f7f7f80808080808080807f7f7f7f/8000000 7f808080808080808000000000000000/8000000
        0f107420 sqshl v0.4h, v1.4h, #0        = fedcba9876543210 8000000000000000
        4f7f7420 sqshl v0.2d, v1.2d, #63       = 7fffffffffffffff8000000000000000/8000000 7fffffffffffffff8000000000000000/8000000
        5f457420 sqshl d0, d1, #5              = db97530eca864200 8000000000000000/8000000
        6f0f7420 uqshl v0.16b, v1.16b, #7      = 80ffffffffffffffffffffffffffffff/8000000 ffffffffffffffffff00000000000000/8000000
        2f107420 uqshl v0.4h, v1.4h, #0        = fedcba9876543210 8000000000000000
        6f7f7420 uqshl v0.2d, v1.2d, #63       = ffffffffffffffffffffffffffffffff/8000000 ffffffffffffffffffffffffffffffff/8000000
        7f457420 uqshl d0, d1, #5              = ffffffffffffffff/8000000 ffffffffffffffff/8000000
        6f0f6420 sqshlu v0.16b, v1.16b, #7     = 80ffffff0000000000000000ffffffff/8000000 ff000000000000000000000000000000/8000000
        2f106420 sqshlu v0.4h, v1.4h, #0       = 76543210/8000000 0/8000000
        6f7f6420 sqshlu v0.2d, v1.2d, #63      = ffffffffffffffff0000000000000000/8000000 ffffffffffffffff0000000000000000/8000000
        7f456420 sqshlu d0, d1, #5             = 0/8000000 0/8000000
        5f0b7420 sqshl b0, b1, #3              = 7f/8000000 0
        5f3e7420 sqshl s0, s1, #30             = 7fffffff/8000000 0
        7f0b7420 uqshl b0, b1, #3              = 80 0
        7f3e7420 uqshl s0, s1, #30             = ffffffff/8000000 0
        7f0b6420 sqshlu b0, b1, #3             = 80 0
        7f3e6420 sqshlu s0, s1, #30            = ffffffff/8000000 0
        0f088420 shrn v0.8b, v1.8h, #8         = 14589cdfeba7632 7fffffff80000000
        4f3d8440 shrn2 v0.4s, v2.2d, #3        = cff0003fffe0021c8899aabbccddeeff 1ffffffff01010100000000000000001
        0f1f8440 shrn v0.4h, v2.4s, #1         = 817f00ff3fff0872 ffffbfbf4040
        0f088c20 rshrn v0.8b, v1.8h, #8        = 1458aceffbb7632 8000000080000000
        4f3d8c40 rshrn2 v0.4s, v2.2d, #3       = cff00040ffe0021d8899aabbccddeeff 20000000f01010100000000000000001
        0f1f8c40 rshrn v0.4h, v2.4s, #1        = 817f010040000872 bfc04040
        0f089420 sqshrn v0.8b, v1.8h, #8       = 14589cdfeba7632 7fffffff80000000
        4f3d9440 sqshrn2 v0.4s, v2.2d, #3      = 7fffffff800000008899aabbccddeeff/8000000 800000007fffffff0000000000000001/8000000
        0f1f9440 sqshrn v0.4h, v2.4s, #1       = 7fff7fff80008000/8000000 8000ffff7fff8000/8000000
        0f089c20 sqrshrn v0.8b, v1.8h, #8      = 1458aceffbb7632 7f00000080000000/8000000
        4f3d9c40 sqrshrn2 v0.4s, v2.2d, #3     = 7fffffff800000008899aabbccddeeff/8000000 800000007fffffff0000000000000001/8000000
        0f1f9c40 sqrshrn v0.4h, v2.4s, #1      = 7fff7fff80008000/8000000 800000007fff8000/8000000
        2f089420 uqshrn v0.8b, v1.8h, #8       = 14589cdfeba7632 7fffffff80000000
        6f3d9440 uqshrn2 v0.4s, v2.2d, #3      = ffffffffffffffff8899aabbccddeeff/8000000 ffffffffffffffff0000000000000001/8000000
        2f1f9440 uqshrn v0.4h, v2.4s, #1       = ffffffffffffffff/8000000 ffffffffffffffff/8000000
        2f089c20 uqrshrn v0.8b, v1.8h, #8      = 1458aceffbb7632 80ffffff80000000/8000000
        6f3d9c40 uqrshrn2 v0.4s, v2.2d, #3     = ffffffffffffffff8899aabbccddeeff/8000000 ffffffffffffffff0000000000000001/8000000
        2f1f9c40 uqrshrn v0.4h, v2.4s, #1      = ffffffffffffffff/8000000 ffffffffffffffff/8000000
        2f088420 sqshrun v0.8b, v1.8h, #8      = 145000000007632/8000000 7f00000000000000/8000000
        6f3d8440 sqshrun2 v0.4s, v2.2d, #3     = ffffffff000000008899aabbccddeeff/8000000 ffffffff0000000000000001/8000000
        2f1f8440 sqshrun v0.4h, v2.4s, #1      = ffffffff00000000/8000000 ffff0000/8000000
        2f088c20 sqrshrun v0.8b, v1.8h, #8     = 145000000007632/8000000 8000000000000000/8000000
        6f3d8c40 sqrshrun2 v0.4s, v2.2d, #3    = ffffffff000000008899aabbccddeeff/8000000 ffffffff0000000000000001/8000000
        2f1f8c40 sqrshrun v0.4h, v2.4s, #1     = ffffffff00000000/8000000 ffff0000/8000000
        5f0f9420 sqshrn b0, h1, #1             = 7f/8000000 0
        5f209420 sqshrn s0, d1, #32            = fedcba98 80000000
        5f0f9c20 sqrshrn b0, h1, #1            = 7f/8000000 0
        5f209c20 sqrshrn s0, d1, #32           = fedcba98 80000000
        7f0f9420 uqshrn b0, h1, #1             = ff/8000000 0
        7f209420 uqshrn s0, d1, #32            = fedcba98 80000000
        7f0f9c20 uqrshrn b0, h1, #1            = ff/8000000 0
        7f209c20 uqrshrn s0, d1, #32           = fedcba98 80000000
        7f0f8420 sqshrun b0, h1, #1            = ff/8000000 0
        7f208420 sqshrun s0, d1, #32           = 0/8000000 0/8000000
        7f0f8c20 sqrshrun b0, h1, #1           = ff/8000000 0
        7f208c20 sqrshrun s0, d1, #32          = 0/8000000 0/8000000
        0f08a420 sshll v0.8h, v1.8b, #0        = fffeffdcffbaff980076005400320010 ff800000000000000000000000000000
        4f3fa420 sshll2 v0.2d, v1.4s, #31      = 91a2b380000000c4d5e6f780000000 3fffffff80000000ffffffff80000000
        2f08a420 ushll v0.8h, v1.8b, #0        = fe00dc00ba00980076005400320010 800000000000000000000000000000
        6f3fa420 ushll2 v0.2d, v1.4s, #31      = 91a2b38000000044d5e6f780000000 3fffffff800000007fffffff80000000
        2e213820 shll v0.8h, v1.8b, #8         = fe00dc00ba0098007600540032001000 80000000000000000000000000000000
        6ea13820 shll2 v0.2d, v1.4s, #32       = 12345670000000089abcdef00000000 7fffffff00000000ffffffff00000000
        """;
}
