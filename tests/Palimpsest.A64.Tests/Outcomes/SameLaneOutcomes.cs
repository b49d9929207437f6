namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Three vectors of the same lanes: V0 and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class SameLaneOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Lanes(Engine engine) =>
        OutcomeTable.Check(LanesTable, Result.Vector, engine, LanesBefore);

    private static readonly Before[] LanesBefore =
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

    private const string LanesTable = """
        4e228420 add v0.16b, v1.16b, v2.16b     = 12124765082bceee7edc3997755442f4 fffffffffefefefeff7f7f7f80808080
        0e628420 add v0.4h, v1.4h, v2.4h        = 7edc3a97755442f4 ff7f7f7f80808080
        4ea28420 add v0.4s, v1.4s, v2.4s        = 13124865092bcfee7edd3a97755442f4 fffffffffffffffeff7f7f7f80808080
        4ee28420 add v0.2d, v1.2d, v2.2d        = 13124866092bcfee7edd3a98755442f4 fffffffeff7f7f7f80808080
        6e228420 sub v0.16b, v1.16b, v2.16b     = f03443690a2bccf07edc3b997754222c ffffffff000000000181818180808080
        2e628420 sub v0.4h, v1.4h, v2.4h        = 7edc3a997754212c 8180817f807f80
        6ea28420 sub v0.4s, v1.4s, v2.4s        = ef3442690a2bcbf07edc3a997754212c ffffffff00000000008080817f7f7f80
        6ee28420 sub v0.2d, v1.2d, v2.2d        = ef3442690a2bcbf07edc3a987754212c ffffffff00000000008080807f7f7f80
        6e228c20 cmeq v0.16b, v1.16b, v2.16b    = 0 ffffffff0000000000000000
        2e628c20 cmeq v0.4h, v1.4h, v2.4h       = 0 0
        6ea28c20 cmeq v0.4s, v1.4s, v2.4s       = 0 ffffffff0000000000000000
        6ee28c20 cmeq v0.2d, v1.2d, v2.2d       = 0 0
        4e223420 cmgt v0.16b, v1.16b, v2.16b    = ffffff00ff0000ff000000ffffffff ff0000000000000000000000ffffffff
        0e623420 cmgt v0.4h, v1.4h, v2.4h       = ffff0000ffffffff ffffffff
        4ea23420 cmgt v0.4s, v1.4s, v2.4s       = ffffffffffffffff ffffffff0000000000000000ffffffff
        4ee23420 cmgt v0.2d, v1.2d, v2.2d       = ffffffffffffffff ffffffffffffffff0000000000000000
        4e223c20 cmge v0.16b, v1.16b, v2.16b    = ffffff00ff0000ff000000ffffffff ff000000ffffffff00000000ffffffff
        0e623c20 cmge v0.4h, v1.4h, v2.4h       = ffff0000ffffffff ffffffff
        4ea23c20 cmge v0.4s, v1.4s, v2.4s       = ffffffffffffffff ffffffffffffffff00000000ffffffff
        4ee23c20 cmge v0.2d, v1.2d, v2.2d       = ffffffffffffffff ffffffffffffffff0000000000000000
        6e223420 cmhi v0.16b, v1.16b, v2.16b    = ff00ffffff00ffffff0000ffff00 ffffff00000000ff00000000000000
        2e623420 cmhi v0.4h, v1.4h, v2.4h       = ffffffff0000ffff ffff000000000000
        6ea23420 cmhi v0.4s, v1.4s, v2.4s       = ffffffffffffffff00000000 ffffffff00000000
        6ee23420 cmhi v0.2d, v1.2d, v2.2d       = ffffffffffffffff ffffffffffffffff
        6e223c20 cmhs v0.16b, v1.16b, v2.16b    = ff00ffffff00ffffff0000ffff00 ffffffffffffffff00000000000000
        2e623c20 cmhs v0.4h, v1.4h, v2.4h       = ffffffff0000ffff ffff000000000000
        6ea23c20 cmhs v0.4s, v1.4s, v2.4s       = ffffffffffffffff00000000 ffffffffffffffff00000000
        6ee23c20 cmhs v0.2d, v1.2d, v2.2d       = ffffffffffffffff ffffffffffffffff
        4e228c20 cmtst v0.16b, v1.16b, v2.16b   = ffff00ffffffffffff00ffffff00ff00 ffffffff0000000000000000
        0e628c20 cmtst v0.4h, v1.4h, v2.4h      = ffffffffffffffff 0
        4ea28c20 cmtst v0.4s, v1.4s, v2.4s      = ffffffffffffffffffffffffffffffff ffffffff0000000000000000
        4ee28c20 cmtst v0.2d, v1.2d, v2.2d      = ffffffffffffffffffffffffffffffff ffffffffffffffff0000000000000000
        4e22bc20 addp v0.16b, v1.16b, v2.16b    = ff00807efff424ac34bcda52ca42 8000fefefefe00007efefefe80000000
        0e62bc20 addp v0.4h, v1.4h, v2.4h       = ffff0fe4b974a864 fefe010080000000
        4ea2bc20 addp v0.4s, v1.4s, v2.4s       = 916f04fd7f0090e38acf13567530eca8 7fffffffffffffff7ffffffe80000000
        4ee2bc20 addp v0.2d, v1.2d, v2.2d       = 91ef82fe7e8012e3ffffffffffffffff ff7f7f808080807fffffffffffffffff
        0e220c20 sqadd v0.8b, v1.8b, v2.8b      = 80dc3997755442f4/8000000 ff7f7f7f80808080
        4e620c20 sqadd v0.8h, v1.8h, v2.8h      = 13124865092bcfee80003a97755442f4/8000000 fffffffffffefffeff7f7f7f80808080
        0ea20c20 sqadd v0.2s, v1.2s, v2.2s      = 80000000755442f4/8000000 ff7f7f7f80808080
        4ee20c20 sqadd v0.2d, v1.2d, v2.2d      = 13124866092bcfee8000000000000000/8000000 fffffffeff7f7f7f80808080
        5e220c20 sqadd b0, b1, b2               = f4 80
        5e620c20 sqadd h0, h1, h2               = 42f4 8080
        5ea20c20 sqadd s0, s1, s2               = 755442f4 80808080
        5ee20c20 sqadd d0, d1, d2               = 8000000000000000/8000000 ff7f7f7f80808080
        2e220c20 uqadd v0.8b, v1.8b, v2.8b      = ffdcffffff5442f4/8000000 ff7f7f7f80808080
        6e620c20 uqadd v0.8h, v1.8h, v2.8h      = 13124865ffffcfeeffffffffffff42f4/8000000 ffffffffffffffffff7f7f7f80808080/8000000
        2ea20c20 uqadd v0.2s, v1.2s, v2.2s      = ffffffffffffffff/8000000 ff7f7f7f80808080
        6ee20c20 uqadd v0.2d, v1.2d, v2.2d      = 13124866092bcfeeffffffffffffffff/8000000 ffffffffffffffffff7f7f7f80808080/8000000
        7e220c20 uqadd b0, b1, b2               = f4 80
        7e620c20 uqadd h0, h1, h2               = 42f4 8080
        7ea20c20 uqadd s0, s1, s2               = ffffffff/8000000 80808080
        7ee20c20 uqadd d0, d1, d2               = ffffffffffffffff/8000000 ff7f7f7f80808080
        0e222c20 sqsub v0.8b, v1.8b, v2.8b      = 7edc80997754222c/8000000 808181817f7f7f7f/8000000
        4e622c20 sqsub v0.8h, v1.8h, v2.8h      = ef3442698000cbf07edc80007754212c/8000000 7fffffff00000000800080817f807f80/8000000
        0ea22c20 sqsub v0.2s, v1.2s, v2.2s      = 7edc3a997754212c 800000007f7f7f80/8000000
        4ee22c20 sqsub v0.2d, v1.2d, v2.2d      = ef3442690a2bcbf07edc3a987754212c 7fffffffffffffff8000000000000000/8000000
        5e222c20 sqsub b0, b1, b2               = 2c 7f/8000000
        5e622c20 sqsub h0, h1, h2               = 212c 7f80
        5ea22c20 sqsub s0, s1, s2               = 7754212c 7f7f7f80
        5ee22c20 sqsub d0, d1, d2               = 7edc3a987754212c 8000000000000000/8000000
        2e222c20 uqsub v0.8b, v1.8b, v2.8b      = 7edc3b0000542200/8000000 100000000000000/8000000
        6e622c20 uqsub v0.8h, v1.8h, v2.8h      = 42690a2bcbf07edc3a990000212c/8000000 ffff000000000081000000000000/8000000
        2ea22c20 uqsub v0.2s, v1.2s, v2.2s      = 7edc3a9900000000/8000000 80808100000000/8000000
        6ee22c20 uqsub v0.2d, v1.2d, v2.2d      = 7edc3a987754212c/8000000 8080807f7f7f80/8000000
        7e222c20 uqsub b0, b1, b2               = 0/8000000 0/8000000
        7e622c20 uqsub h0, h1, h2               = 212c 0/8000000
        7ea22c20 uqsub s0, s1, s2               = 0/8000000 0/8000000
        7ee22c20 uqsub d0, d1, d2               = 7edc3a987754212c 8080807f7f7f80
        4e224420 sshl v0.16b, v1.16b, v2.16b    = 141900ff9af7ffdc00cc3b540000 ffffffffffffff0000000000000000
        0e624420 sshl v0.4h, v1.4h, v2.4h       = fedcdd4c76540000 0
        4ea24420 sshl v0.4s, v1.4s, v2.4s       = 48d159c4d5e6f7ff6e5d4c00000007 7fffffffffffffff0000000000000000
        4ee24420 sshl v0.2d, v1.2d, v2.2d       = 91a2b3c4d5e6f7ffffffffedcba987 3fffffffffffffffffffffffffffffff
        5ee24420 sshl d0, d1, d2                = ffffffffedcba987 ffffffffffffffff
        0e634440 sshl v0.4h, v2.4h, v3.4h       = 3fffff0021c8 3fbf3fbf01000100
        6e224420 ushl v0.16b, v1.16b, v2.16b    = 141900009a7700dc004c3b540000 ffffff7f7f7f7f0000000000000000
        2e624420 ushl v0.4h, v1.4h, v2.4h       = fedc5d4c76540000 0
        6ea24420 ushl v0.4s, v1.4s, v2.4s       = 48d15944d5e6f77f6e5d4c00000007 7fffffff7fffffff0000000000000000
        6ee24420 ushl v0.2d, v1.2d, v2.2d       = 91a2b3c4d5e6f70000000fedcba987 3fffffffffffffff0000000000000000
        7ee24420 ushl d0, d1, d2                = fedcba987 0
        2e634440 ushl v0.4h, v2.4h, v3.4h       = 3fffff0021c8 3fbf3fbf01000100
        4e225420 srshl v0.16b, v1.16b, v2.16b   = 141a00009af800dc00cc3b540000 ffffff000000000000000000000000
        0e625420 srshl v0.4h, v1.4h, v2.4h      = fedcdd4c76540000 0
        4ea25420 srshl v0.4s, v1.4s, v2.4s      = 48d15ac4d5e6f8ff6e5d4c00000007 7fffffff000000000000000000000000
        4ee25420 srshl v0.2d, v1.2d, v2.2d      = 91a2b3c4d5e6f8ffffffffedcba987 40000000000000000000000000000000
        5ee25420 srshl d0, d1, d2               = ffffffffedcba987 0
        0e635440 srshl v0.4h, v2.4h, v3.4h      = 4000ff0021c8 3fc03fc001000100
        6e225420 urshl v0.16b, v1.16b, v2.16b   = 141a00009a7800dc004c3b540000 ffffff808080800000000000000000
        2e625420 urshl v0.4h, v1.4h, v2.4h      = fedc5d4c76540000 0
        6ea25420 urshl v0.4s, v1.4s, v2.4s      = 48d15a44d5e6f87f6e5d4c00000007 7fffffff800000000000000000000000
        6ee25420 urshl v0.2d, v1.2d, v2.2d      = 91a2b3c4d5e6f80000000fedcba987 40000000000000000000000000000000
        7ee25420 urshl d0, d1, d2               = fedcba987 0
        2e635440 urshl v0.4h, v2.4h, v3.4h      = 4000ff0021c8 3fc03fc001000100
        4e224c20 sqshl v0.16b, v1.16b, v2.16b   = 7f007f1980ff9af7ffdc80cc3b547f00/8000000 ffffffffffffff8000000000000000/8000000
        0e624c20 sqshl v0.4h, v1.4h, v2.4h      = fedcdd4c76540000 8000000000000000/8000000
        4ea24c20 sqshl v0.4s, v1.4s, v2.4s      = 48d159c4d5e6f7ff6e5d4c00000007 7fffffffffffffff8000000000000000/8000000
        4ee24c20 sqshl v0.2d, v1.2d, v2.2d      = 91a2b3c4d5e6f7ffffffffedcba987 3fffffffffffffffffffffffffffffff
        5ee24c20 sqshl d0, d1, d2               = ffffffffedcba987 ffffffffffffffff
        0e634c40 sqshl v0.4h, v2.4h, v3.4h      = 80003fffff0021c8/8000000 3fbf3fbf80008000/8000000
        6e224c20 uqshl v0.16b, v1.16b, v2.16b   = ff00ff19ff00ff7700dcff4c3b54ff00/8000000 ffffff7f7f7f7fff00000000000000/8000000
        2e624c20 uqshl v0.4h, v1.4h, v2.4h      = fedc5d4c76540000 ffff000000000000/8000000
        6ea24c20 uqshl v0.4s, v1.4s, v2.4s      = 48d15944d5e6f77f6e5d4c00000007 7fffffff7fffffffffffffff00000000/8000000
        6ee24c20 uqshl v0.2d, v1.2d, v2.2d      = 91a2b3c4d5e6f70000000fedcba987 3fffffffffffffff0000000000000000
        7ee24c20 uqshl d0, d1, d2               = fedcba987 0
        2e634c40 uqshl v0.4h, v2.4h, v3.4h      = ffff3fffff0021c8/8000000 3fbf3fbfffffffff/8000000
        4e225c20 sqrshl v0.16b, v1.16b, v2.16b  = 7f007f1a80009af800dc80cc3b547f00/8000000 ffffff000000008000000000000000/8000000
        0e625c20 sqrshl v0.4h, v1.4h, v2.4h     = fedcdd4c76540000 8000000000000000/8000000
        4ea25c20 sqrshl v0.4s, v1.4s, v2.4s     = 48d15ac4d5e6f8ff6e5d4c00000007 7fffffff000000008000000000000000/8000000
        4ee25c20 sqrshl v0.2d, v1.2d, v2.2d     = 91a2b3c4d5e6f8ffffffffedcba987 40000000000000000000000000000000
        5ee25c20 sqrshl d0, d1, d2              = ffffffffedcba987 0
        0e635c40 sqrshl v0.4h, v2.4h, v3.4h     = 80004000ff0021c8/8000000 3fc03fc080008000/8000000
        6e225c20 uqrshl v0.16b, v1.16b, v2.16b  = ff00ff1aff00ff7800dcff4c3b54ff00/8000000 ffffff80808080ff00000000000000/8000000
        2e625c20 uqrshl v0.4h, v1.4h, v2.4h     = fedc5d4c76540000 ffff000000000000/8000000
        6ea25c20 uqrshl v0.4s, v1.4s, v2.4s     = 48d15a44d5e6f87f6e5d4c00000007 7fffffff80000000ffffffff00000000/8000000
        6ee25c20 uqrshl v0.2d, v1.2d, v2.2d     = 91a2b3c4d5e6f80000000fedcba987 40000000000000000000000000000000
        7ee25c20 uqrshl d0, d1, d2              = fedcba987 0
        2e635c40 uqrshl v0.4h, v2.4h, v3.4h     = ffff4000ff0021c8/8000000 3fc03fc0ffffffff/8000000
        5e234c20 sqshl b0, b1, b3               = 20 0
        5e634c20 sqshl h0, h1, h3               = 6420 0
        5ea34c20 sqshl s0, s1, s3               = 7fffffff/8000000 0
        7e235c20 uqrshl b0, b1, b3              = 20 0
        7e635c20 uqrshl h0, h1, h3              = 6420 0
        7ea35c20 uqrshl s0, s1, s3              = eca86420 0
        0e220420 shadd v0.8b, v1.8b, v2.8b      = bfee1ccb3a2a21fa ff3f3f3fc0c0c0c0
        4e620420 shadd v0.8h, v1.8h, v2.8h      = 98924320495e7f7bf6e1d4b3aaa217a ffffffffffffffffffbf3fbfc040c040
        4ea20420 shadd v0.4s, v1.4s, v2.4s      = 98924320495e7f7bf6e9d4b3aaa217a ffffffffffffffffffbfbfbfc0404040
        2e220420 uhadd v0.8b, v1.8b, v2.8b      = bf6e9ccbba2a217a 7f3f3f3f40404040
        6e620420 uhadd v0.8h, v1.8h, v2.8h      = 9892432849567f7bf6e9d4bbaaa217a 7fff7fffffffffff7fbf3fbf40404040
        6ea20420 uhadd v0.4s, v1.4s, v2.4s      = 98924328495e7f7bf6e9d4bbaaa217a 7fffffffffffffff7fbfbfbf40404040
        0e221420 srhadd v0.8b, v1.8b, v2.8b     = bfee1dcc3b2a21fa 404040c0c0c0c0
        4e621420 srhadd v0.8h, v1.8h, v2.8h     = 98924330496e7f7bf6e1d4c3aaa217a ffffffffffc03fc0c040c040
        4ea21420 srhadd v0.4s, v1.4s, v2.4s     = 98924330495e7f7bf6e9d4c3aaa217a ffffffffffbfbfc0c0404040
        2e221420 urhadd v0.8b, v1.8b, v2.8b     = bf6e9dccbb2a217a 8040404040404040
        6e621420 urhadd v0.8h, v1.8h, v2.8h     = 9892433849667f7bf6e9d4cbaaa217a 80008000ffffffff7fc03fc040404040
        6ea21420 urhadd v0.4s, v1.4s, v2.4s     = 98924338495e7f7bf6e9d4cbaaa217a 80000000ffffffff7fbfbfc040404040
        0e222420 shsub v0.8b, v1.8b, v2.8b      = 3fee9dcc3b2a1116 80c0c0c040404040
        4e622420 shsub v0.8h, v1.8h, v2.8h      = f79a21348515e5f83f6e9d4c3baa1096 7fffffff000000008040c0403fc03fc0
        4ea22420 shsub v0.4s, v1.4s, v2.4s      = f79a21348515e5f83f6e1d4c3baa1096 7fffffff00000000804040403fbfbfc0
        2e222420 uhsub v0.8b, v1.8b, v2.8b      = 3f6e1dccbb2a1196 c0c0c0c0c0c0c0
        6e622420 uhsub v0.8h, v1.8h, v2.8h      = f79a2134051565f83f6e1d4cbbaa1096 ffff7fff000000000040c040bfc0bfc0
        6ea22420 uhsub v0.4s, v1.4s, v2.4s      = f79a21340515e5f83f6e1d4cbbaa1096 ffffffff0000000000404040bfbfbfc0
        0e226420 smax v0.8b, v1.8b, v2.8b       = fe007fff76543210 7f7f7f7f00000000
        4e626420 smax v0.8h, v1.8h, v2.8h       = 11ef45677f8001fffedc7fff76543210 7fff0000ffffffff7f7f7f7f00000000
        4ea26420 smax v0.4s, v1.4s, v2.4s       = 11ef02fe7f8001fffedcba9876543210 7fffffffffffffff7f7f7f7f00000000
        2e226420 umax v0.8b, v1.8b, v2.8b       = fedcbaffff5432e4 807f7f7f80808080
        6e626420 umax v0.8h, v1.8h, v2.8h       = 11ef456789abcdeffedcba98ff003210 8000ffffffffffff80007f7f80808080
        6ea26420 umax v0.4s, v1.4s, v2.4s       = 11ef02fe89abcdeffedcba98ff0010e4 80000000ffffffff8000000080808080
        0e226c20 smin v0.8b, v1.8b, v2.8b       = 80dcba98ff0010e4 8000000080808080
        4e626c20 smin v0.8h, v1.8h, v2.8h       = 12302fe89abcdef8000ba98ff0010e4 8000ffffffffffff8000000080808080
        4ea26c20 smin v0.4s, v1.4s, v2.4s       = 123456789abcdef80007fffff0010e4 80000000ffffffff8000000080808080
        2e226c20 umin v0.8b, v1.8b, v2.8b       = 80007f9876001010 7f00000000000000
        6e626c20 umin v0.8h, v1.8h, v2.8h       = 12302fe7f8001ff80007fff765410e4 7fff0000ffffffff7f7f000000000000
        6ea26c20 umin v0.4s, v1.4s, v2.4s       = 12345677f8001ff80007fff76543210 7fffffffffffffff7f7f7f7f00000000
        0e227420 sabd v0.8b, v1.8b, v2.8b       = 7e24c5677754222c ff7f7f7f80808080
        4e627420 sabd v0.8h, v1.8h, v2.8h       = 10cc4269f5d534107edcc5677754212c ffff000100000000ff7f7f7f7f807f80
        4ea27420 sabd v0.4s, v1.4s, v2.4s       = 10cbbd97f5d434107edc3a997754212c ffffffff00000000ff7f7f7f7f7f7f80
        2e227420 uabd v0.8b, v1.8b, v2.8b       = 7edc3b67895422d4 17f7f7f80808080
        6e627420 uabd v0.8h, v1.8h, v2.8h       = 10cc42690a2bcbf07edc3a9988ac212c 1ffff0000000000817f7f80808080
        6ea27420 uabd v0.4s, v1.4s, v2.4s       = 10cbbd970a2bcbf07edc3a9988abded4 1000000000080808180808080
        0e227c20 saba v0.8b, v1.8b, v2.8b       = 6bd6f224331102b ff7f7f7f80808081
        4e627c20 saba v0.8h, v1.8h, v2.8h       = 10dd649c3a2a9a87077570224431102b fffe0000ffffffffff7f7f7f7f807f81
        4ea27c20 saba v0.4s, v1.4s, v2.4s       = 10dcdfca3a299a870775e5544432102b fffffffeffffffffff7f7f7f7f7f7f81
        2e227c20 uaba v0.8b, v1.8b, v2.8b       = 675e522553110d3 17f7f7f80808081
        6e627c20 uaba v0.8h, v1.8h, v2.8h       = 10dd649c4e8032670775e5545589102b fffeffffffff00817f7f80808081
        6ea27c20 uaba v0.4s, v1.4s, v2.4s       = 10dcdfca4e8132670775e5545589cdd3 ffffffff0080808180808081
        0e229c20 mul v0.8b, v1.8b, v2.8b        = 46688a002040 8000000000000000
        4e629c20 mul v0.8h, v1.8h, v2.8h        = 62adaa32aa80101100004568ac009640 80000000000100018000000000000000
        4ea29c20 mul v0.4s, v1.4s, v2.4s        = 9b2aa32567010115e6f4568961d9640 80000000000000018000000000000000
        0e229420 mla v0.8b, v1.8b, v2.8b        = 8899f02356dd0e3f 8000000000000001
        4e629420 mla v0.8h, v1.8h, v2.8h        = 62becc65eed576888899f02378dd853f 7fffffff000000008000000000000001
        4ea29420 mla v0.4s, v1.4s, v2.4s        = 9c3cc659ac57688e708f02362fb853f 7fffffff000000008000000000000001
        2e229420 mls v0.8b, v1.8b, v2.8b        = 8899645342ddcebf 8000000000000001
        6e629420 mls v0.8h, v1.8h, v2.8h        = 9d64780199d556668899655320dd58bf 7ffffffffffefffe8000000000000001
        6ea29420 mls v0.4s, v1.4s, v2.4s        = f65e7801ede556662a2a655336c058bf 7ffffffffffffffe8000000000000001
        0e22a420 smaxp v0.8b, v1.8b, v2.8b      = 7f0010feba7632 7f7f808000000000
        4e62a420 smaxp v0.8h, v1.8h, v2.8h      = 11ef7f807fff10e44567cdeffedc7654 ffff7f7f80807fffffff00000000
        4ea2a420 smaxp v0.4s, v1.4s, v2.4s      = 7f8001ffff0010e40123456776543210 ffffffff7f7f7f7f7fffffff00000000
        2e22a420 umaxp v0.8b, v1.8b, v2.8b      = 80ffffe4feba7632 7f7f808080000000
        6e62a420 umaxp v0.8h, v1.8h, v2.8h      = 11ef7f808000ff004567cdeffedc7654 8000ffff7f7f8080ffffffff80000000
        6ea2a420 umaxp v0.4s, v1.4s, v2.4s      = 7f8001ffff0010e489abcdeffedcba98 ffffffff80808080ffffffff80000000
        0e22ac20 sminp v0.8b, v1.8b, v2.8b      = 80ffffe4dc985410 7f7f808080000000
        4e62ac20 sminp v0.8h, v1.8h, v2.8h      = 2fe01ff8000ff00012389abba983210 8000ffff7f7f8080ffffffff80000000
        4ea2ac20 sminp v0.4s, v1.4s, v2.4s      = 11ef02fe80007fff89abcdeffedcba98 8000000080808080ffffffff80000000
        2e22ac20 uminp v0.8b, v1.8b, v2.8b      = 7f0010dc985410 7f7f808000000000
        6e62ac20 uminp v0.8h, v1.8h, v2.8h      = 2fe01ff7fff10e4012389abba983210 ffff7f7f80807fffffff00000000
        6ea2ac20 uminp v0.4s, v1.4s, v2.4s      = 11ef02fe80007fff0123456776543210 800000007f7f7f7f7fffffff00000000
        2e229c20 pmul v0.8b, v1.8b, v2.8b       = 9688d2002040 8000000000000000
        6e229c20 pmul v0.16b, v1.16b, v2.16b    = 11d18aba0780cda500009688d2002040 80000000555555558000000000000000
        0e62b420 sqdmulh v0.4h, v1.4h, v2.4h    = 124ba98ff13069b 8081000000000000
        4ea2b420 sqdmulh v0.4s, v1.4s, v2.4s    = 28cf1a8a22204801234444ff136739 80000001000000008080808100000000
        5e62b420 sqdmulh h0, h1, h2             = 69b 0
        5ea2b420 sqdmulh s0, s1, s2             = ff136739 0
        4f52c820 sqdmulh v0.8h, v1.8h, v2.h[5]  = 12145218a21ce21feddbadd75dd31dd ffff0000000000000001000000000000
        5fa2c820 sqdmulh s0, s1, v2.s[3]        = 1094229f 0
        2e62b420 sqrdmulh v0.4h, v1.4h, v2.4h   = 124ba99ff13069b 8081000000000000
        6ea2b420 sqrdmulh v0.4s, v1.4s, v2.4s   = 28cf1a8a22204901234445ff136739 80000001000000008080808100000000
        7e62b420 sqrdmulh h0, h1, h2            = 69b 0
        7ea2b420 sqrdmulh s0, s1, s2            = ff136739 0
        4f52d820 sqrdmulh v0.8h, v1.8h, v2.h[5] = 12245228a21ce21feddbadd75de31de ffff0000000000000001000000000000
        5fa2d820 sqrdmulh s0, s1, v2.s[3]       = 109422a0 0
        4e221c20 and v0.16b, v1.16b, v2.16b     = 1230066098001ef80003a9876001000 ffffffff0000000000000000
        4e621c20 bic v0.16b, v1.16b, v2.16b     = 4501802bcc007edc800000542210 7fffffff000000008000000000000000
        4ea21c20 orr v0.16b, v1.16b, v2.16b     = 11ef47ffffabcdfffedcffffff5432f4 ffffffffffffffffff7f7f7f80808080
        4ee21c20 orn v0.16b, v1.16b, v2.16b     = ef33fd6789ffffefffffba9876ffff1b 7fffffffffffffff808080807f7f7f7f
        6e221c20 eor v0.16b, v1.16b, v2.16b     = 10cc4799f62bcc107edcc567895422f4 ffffffff00000000ff7f7f7f80808080
        6e621c20 bsl v0.16b, v1.16b, v2.16b     = 11ef00ef3b8145ef8898ffdc77543210 7fffffffffffffff7f7f7f7f80808080
        6ea21c20 bit v0.16b, v1.16b, v2.16b     = 133206709d567ef8899ba9876ddfe1b 7fffffffffffffff0000000000000001
        6ee21c20 bif v0.16b, v1.16b, v2.16b     = 14733c42bcc77fedcaabbcc5422f4 ffffffffffffffff8000000000000000
        2e621c20 bsl v0.8b, v1.8b, v2.8b        = 8898ffdc77543210 7f7f7f7f80808080
        """;
}
