namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Additions and subtractions in all forms: X0 and NZCV as QEMU 7.2 leaves them.</summary>
public sealed class ArithmeticOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Sums(Engine engine) =>
        OutcomeTable.Check(SumsTable, Result.General, engine, SumsBefore);

    private static readonly Before[] SumsBefore =
    [
        new() { X = [0x1111222233334444, 0x123456789ABCDEF, 0xFEDCBA9876543210, 0x8000000080000001, 0x11] },
        new() { X = [0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0x1, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFC0], Nzcv = 6 },
        new() { X = [0x0, 0x8000000080000000, 0x7FFFFFFF7FFFFFFF, 0xFFFF0000, 0x3F], Nzcv = 9 },
    ];

    private const string SumsTable = """
        8b020020 add x0, x1, x2              = ffffffffffffffff/0 0/6 ffffffffffffffff/9
        0b020020 add w0, w1, w2              = ffffffff/0 0/6 ffffffff/9
        8b020420 add x0, x1, x2, lsl #1      = fedcba987654320f/0 1/6 7fffffff7ffffffe/9
        8b02fc20 add x0, x1, x2, lsl #63     = 123456789abcdef/0 7fffffffffffffff/6 80000000/9
        0b027c20 add w0, w1, w2, lsl #31     = 89abcdef/0 7fffffff/6 0/9
        0b421c20 add w0, w1, w2, lsr #7      = 8a987653/0 ffffffff/6 80ffffff/9
        0b827c20 add w0, w1, w2, asr #31     = 89abcdef/0 ffffffff/6 80000000/9
        8b824420 add x0, x1, x2, asr #17     = 12344d5e6f80919/0 ffffffffffffffff/6 800040007fffbfff/9
        8b42a020 add x0, x1, x2, lsr #40     = 12345678aaaaaa9/0 ffffffffffffffff/6 80000000807fffff/9
        8b220020 add x0, x1, w2, uxtb        = 123456789abcdff/0 0/6 80000000800000ff/9
        8b222420 add x0, x1, w2, uxth #1     = 123456789ac320f/0 1/6 800000008001fffe/9
        8b224820 add x0, x1, w2, uxtw #2     = 123456962fc962f/0 3/6 800000027ffffffc/9
        8b228c20 add x0, x1, w2, sxtb #3     = 123456789abce6f/0 7/6 800000007ffffff8/9
        8b22b020 add x0, x1, w2, sxth #4     = 123456789aeeeef/0 f/6 800000007ffffff0/9
        8b22c820 add x0, x1, w2, sxtw #2     = 123456962fc962f/0 3/6 800000027ffffffc/9
        8b226c20 add x0, x1, x2, uxtx #3     = f8091a2b3c4d5e6f/0 7/6 7ffffffc7ffffff8/9
        8b22ec20 add x0, x1, x2, sxtx #3     = f8091a2b3c4d5e6f/0 7/6 7ffffffc7ffffff8/9
        0b221020 add w0, w1, w2, uxtb #4     = 89abceef/0 f/6 80000ff0/9
        0b22a820 add w0, w1, w2, sxth #2     = 89ac962f/0 3/6 7ffffffc/9
        0b22c420 add w0, w1, w2, sxtw #1     = 7654320f/0 1/6 7ffffffe/9
        913ffc20 add x0, x1, #4095           = 123456789abddee/0 ffe/6 8000000080000fff/9
        917ffc20 add x0, x1, #4095, lsl #12  = 12345678aabbdef/0 ffefff/6 8000000080fff000/9
        11000420 add w0, w1, #1              = 89abcdf0/0 0/6 80000001/9
        11000020 add w0, w1, #0              = 89abcdef/0 ffffffff/6 80000000/9
        ab020020 adds x0, x1, x2             = ffffffffffffffff/8 0/6 ffffffffffffffff/8
        2b020020 adds w0, w1, w2             = ffffffff/8 0/6 ffffffff/8
        ab020420 adds x0, x1, x2, lsl #1     = fedcba987654320f/8 1/2 7fffffff7ffffffe/3
        ab02fc20 adds x0, x1, x2, lsl #63    = 123456789abcdef/0 7fffffffffffffff/3 80000000/3
        2b027c20 adds w0, w1, w2, lsl #31    = 89abcdef/8 7fffffff/3 0/7
        2b421c20 adds w0, w1, w2, lsr #7     = 8a987653/8 ffffffff/8 80ffffff/8
        2b827c20 adds w0, w1, w2, asr #31    = 89abcdef/8 ffffffff/8 80000000/8
        ab824420 adds x0, x1, x2, asr #17    = 12344d5e6f80919/2 ffffffffffffffff/8 800040007fffbfff/8
        ab42a020 adds x0, x1, x2, lsr #40    = 12345678aaaaaa9/0 ffffffffffffffff/8 80000000807fffff/8
        ab220020 adds x0, x1, w2, uxtb       = 123456789abcdff/0 0/6 80000000800000ff/8
        ab222420 adds x0, x1, w2, uxth #1    = 123456789ac320f/0 1/2 800000008001fffe/8
        ab224820 adds x0, x1, w2, uxtw #2    = 123456962fc962f/0 3/2 800000027ffffffc/8
        ab228c20 adds x0, x1, w2, sxtb #3    = 123456789abce6f/0 7/2 800000007ffffff8/a
        ab22b020 adds x0, x1, w2, sxth #4    = 123456789aeeeef/0 f/2 800000007ffffff0/a
        ab22c820 adds x0, x1, w2, sxtw #2    = 123456962fc962f/0 3/2 800000027ffffffc/8
        ab226c20 adds x0, x1, x2, uxtx #3    = f8091a2b3c4d5e6f/8 7/2 7ffffffc7ffffff8/3
        ab22ec20 adds x0, x1, x2, sxtx #3    = f8091a2b3c4d5e6f/8 7/2 7ffffffc7ffffff8/3
        2b221020 adds w0, w1, w2, uxtb #4    = 89abceef/8 f/2 80000ff0/8
        2b22a820 adds w0, w1, w2, sxth #2    = 89ac962f/8 3/2 7ffffffc/3
        2b22c420 adds w0, w1, w2, sxtw #1    = 7654320f/3 1/2 7ffffffe/3
        b13ffc20 adds x0, x1, #4095          = 123456789abddee/0 ffe/2 8000000080000fff/8
        b17ffc20 adds x0, x1, #4095, lsl #12 = 12345678aabbdef/0 ffefff/2 8000000080fff000/8
        31000420 adds w0, w1, #1             = 89abcdf0/8 0/6 80000001/8
        31000020 adds w0, w1, #0             = 89abcdef/8 ffffffff/8 80000000/8
        cb020020 sub x0, x1, x2              = 2468acf13579bdf/0 fffffffffffffffe/6 100000001/9
        4b020020 sub w0, w1, w2              = 13579bdf/0 fffffffe/6 1/9
        cb020420 sub x0, x1, x2, lsl #1      = 369d0369d0369cf/0 fffffffffffffffd/6 8000000180000002/9
        cb02fc20 sub x0, x1, x2, lsl #63     = 123456789abcdef/0 7fffffffffffffff/6 80000000/9
        4b027c20 sub w0, w1, w2, lsl #31     = 89abcdef/0 7fffffff/6 0/9
        4b421c20 sub w0, w1, w2, lsr #7      = 88bf258b/0 ffffffff/6 7f000001/9
        4b827c20 sub w0, w1, w2, asr #31     = 89abcdef/0 ffffffff/6 80000000/9
        cb824420 sub x0, x1, x2, asr #17     = 12345f92c5f92c5/0 ffffffffffffffff/6 7fffc00080004001/9
        cb42a020 sub x0, x1, x2, lsr #40     = 123456788acf135/0 ffffffffffffffff/6 800000007f800001/9
        cb220020 sub x0, x1, w2, uxtb        = 123456789abcddf/0 fffffffffffffffe/6 800000007fffff01/9
        cb222420 sub x0, x1, w2, uxth #1     = 123456789ab69cf/0 fffffffffffffffd/6 800000007ffe0002/9
        cb224820 sub x0, x1, w2, uxtw #2     = 1234565b05b05af/0 fffffffffffffffb/6 7ffffffe80000004/9
        cb228c20 sub x0, x1, w2, sxtb #3     = 123456789abcd6f/0 fffffffffffffff7/6 8000000080000008/9
        cb22b020 sub x0, x1, w2, sxth #4     = 123456789a8acef/0 ffffffffffffffef/6 8000000080000010/9
        cb22c820 sub x0, x1, w2, sxtw #2     = 1234565b05b05af/0 fffffffffffffffb/6 7ffffffe80000004/9
        cb226c20 sub x0, x1, x2, uxtx #3     = a3d70a3d70a3d6f/0 fffffffffffffff7/6 8000000480000008/9
        cb22ec20 sub x0, x1, x2, sxtx #3     = a3d70a3d70a3d6f/0 fffffffffffffff7/6 8000000480000008/9
        4b221020 sub w0, w1, w2, uxtb #4     = 89abccef/0 ffffffef/6 7ffff010/9
        4b22a820 sub w0, w1, w2, sxth #2     = 89ab05af/0 fffffffb/6 80000004/9
        4b22c420 sub w0, w1, w2, sxtw #1     = 9d0369cf/0 fffffffd/6 80000002/9
        d13ffc20 sub x0, x1, #4095           = 123456789abbdf0/0 fffffffffffff000/6 800000007ffff001/9
        d17ffc20 sub x0, x1, #4095, lsl #12  = 123456788abddef/0 ffffffffff000fff/6 800000007f001000/9
        51000420 sub w0, w1, #1              = 89abcdee/0 fffffffe/6 7fffffff/9
        51000020 sub w0, w1, #0              = 89abcdef/0 ffffffff/6 80000000/9
        eb020020 subs x0, x1, x2             = 2468acf13579bdf/0 fffffffffffffffe/a 100000001/3
        6b020020 subs w0, w1, w2             = 13579bdf/3 fffffffe/a 1/3
        eb020420 subs x0, x1, x2, lsl #1     = 369d0369d0369cf/0 fffffffffffffffd/a 8000000180000002/8
        eb02fc20 subs x0, x1, x2, lsl #63    = 123456789abcdef/2 7fffffffffffffff/2 80000000/2
        6b027c20 subs w0, w1, w2, lsl #31    = 89abcdef/a 7fffffff/2 0/6
        6b421c20 subs w0, w1, w2, lsr #7     = 88bf258b/a ffffffff/a 7f000001/3
        6b827c20 subs w0, w1, w2, asr #31    = 89abcdef/a ffffffff/a 80000000/a
        eb824420 subs x0, x1, x2, asr #17    = 12345f92c5f92c5/0 ffffffffffffffff/a 7fffc00080004001/3
        eb42a020 subs x0, x1, x2, lsr #40    = 123456788acf135/2 ffffffffffffffff/a 800000007f800001/a
        eb220020 subs x0, x1, w2, uxtb       = 123456789abcddf/2 fffffffffffffffe/a 800000007fffff01/a
        eb222420 subs x0, x1, w2, uxth #1    = 123456789ab69cf/2 fffffffffffffffd/a 800000007ffe0002/a
        eb224820 subs x0, x1, w2, uxtw #2    = 1234565b05b05af/2 fffffffffffffffb/a 7ffffffe80000004/3
        eb228c20 subs x0, x1, w2, sxtb #3    = 123456789abcd6f/2 fffffffffffffff7/a 8000000080000008/8
        eb22b020 subs x0, x1, w2, sxth #4    = 123456789a8acef/2 ffffffffffffffef/a 8000000080000010/8
        eb22c820 subs x0, x1, w2, sxtw #2    = 1234565b05b05af/2 fffffffffffffffb/a 7ffffffe80000004/3
        eb226c20 subs x0, x1, x2, uxtx #3    = a3d70a3d70a3d6f/0 fffffffffffffff7/a 8000000480000008/8
        eb22ec20 subs x0, x1, x2, sxtx #3    = a3d70a3d70a3d6f/0 fffffffffffffff7/a 8000000480000008/8
        6b221020 subs w0, w1, w2, uxtb #4    = 89abccef/a ffffffef/a 7ffff010/3
        6b22a820 subs w0, w1, w2, sxth #2    = 89ab05af/a fffffffb/a 80000004/8
        6b22c420 subs w0, w1, w2, sxtw #1    = 9d0369cf/8 fffffffd/a 80000002/8
        f13ffc20 subs x0, x1, #4095          = 123456789abbdf0/2 fffffffffffff000/a 800000007ffff001/a
        f17ffc20 subs x0, x1, #4095, lsl #12 = 123456788abddef/2 ffffffffff000fff/a 800000007f001000/a
        71000420 subs w0, w1, #1             = 89abcdee/a fffffffe/a 7fffffff/3
        71000020 subs w0, w1, #0             = 89abcdef/a ffffffff/a 80000000/a
        9a020020 adc x0, x1, x2              = ffffffffffffffff/0 1/6 ffffffffffffffff/9
        1a020020 adc w0, w1, w2              = ffffffff/0 1/6 ffffffff/9
        9a1f0020 adc x0, x1, xzr             = 123456789abcdef/0 0/6 8000000080000000/9
        ba020020 adcs x0, x1, x2             = ffffffffffffffff/8 1/2 ffffffffffffffff/8
        3a020020 adcs w0, w1, w2             = ffffffff/8 1/2 ffffffff/8
        ba1f0020 adcs x0, x1, xzr            = 123456789abcdef/0 0/6 8000000080000000/8
        da020020 sbc x0, x1, x2              = 2468acf13579bde/0 fffffffffffffffe/6 100000000/9
        5a020020 sbc w0, w1, w2              = 13579bde/0 fffffffe/6 0/9
        da1f0020 sbc x0, x1, xzr             = 123456789abcdee/0 ffffffffffffffff/6 800000007fffffff/9
        fa020020 sbcs x0, x1, x2             = 2468acf13579bde/0 fffffffffffffffe/a 100000000/3
        7a020020 sbcs w0, w1, w2             = 13579bde/3 fffffffe/a 0/7
        fa1f0020 sbcs x0, x1, xzr            = 123456789abcdee/2 ffffffffffffffff/a 800000007fffffff/a
        cb0203e0 neg x0, x2                  = 123456789abcdf0/0 ffffffffffffffff/6 8000000080000001/9
        6b0213e0 negs w0, w2, lsl #4         = 9abcdf00/8 fffffff0/8 10/0
        da0203e0 ngc x0, x2                  = 123456789abcdef/0 ffffffffffffffff/6 8000000080000000/9
        7a0203e0 ngcs w0, w2                 = 89abcdef/8 ffffffff/8 80000000/8
        b100043f cmn x1, #1                  = 1111222233334444/0 ffffffffffffffff/6 0/8
        7100043f cmp w1, #1                  = 1111222233334444/a ffffffffffffffff/a 0/3
        eb01003f cmp x1, x1                  = 1111222233334444/6 ffffffffffffffff/6 0/6
        ea03003f tst x1, x3                  = 1111222233334444/0 ffffffffffffffff/0 0/0
        7201003f tst w1, #0x80000000         = 1111222233334444/8 ffffffffffffffff/8 0/8
        """;
}
