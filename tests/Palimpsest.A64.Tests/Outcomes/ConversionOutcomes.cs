namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Between integers and floating point: the result and, where it is not 0, FPSR as QEMU 7.2 leaves them.</summary>
public sealed class ConversionOutcomes
{
    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Singles(Engine engine) =>
        OutcomeTable.Check(SinglesTable, Result.GeneralAndStatus, engine, SinglesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void OtherSingles(Engine engine) =>
        OutcomeTable.Check(OtherSinglesTable, Result.GeneralAndStatus, engine, OtherSinglesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Doubles(Engine engine) =>
        OutcomeTable.Check(DoublesTable, Result.GeneralAndStatus, engine, DoublesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void OtherDoubles(Engine engine) =>
        OutcomeTable.Check(OtherDoublesTable, Result.GeneralAndStatus, engine, OtherDoublesBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void Integers(Engine engine) =>
        OutcomeTable.Check(IntegersTable, Result.Vector, engine, IntegersBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void OtherIntegers(Engine engine) =>
        OutcomeTable.Check(OtherIntegersTable, Result.Vector, engine, OtherIntegersBefore);

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void IntegersDown(Engine engine) =>
        OutcomeTable.Check(IntegersDownTable, Result.Vector, engine, IntegersDownBefore);

    private static readonly Before[] SinglesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x40200000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xBFC00000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x3EFFFFFF)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x4F32D05E)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xE0AD78EC)] },
    ];

    private const string SinglesTable = """
        9e200020 fcvtns x0, s1      = 2/10 fffffffffffffffe/10 0/10 b2d05e00 8000000000000000/1
        1e210020 fcvtnu w0, s1      = 2/10 0/1 0/10 b2d05e00 0/1
        9e280020 fcvtps x0, s1      = 3/10 ffffffffffffffff/10 1/10 b2d05e00 8000000000000000/1
        1e290020 fcvtpu w0, s1      = 3/10 0/1 1/10 b2d05e00 0/1
        9e300020 fcvtms x0, s1      = 2/10 fffffffffffffffe/10 0/10 b2d05e00 8000000000000000/1
        1e310020 fcvtmu w0, s1      = 2/10 0/1 0/10 b2d05e00 0/1
        9e380020 fcvtzs x0, s1      = 2/10 ffffffffffffffff/10 0/10 b2d05e00 8000000000000000/1
        1e390020 fcvtzu w0, s1      = 2/10 0/1 0/10 b2d05e00 0/1
        9e240020 fcvtas x0, s1      = 3/10 fffffffffffffffe/10 0/10 b2d05e00 8000000000000000/1
        1e250020 fcvtau w0, s1      = 3/10 0/1 0/10 b2d05e00 0/1
        1e380020 fcvtzs w0, s1      = 2/10 ffffffff/10 0/10 7fffffff/1 80000000/1
        9e390020 fcvtzu x0, s1      = 2/10 0/1 0/10 b2d05e00 0/1
        1e18e020 fcvtzs w0, s1, #8  = 280 fffffe80 7f/10 7fffffff/1 80000000/1
        9e190020 fcvtzu x0, s1, #64 = ffffffffffffffff/1 0/1 7fffff8000000000 ffffffffffffffff/1 0/1
        """;

    private static readonly Before[] OtherSinglesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x7FC12345)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xFF800000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x123)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xBF400000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x4B000001)] },
    ];

    private const string OtherSinglesTable = """
        9e200020 fcvtns x0, s1      = 0/1 8000000000000000/1 0/10 ffffffffffffffff/10 800001
        1e210020 fcvtnu w0, s1      = 0/1 0/1 0/10 0/1 800001
        9e280020 fcvtps x0, s1      = 0/1 8000000000000000/1 1/10 0/10 800001
        1e290020 fcvtpu w0, s1      = 0/1 0/1 1/10 0/10 800001
        9e300020 fcvtms x0, s1      = 0/1 8000000000000000/1 0/10 ffffffffffffffff/10 800001
        1e310020 fcvtmu w0, s1      = 0/1 0/1 0/10 0/1 800001
        9e380020 fcvtzs x0, s1      = 0/1 8000000000000000/1 0/10 0/10 800001
        1e390020 fcvtzu w0, s1      = 0/1 0/1 0/10 0/10 800001
        9e240020 fcvtas x0, s1      = 0/1 8000000000000000/1 0/10 ffffffffffffffff/10 800001
        1e250020 fcvtau w0, s1      = 0/1 0/1 0/10 0/1 800001
        1e380020 fcvtzs w0, s1      = 0/1 80000000/1 0/10 0/10 800001
        9e390020 fcvtzu x0, s1      = 0/1 0/1 0/10 0/10 800001
        1e18e020 fcvtzs w0, s1, #8  = 0/1 80000000/1 0/10 ffffff40 7fffffff/1
        9e190020 fcvtzu x0, s1, #64 = 0/1 0/1 0/10 0/1 ffffffffffffffff/1
        """;

    private static readonly Before[] DoublesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0x4004000000000000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xBFF8000000000000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x3FDFFFFFFFFFFFFF)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x41EFFFFFFFF00000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xC415AF1D78B58C40)] },
    ];

    private const string DoublesTable = """
        9e600020 fcvtns x0, d1      = 2/10 fffffffffffffffe/10 0/10 100000000/10 8000000000000000/1
        1e610020 fcvtnu w0, d1      = 2/10 0/1 0/10 ffffffff/1 0/1
        9e680020 fcvtps x0, d1      = 3/10 ffffffffffffffff/10 1/10 100000000/10 8000000000000000/1
        1e690020 fcvtpu w0, d1      = 3/10 0/1 1/10 ffffffff/1 0/1
        9e700020 fcvtms x0, d1      = 2/10 fffffffffffffffe/10 0/10 ffffffff/10 8000000000000000/1
        1e710020 fcvtmu w0, d1      = 2/10 0/1 0/10 ffffffff/10 0/1
        9e780020 fcvtzs x0, d1      = 2/10 ffffffffffffffff/10 0/10 ffffffff/10 8000000000000000/1
        1e790020 fcvtzu w0, d1      = 2/10 0/1 0/10 ffffffff/10 0/1
        9e640020 fcvtas x0, d1      = 3/10 fffffffffffffffe/10 0/10 100000000/10 8000000000000000/1
        1e650020 fcvtau w0, d1      = 3/10 0/1 0/10 ffffffff/1 0/1
        1e780020 fcvtzs w0, d1      = 2/10 ffffffff/10 0/10 7fffffff/1 80000000/1
        9e790020 fcvtzu x0, d1      = 2/10 0/1 0/10 ffffffff/10 0/1
        1e58e020 fcvtzs w0, d1, #8  = 280 fffffe80 7f/10 7fffffff/1 80000000/1
        9e590020 fcvtzu x0, d1, #64 = ffffffffffffffff/1 0/1 7ffffffffffffc00 ffffffffffffffff/1 0/1
        """;

    private static readonly Before[] OtherDoublesBefore =
    [
        new() { V = [new(0x0, 0x0), new(0x0, 0xFFF0000012345678)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x7FF0000000000000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x123)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0xBFE8000000000000)] },
        new() { V = [new(0x0, 0x0), new(0x0, 0x41E0000000100000)] },
    ];

    private const string OtherDoublesTable = """
        9e600020 fcvtns x0, d1      = 0/1 7fffffffffffffff/1 0/10 ffffffffffffffff/10 80000000/10
        1e610020 fcvtnu w0, d1      = 0/1 ffffffff/1 0/10 0/1 80000000/10
        9e680020 fcvtps x0, d1      = 0/1 7fffffffffffffff/1 1/10 0/10 80000001/10
        1e690020 fcvtpu w0, d1      = 0/1 ffffffff/1 1/10 0/10 80000001/10
        9e700020 fcvtms x0, d1      = 0/1 7fffffffffffffff/1 0/10 ffffffffffffffff/10 80000000/10
        1e710020 fcvtmu w0, d1      = 0/1 ffffffff/1 0/10 0/1 80000000/10
        9e780020 fcvtzs x0, d1      = 0/1 7fffffffffffffff/1 0/10 0/10 80000000/10
        1e790020 fcvtzu w0, d1      = 0/1 ffffffff/1 0/10 0/10 80000000/10
        9e640020 fcvtas x0, d1      = 0/1 7fffffffffffffff/1 0/10 ffffffffffffffff/10 80000001/10
        1e650020 fcvtau w0, d1      = 0/1 ffffffff/1 0/10 0/1 80000001/10
        1e780020 fcvtzs w0, d1      = 0/1 7fffffff/1 0/10 0/10 7fffffff/1
        9e790020 fcvtzu x0, d1      = 0/1 ffffffffffffffff/1 0/10 0/10 80000000/10
        1e58e020 fcvtzs w0, d1, #8  = 0/1 7fffffff/1 0/10 ffffff40 7fffffff/1
        9e590020 fcvtzu x0, d1, #64 = 0/1 ffffffffffffffff/1 0/10 0/1 ffffffffffffffff/1
        """;

    private static readonly Before[] IntegersBefore =
    [
        new() { X = [0x0, 0x1] },
        new() { X = [0x0, 0xFFFFFFFFFFFFFFFF] },
        new() { X = [0x0, 0x8000000000000000] },
    ];

    private const string IntegersTable = """
        9e220020 scvtf s0, x1      = 3f800000 bf800000 df000000
        9e230020 ucvtf s0, x1      = 3f800000 5f800000/10 5f000000
        1e220020 scvtf s0, w1      = 3f800000 bf800000 0
        1e230020 ucvtf s0, w1      = 3f800000 4f800000/10 0
        9e027c20 scvtf s0, x1, #33 = 2f000000 af000000 ce800000
        1e038020 ucvtf s0, w1, #32 = 2f800000 3f800000/10 0
        9e620020 scvtf d0, x1      = 3ff0000000000000 bff0000000000000 c3e0000000000000
        9e630020 ucvtf d0, x1      = 3ff0000000000000 43f0000000000000/10 43e0000000000000
        1e620020 scvtf d0, w1      = 3ff0000000000000 bff0000000000000 0
        1e630020 ucvtf d0, w1      = 3ff0000000000000 41efffffffe00000 0
        9e427c20 scvtf d0, x1, #33 = 3de0000000000000 bde0000000000000 c1d0000000000000
        1e438020 ucvtf d0, w1, #32 = 3df0000000000000 3fefffffffe00000 0
        """;

    private static readonly Before[] OtherIntegersBefore =
    [
        new() { X = [0x0, 0x7FFFFFFFFFFFFFFF] },
        new() { X = [0x0, 0x1000001] },
        new() { X = [0x0, 0x8000004000000001] },
    ];

    private const string OtherIntegersTable = """
        9e220020 scvtf s0, x1      = 5f000000/10 4b800000/10 deffffff/10
        9e230020 ucvtf s0, x1      = 5f000000/10 4b800000/10 5f000000/10
        1e220020 scvtf s0, w1      = bf800000 4b800000/10 3f800000
        1e230020 ucvtf s0, w1      = 4f800000/10 4b800000/10 3f800000
        9e027c20 scvtf s0, x1, #33 = 4e800000/10 3b000000/10 ce7fffff/10
        1e038020 ucvtf s0, w1, #32 = 3f800000/10 3b800000/10 2f800000
        9e620020 scvtf d0, x1      = 43e0000000000000/10 4170000010000000 c3dffffff0000000/10
        9e630020 ucvtf d0, x1      = 43e0000000000000/10 4170000010000000 43e0000008000000/10
        1e620020 scvtf d0, w1      = bff0000000000000 4170000010000000 3ff0000000000000
        1e630020 ucvtf d0, w1      = 41efffffffe00000 4170000010000000 3ff0000000000000
        9e427c20 scvtf d0, x1, #33 = 41d0000000000000/10 3f60000010000000 c1cffffff0000000/10
        1e438020 ucvtf d0, w1, #32 = 3fefffffffe00000 3f70000010000000 3df0000000000000
        """;

    private static readonly Before[] IntegersDownBefore =
    [
        new() { X = [0x0, 0x7FFFFFFFFFFFFFFF], Fpcr = 0x800000 },
        new() { X = [0x0, 0x1000001], Fpcr = 0x800000 },
        new() { X = [0x0, 0x8000004000000001], Fpcr = 0x800000 },
    ];

    private const string IntegersDownTable = """
        9e220020 scvtf s0, x1      = 5effffff/10 4b800000/10 df000000/10
        9e230020 ucvtf s0, x1      = 5effffff/10 4b800000/10 5f000000/10
        1e220020 scvtf s0, w1      = bf800000 4b800000/10 3f800000
        1e230020 ucvtf s0, w1      = 4f7fffff/10 4b800000/10 3f800000
        9e027c20 scvtf s0, x1, #33 = 4e7fffff/10 3b000000/10 ce800000/10
        1e038020 ucvtf s0, w1, #32 = 3f7fffff/10 3b800000/10 2f800000
        9e620020 scvtf d0, x1      = 43dfffffffffffff/10 4170000010000000 c3dffffff0000000/10
        9e630020 ucvtf d0, x1      = 43dfffffffffffff/10 4170000010000000 43e0000008000000/10
        1e620020 scvtf d0, w1      = bff0000000000000 4170000010000000 3ff0000000000000
        1e630020 ucvtf d0, w1      = 41efffffffe00000 4170000010000000 3ff0000000000000
        9e427c20 scvtf d0, x1, #33 = 41cfffffffffffff/10 3f60000010000000 c1cffffff0000000/10
        1e438020 ucvtf d0, w1, #32 = 3fefffffffe00000 3f70000010000000 3df0000000000000
        """;
}
