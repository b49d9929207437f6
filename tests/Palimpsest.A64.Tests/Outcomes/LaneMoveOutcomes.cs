namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>One vector, lanes that move, constants and ciphers: V0 or X0, and FPSR, as QEMU 7.2 leaves them.</summary>
public sealed class LaneMoveOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Moves(Engine engine) =>
        OutcomeTable.Check(MovesTable, Result.Vector, engine, MovesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void General(Engine engine) =>
        OutcomeTable.Check(GeneralTable, Result.GeneralAndStatus, engine, GeneralBefore);

    private static readonly Before[] MovesBefore =
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

    private const string MovesTable = """
        4e20b820 abs v0.16b, v1.16b                       = 1234567775533110224466876543210 7f010101010101018000000000000000
        0e60b840 abs v0.4h, v2.4h                         = 80007fff010010e4 7f7f7f7f7f807f80
        4ee0b820 abs v0.2d, v1.2d                         = 123456789abcdef0123456789abcdf0 7fffffffffffffff8000000000000000
        5ee0b820 abs d0, d1                               = 123456789abcdf0 8000000000000000
        6e20b820 neg v0.16b, v1.16b                       = ffddbb9977553311022446688aaccef0 81010101010101018000000000000000
        2e60b840 neg v0.4h, v2.4h                         = 800080010100ef1c 808180817f807f80
        6ee0b820 neg v0.2d, v1.2d                         = fedcba98765432110123456789abcdf0 80000000000000018000000000000000
        7ee0b820 neg d0, d1                               = 123456789abcdf0 8000000000000000
        4e207820 sqabs v0.16b, v1.16b                     = 1234567775533110224466876543210 7f010101010101017f00000000000000/8000000
        0e607840 sqabs v0.4h, v2.4h                       = 7fff7fff010010e4/8000000 7f7f7f7f7f807f80
        4ee07820 sqabs v0.2d, v1.2d                       = 123456789abcdef0123456789abcdf0 7fffffffffffffff7fffffffffffffff/8000000
        5ee07820 sqabs d0, d1                             = 123456789abcdf0 7fffffffffffffff/8000000
        6e207820 sqneg v0.16b, v1.16b                     = ffddbb9977553311022446688aaccef0 81010101010101017f00000000000000/8000000
        2e607840 sqneg v0.4h, v2.4h                       = 7fff80010100ef1c/8000000 808180817f807f80
        6ee07820 sqneg v0.2d, v1.2d                       = fedcba98765432110123456789abcdf0 80000000000000017fffffffffffffff/8000000
        7ee07820 sqneg d0, d1                             = 123456789abcdf0 7fffffffffffffff/8000000
        4e208820 cmgt v0.16b, v1.16b, #0                  = ffffffff0000000000000000ffffffff ff000000000000000000000000000000
        0e608840 cmgt v0.4h, v2.4h, #0                    = ffff0000ffff ffffffff00000000
        4ee08820 cmgt v0.2d, v1.2d, #0                    = ffffffffffffffff0000000000000000 ffffffffffffffff0000000000000000
        5ee08820 cmgt d0, d1, #0                          = 0 0
        6e208820 cmge v0.16b, v1.16b, #0                  = ffffffff0000000000000000ffffffff ff0000000000000000ffffffffffffff
        2e608840 cmge v0.4h, v2.4h, #0                    = ffff0000ffff ffffffff00000000
        6ee08820 cmge v0.2d, v1.2d, #0                    = ffffffffffffffff0000000000000000 ffffffffffffffff0000000000000000
        7ee08820 cmge d0, d1, #0                          = 0 0
        6e209820 cmle v0.16b, v1.16b, #0                  = ffffffffffffffff00000000 ffffffffffffffffffffffffffffff
        2e609840 cmle v0.4h, v2.4h, #0                    = ffff0000ffff0000 ffffffff
        6ee09820 cmle v0.2d, v1.2d, #0                    = ffffffffffffffff ffffffffffffffff
        7ee09820 cmle d0, d1, #0                          = ffffffffffffffff ffffffffffffffff
        4e20a820 cmlt v0.16b, v1.16b, #0                  = ffffffffffffffff00000000 ffffffffffffffff00000000000000
        0e60a840 cmlt v0.4h, v2.4h, #0                    = ffff0000ffff0000 ffffffff
        4ee0a820 cmlt v0.2d, v1.2d, #0                    = ffffffffffffffff ffffffffffffffff
        5ee0a820 cmlt d0, d1, #0                          = ffffffffffffffff ffffffffffffffff
        4e209820 cmeq v0.16b, v1.16b, #0                  = 0 ffffffffffffff
        0e609840 cmeq v0.4h, v2.4h, #0                    = 0 0
        4ee09820 cmeq v0.2d, v1.2d, #0                    = 0 0
        5ee09820 cmeq d0, d1, #0                          = 0 0
        5e207840 sqabs b0, b2                             = 1c 7f/8000000
        7ea07840 sqneg s0, s2                             = ffef1c 7f7f7f80
        5e607820 sqabs h0, h1                             = 3210 0
        4e203820 suqadd v0.16b, v1.16b                    = 134677f7f7f7f7f7f7564534231200f/8000000 7e7f7f7f7f7f7f7f7f00000000000001/8000000
        4ea03840 suqadd v0.4s, v2.4s = 120025317fffffff089a2aba7fffffff/8000000 7fffffff7fffffff7f7f7f7f7fffffff/8000000
        5ee03820 suqadd d0, d1                            = 7fffffffffffffff/8000000 7fffffffffffffff/8000000
        5e203840 suqadd b0, b2                            = 7f/8000000 7f/8000000
        6e203820 usqadd v0.16b, v1.16b                    = 134679a0000336686756453ffffffff/8000000 fffefefefefefefe0000000000000001/8000000
        6ea03840 usqadd v0.4s, v2.4s                      = 12002531c3d56876089a2abacbddffe3 7ffffffffffffffe7f7f7f7f00000000/8000000
        7ee03820 usqadd d0, d1                            = 877665544332210f 0/8000000
        7e203840 usqadd b0, b2                            = e3 0/8000000
        4e204860 cls v0.16b, v3.16b                       = 7030201050300040102000700070706 7070707070707070707070706060606
        0e604860 cls v0.4h, v3.4h                         = 100000000000e 7000700060006
        4ea04860 cls v0.4s, v3.4s                         = b000000050000000100000000 1f000000170000000700000006
        6e204860 clz v0.16b, v3.16b                       = 8040302060001050003010000080807 8080808080808000800080007070707
        2e604860 clz v0.4h, v3.4h                         = 10000000f 8000800070007
        6ea04860 clz v0.4s, v3.4s                         = c000000060000000000000000 20000000180000000800000007
        4e205820 cnt v0.16b, v1.16b                       = 1030305030505070705050305030301 7080808080808080100000000000000
        0e205840 cnt v0.8b, v2.8b                         = 100070808000104 707070701010101
        6e205820 mvn v0.16b, v1.16b                       = fedcba98765432100123456789abcdef 80000000000000007fffffffffffffff
        2e605820 rbit v0.8b, v1.8b                        = 7f3b5d196e2a4c08 100000000000000
        6e605840 rbit v0.16b, v2.16b                      = 88f7407ffe0180ff0100feffff000827 1000000fffffffffefefefe01010101
        4e201820 rev16 v0.16b, v1.16b                     = 23016745ab89efcddcfe98ba54761032 ff7fffffffffffff0080000000000000
        6e600820 rev32 v0.8h, v1.8h                       = 45670123cdef89abba98fedc32107654 ffff7fffffffffff0000800000000000
        2e200820 rev32 v0.8b, v1.8b                       = 98badcfe10325476 8000000000
        4ea00820 rev64 v0.4s, v1.4s                       = 89abcdef0123456776543210fedcba98 ffffffff7fffffff0000000080000000
        0e200820 rev64 v0.8b, v1.8b                       = 1032547698badcfe 80
        4e600840 rev64 v0.8h, v2.8h                       = 1ff7f8002fe11ef10e4ff007fff8000 ffffffff00008000808080807f7f7f7f
        4e202820 saddlp v0.8h, v1.16b                     = 2400acff34ffbcffdaff5200ca0042 7efffefffefffeff80000000000000
        0ea02840 saddlp v0.1d, v2.2s                      = ffffffff7f0090e3 ffffffffffffffff
        0e602840 saddlp v0.2s, v2.4h                      = ffffffff00000fe4 fefeffff0100
        6e202820 uaddlp v0.8h, v1.16b                     = 2400ac013401bc01da015200ca0042 17e01fe01fe01fe0080000000000000
        2ea02840 uaddlp v0.1d, v2.2s                      = 17f0090e3 ffffffff
        2e602840 uaddlp v0.2s, v2.4h                      = ffff00010fe4 fefe00010100
        4e206820 sadalp v0.8h, v1.16b                     = 3522df438966338873aa0dcda7ef41 7dfffdfffdfffdff80000000000001
        0ea06840 sadalp v0.1d, v2.2s                      = 8899aabb4bde7fe2 0
        0e606840 sadalp v0.2s, v2.4h                      = 8899aabaccddfee3 fefeffff0101
        6e206820 uadalp v0.8h, v1.16b                     = 3522df458968338a73ac0dcda7ef41 17d01fd01fd01fd0080000000000001
        2ea06840 uadalp v0.1d, v2.2s                      = 8899aabd4bde7fe2 100000000
        2e606840 uadalp v0.2s, v2.4h                      = 889aaabaccdefee3 fefe00010101
        0e212820 xtn v0.8b, v1.8h                         = 2367abefdc985410 ffffffff00000000
        4ea12840 xtn2 v0.4s, v2.2d                        = 7f8001ffff0010e48899aabbccddeeff ffffffff808080800000000000000001
        0e612840 xtn v0.4h, v2.4s                         = 2fe01ff7fff10e4 ffff7f7f8080
        0e214820 sqxtn v0.8b, v1.8h                       = 7f7f808080807f7f/8000000 7fffffff80000000/8000000
        4ea14840 sqxtn2 v0.4s, v2.2d = 7fffffff800000008899aabbccddeeff/8000000 800000007fffffff0000000000000001/8000000
        0e614840 sqxtn v0.4h, v2.4s                       = 7fff7fff80008000/8000000 8000ffff7fff8000/8000000
        2e214820 uqxtn v0.8b, v1.8h                       = ffffffffffffffff/8000000 ffffffffff000000/8000000
        6ea14840 uqxtn2 v0.4s, v2.2d = ffffffffffffffff8899aabbccddeeff/8000000 ffffffffffffffff0000000000000001/8000000
        2e614840 uqxtn v0.4h, v2.4s                       = ffffffffffffffff/8000000 ffffffffffffffff/8000000
        2e212820 sqxtun v0.8b, v1.8h                      = ffff00000000ffff/8000000 ff00000000000000/8000000
        6ea12840 sqxtun2 v0.4s, v2.2d                     = ffffffff000000008899aabbccddeeff/8000000 ffffffff0000000000000001/8000000
        2e612840 sqxtun v0.4h, v2.4s                      = ffffffff00000000/8000000 ffff0000/8000000
        5e214840 sqxtn b0, h2                             = 7f/8000000 80/8000000
        5ea14820 sqxtn s0, d1                             = 80000000/8000000 80000000/8000000
        7e214840 uqxtn b0, h2                             = ff/8000000 ff/8000000
        7ea14820 uqxtn s0, d1                             = ffffffff/8000000 ffffffff/8000000
        7e212840 sqxtun b0, h2                            = ff/8000000 0/8000000
        7ea12820 sqxtun s0, d1                            = 0/8000000 0/8000000
        4e31b820 addv b0, v1.16b                          = f8 f8
        0e71b820 addv h0, v1.4h                           = 61d8 8000
        4eb1b840 addv s0, v2.4s                           = 106f95e0 7ffffffe
        4e30a820 smaxv b0, v1.16b                         = 76 7f
        0e70a820 smaxv h0, v1.4h                          = 7654 0
        4eb0a840 smaxv s0, v2.4s                          = 7f8001ff 7f7f7f7f
        4e31a820 sminv b0, v1.16b                         = 89 80
        0e71a820 sminv h0, v1.4h                          = ba98 8000
        4eb1a840 sminv s0, v2.4s                          = 80007fff 80000000
        6e30a820 umaxv b0, v1.16b                         = fe ff
        2e70a820 umaxv h0, v1.4h                          = fedc 8000
        6eb0a840 umaxv s0, v2.4s                          = ff0010e4 ffffffff
        6e31a820 uminv b0, v1.16b                         = 1 0
        2e71a820 uminv h0, v1.4h                          = 3210 0
        6eb1a840 uminv s0, v2.4s                          = 11ef02fe 7f7f7f7f
        4e303820 saddlv h0, v1.16b                        = fff8 fff8
        4e703840 saddlv s0, v2.8h                         = a64f ffff7ffc
        4eb03840 saddlv d0, v2.4s                         = 106f95e0 ffffffff7ffffffe
        6e303820 uaddlv h0, v1.16b                        = 7f8 7f8
        6e703840 uaddlv s0, v2.8h                         = 2a64f 47ffc
        6eb03840 uaddlv d0, v2.4s                         = 2106f95e0 27ffffffe
        5ef1b820 addp d0, v1.2d                           = ffffffffffffffff ffffffffffffffff
        4e023820 zip1 v0.16b, v1.16b, v2.16b              = 80fe00dc7fbaff98ff7600541032e410 7f807f007f007f008000800080008000
        0e423820 zip1 v0.4h, v1.4h, v2.4h                 = ff00765410e43210 8080000080800000
        4e823820 zip1 v0.4s, v1.4s, v2.4s                 = 80007ffffedcba98ff0010e476543210 7f7f7f7f800000008080808000000000
        4ec23820 zip1 v0.2d, v1.2d, v2.2d                 = 80007fffff0010e4fedcba9876543210 7f7f7f7f808080808000000000000000
        4e027820 zip2 v0.16b, v1.16b, v2.16b              = 1101ef230245fe677f8980ab01cdffef 807f00ff00ff00ffffffffffffffffff
        0e427820 zip2 v0.4h, v1.4h, v2.4h                 = 8000fedc7fffba98 7f7f80007f7f0000
        4e827820 zip2 v0.4s, v1.4s, v2.4s                 = 11ef02fe012345677f8001ff89abcdef 800000007fffffffffffffffffffffff
        4ec27820 zip2 v0.2d, v1.2d, v2.2d                 = 11ef02fe7f8001ff0123456789abcdef 80000000ffffffff7fffffffffffffff
        4e021820 uzp1 v0.16b, v1.16b, v2.16b              = effe80ff00ff00e42367abefdc985410 ffff7f7f8080ffffffff00000000
        0e421820 uzp1 v0.4h, v1.4h, v2.4h                 = 7fff10e4ba983210 7f7f808000000000
        4e821820 uzp1 v0.4s, v1.4s, v2.4s                 = 7f8001ffff0010e489abcdef76543210 ffffffff80808080ffffffff00000000
        4ec21820 uzp1 v0.2d, v1.2d, v2.2d                 = 80007fffff0010e4fedcba9876543210 7f7f7f7f808080808000000000000000
        4e025820 uzp2 v0.16b, v1.16b, v2.16b              = 11027f01807fff10014589cdfeba7632 8000ffff7f7f80807fffffff80000000
        0e425820 uzp2 v0.4h, v1.4h, v2.4h                 = 8000ff00fedc7654 7f7f808080000000
        4e825820 uzp2 v0.4s, v1.4s, v2.4s                 = 11ef02fe80007fff01234567fedcba98 800000007f7f7f7f7fffffff80000000
        4ec25820 uzp2 v0.2d, v1.2d, v2.2d                 = 11ef02fe7f8001ff0123456789abcdef 80000000ffffffff7fffffffffffffff
        4e022820 trn1 v0.16b, v1.16b, v2.16b              = ef23fe6780abffef00dcff980054e410 ff00ffffffffff7f007f0080008000
        0e422820 trn1 v0.4h, v1.4h, v2.4h                 = 7fffba9810e43210 7f7f000080800000
        4e822820 trn1 v0.4s, v1.4s, v2.4s                 = 7f8001ff89abcdefff0010e476543210 ffffffffffffffff8080808000000000
        4ec22820 trn1 v0.2d, v1.2d, v2.2d                 = 80007fffff0010e4fedcba9876543210 7f7f7f7f808080808000000000000000
        4e026820 trn2 v0.16b, v1.16b, v2.16b              = 110102457f8901cd80fe7fbaff761032 807f00ffffffffff7f807f0080008000
        0e426820 trn2 v0.4h, v1.4h, v2.4h                 = 8000fedcff007654 7f7f800080800000
        4e826820 trn2 v0.4s, v1.4s, v2.4s                 = 11ef02fe0123456780007ffffedcba98 800000007fffffff7f7f7f7f80000000
        4ec26820 trn2 v0.2d, v1.2d, v2.2d                 = 11ef02fe7f8001ff0123456789abcdef 80000000ffffffff7fffffffffffffff
        6e027820 ext v0.16b, v1.16b, v2.16b, #15          = ef02fe7f8001ff80007fffff0010e401 ffffffff7f7f7f7f808080807f
        6e020020 ext v0.16b, v1.16b, v2.16b, #0           = 123456789abcdeffedcba9876543210 7fffffffffffffff8000000000000000
        2e021820 ext v0.8b, v1.8b, v2.8b, #3              = 10e4fedcba9876 8080808000000000
        4e030020 tbl v0.16b, {v1.16b}, v3.16b             = 10010000760000980000000000101032 0
        4e032020 tbl v0.16b, {v1.16b, v2.16b}, v3.16b     = 1001ef00760000980002000000101032 0
        0e036020 tbl v0.8b, {v1.16b, v2.16b, v3.16b, v4.16b}, v3.8b = 2000000101032 0
        4e034000 tbl v0.16b, {v0.16b, v1.16b, v2.16b}, v3.16b = ff002302cc0000bb0045000000ffffee 1010101010101000100010000000000
        4e031020 tbx v0.16b, {v1.16b}, v3.16b             = 10012233765566988899aabbcc101032 ff0000000000000000
        4e033020 tbx v0.16b, {v1.16b, v2.16b}, v3.16b     = 1001ef33765566988802aabbcc101032 ff0000000000000000
        0e037020 tbx v0.8b, {v1.16b, v2.16b, v3.16b, v4.16b}, v3.8b = 8802aabbcc101032 0
        4e035000 tbx v0.16b, {v0.16b, v1.16b, v2.16b}, v3.16b = ff002302cc5566bb8845aabbccffffee 1010101010101ff0100010000000000
        4e1f0420 dup v0.16b, v1.b[15]                     = 1010101010101010101010101010101 7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f
        0e1a0420 dup v0.4h, v1.h[6]                       = 4567456745674567 ffffffffffffffff
        4e180420 dup v0.2d, v1.d[1]                       = 123456789abcdef0123456789abcdef 7fffffffffffffff7fffffffffffffff
        5e130420 mov b0, v1.b[9]                          = cd ff
        5e180420 mov d0, v1.d[1]                          = 123456789abcdef 7fffffffffffffff
        0e010c20 dup v0.8b, w1                            = efefefefefefefef efefefefefefefef
        4e080c20 dup v0.2d, x1                            = 123456789abcdef0123456789abcdef 123456789abcdef0123456789abcdef
        4e071c20 mov v0.b[3], w1                          = 112233445566778899aabbefddeeff ffffffffffffffff00000000ef000001
        4e181c20 mov v0.d[1], x1                          = 123456789abcdef8899aabbccddeeff 123456789abcdef0000000000000001
        4e141c20 mov v0.s[2], w1                          = 11223389abcdef8899aabbccddeeff ffffffff89abcdef0000000000000001
        6e162420 mov v0.h[5], v1.h[2]                     = 112233ba9866778899aabbccddeeff ffffffff0000ffff0000000000000001
        6e084420 mov v0.d[0], v1.d[1]                     = 112233445566770123456789abcdef ffffffffffffffff7fffffffffffffff
        6e017c40 mov v0.b[0], v2.b[15]                    = 112233445566778899aabbccddee11 ffffffffffffffff0000000000000080
        0f05e4a0 movi v0.8b, #165                         = a5a5a5a5a5a5a5a5 a5a5a5a5a5a5a5a5
        4f0544a0 movi v0.4s, #165, lsl #16                = a5000000a5000000a5000000a50000 a5000000a5000000a5000000a50000
        4f05c4a0 movi v0.4s, #165, msl #8                 = a5ff0000a5ff0000a5ff0000a5ff a5ff0000a5ff0000a5ff0000a5ff
        0f05d4a0 movi v0.2s, #165, msl #16                = a5ffff00a5ffff a5ffff00a5ffff
        6f05a4a0 mvni v0.8h, #165, lsl #8                 = 5aff5aff5aff5aff5aff5aff5aff5aff 5aff5aff5aff5aff5aff5aff5aff5aff
        6f05d4a0 mvni v0.4s, #165, msl #16                = ff5a0000ff5a0000ff5a0000ff5a0000 ff5a0000ff5a0000ff5a0000ff5a0000
        2f05e4c0 movi d0, #0xff00ff0000ffff00             = ff00ff0000ffff00 ff00ff0000ffff00
        6f02e6a0 movi v0.2d, #0xff00ff00ff00ff            = ff00ff00ff00ff00ff00ff00ff00ff ff00ff00ff00ff00ff00ff00ff00ff
        4f007640 orr v0.4s, #18, lsl #24                  = 12112233565566779a99aabbdeddeeff ffffffffffffffff1200000012000001
        6f07b7e0 bic v0.8h, #255, lsl #8                  = 11003300550077009900bb00dd00ff ff00ff00ff00ff0000000000000001
        0f009420 orr v0.4h, #1                            = 8899aabbccddeeff 1000100010001
        4f07f700 fmov v0.4s, #-1.50000000                 = bfc00000bfc00000bfc00000bfc00000 bfc00000bfc00000bfc00000bfc00000
        6f02f400 fmov v0.2d, #0.12500000                  = 3fc00000000000003fc0000000000000 3fc00000000000003fc0000000000000
        0f01f7e0 fmov v0.2s, #31.00000000                 = 41f8000041f80000 41f8000041f80000
        4e284820 aese v0.16b, v1.16b                      = bd6e862038a78546f42362267cbbcadf 63636363cd63636363636363cd63637c
        4e285820 aesd v0.16b, v1.16b                      = c0680efd09f27ce280a193320f0c0a61 525252523a525252525252523a525209
        4e286820 aesmc v0.16b, v1.16b                     = cd67892345ef01ab329876dcba10fe54 e4647f7fffffffff1b9b808000000000
        4e287820 aesimc v0.16b, v1.16b                    = c66c82284ee40aa039937dd7b11bf55f be082513ffffffff41f7daec00000000
        9e670020 fmov d0, x1                              = 123456789abcdef 123456789abcdef
        1e270020 fmov s0, w1                              = 89abcdef 89abcdef
        9eaf0020 fmov v0.d[1], x1                         = 123456789abcdef8899aabbccddeeff 123456789abcdef0000000000000001
        """;

    private static readonly Before[] GeneralBefore =
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

    private const string GeneralTable = """
        0e133c20 umov w0, v1.b[9] = cd ff
        0e1e3c20 umov w0, v1.h[7] = 123 7fff
        0e1c3c20 mov w0, v1.s[3]  = 1234567 7fffffff
        4e183c20 mov x0, v1.d[1]  = 123456789abcdef 7fffffffffffffff
        0e112c40 smov w0, v2.b[8] = ffffffff ffffffff
        4e162c40 smov x0, v2.h[5] = 7f80 ffffffffffffffff
        4e1c2c40 smov x0, v2.s[3] = 11ef02fe ffffffff80000000
        9e660020 fmov x0, d1      = fedcba9876543210 8000000000000000
        1e260040 fmov w0, s2      = ff0010e4 80808080
        9eae0020 fmov x0, v1.d[1] = 123456789abcdef 7fffffffffffffff
        """;
}
