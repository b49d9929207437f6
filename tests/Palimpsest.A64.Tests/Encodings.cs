namespace Palimpsest.A64.Tests;

/// <summary>Words by their fields, as the Arm ARM draws them in C4 and C6: what an assembler does.</summary>
internal static class Encodings
{
    public const uint SystemCall = 0xD4000001;
    public const int Zero = 31;
    public const int Sp = 31;

    /// <summary>ADD, ADDS, SUB and SUBS of a shifted register.</summary>
    /// <param name="operation">op and S: 0 ADD, 1 ADDS, 2 SUB, 3 SUBS.</param>
    /// <param name="shift">0 LSL, 1 LSR, 2 ASR.</param>
    public static uint Sum(bool isWide, int operation, int rd, int rn, int rm, int shift = 0, int amount = 0) =>
        Wide(isWide) | (uint)operation << 29 | 0x0B000000 | (uint)shift << 22 | Three(rd, rn, rm) | (uint)amount << 10;

    /// <summary>The same with an extended register: option 0 UXTB to 7 SXTX, shifted by 0 to 4.</summary>
    public static uint ExtendedSum(bool isWide, int operation, int rd, int rn, int rm, int option, int amount) =>
        Wide(isWide) | (uint)operation << 29 | 0x0B200000 | Three(rd, rn, rm) | (uint)option << 13 | (uint)amount << 10;

    public static uint ImmediateSum(bool isWide, int operation, int rd, int rn, int immediate, bool isShifted = false) =>
        Wide(isWide) | (uint)operation << 29 | 0x11000000 | (isShifted ? 1u << 22 : 0) | (uint)immediate << 10 | Two(rd, rn);

    /// <summary>ADC, ADCS, SBC and SBCS.</summary>
    public static uint CarrySum(bool isWide, int operation, int rd, int rn, int rm) =>
        Wide(isWide) | (uint)operation << 29 | 0x1A000000 | Three(rd, rn, rm);

    /// <summary>AND, ORR, EOR, ANDS, and inverted BIC, ORN, EON, BICS.</summary>
    /// <param name="shift">0 LSL, 1 LSR, 2 ASR, 3 ROR.</param>
    public static uint Logic(bool isWide, int operation, bool isInverted, int rd, int rn, int rm, int shift = 0, int amount = 0) =>
        Wide(isWide) | (uint)operation << 29 | 0x0A000000 | (uint)shift << 22 | (isInverted ? 1u << 21 : 0) | Three(rd, rn, rm)
        | (uint)amount << 10;

    /// <summary>AND, ORR, EOR and ANDS of a constant: N, immr and imms in 13 bits.</summary>
    public static uint ImmediateLogic(bool isWide, int operation, int rd, int rn, int bits) =>
        Wide(isWide) | (uint)operation << 29 | 0x12000000 | (uint)bits << 10 | Two(rd, rn);

    /// <summary>SBFM, BFM and UBFM: 0, 1 and 2.</summary>
    public static uint BitField(bool isWide, int operation, int rd, int rn, int immr, int imms) =>
        Wide(isWide) | (uint)operation << 29 | 0x13000000 | (isWide ? 1u << 22 : 0) | (uint)immr << 16 | (uint)imms << 10 | Two(rd, rn);

    public static uint Extract(bool isWide, int rd, int rn, int rm, int first) =>
        Wide(isWide) | 0x13800000 | (isWide ? 1u << 22 : 0) | Three(rd, rn, rm) | (uint)first << 10;

    /// <summary>MOVN, MOVZ and MOVK: 0, 2 and 3.</summary>
    public static uint MoveWide(bool isWide, int operation, int rd, int immediate, int place) =>
        Wide(isWide) | (uint)operation << 29 | 0x12800000 | (uint)place << 21 | (uint)immediate << 5 | (uint)rd;

    /// <summary>CSEL, CSINC, CSINV and CSNEG: 0 to 3.</summary>
    public static uint Select(bool isWide, int operation, int rd, int rn, int rm, int condition) =>
        Wide(isWide) | (operation >= 2 ? 1u << 30 : 0) | 0x1A800000 | Three(rd, rn, rm) | (uint)condition << 12
        | (uint)(operation & 1) << 10;

    /// <summary>CCMP, or CCMN, of a register.</summary>
    public static uint ConditionalCompare(bool isWide, bool isNegative, int rn, int rm, int nzcv, int condition) =>
        Wide(isWide) | (isNegative ? 0 : 1u << 30) | 0x3A400000 | Three(0, rn, rm) | (uint)condition << 12 | (uint)nzcv;

    /// <summary>Data processing of two registers: UDIV 2, SDIV 3, LSLV 8 to RORV 11, IRG 4, GMI 5, SUBP 0, CRC32 16 to 23.</summary>
    public static uint TwoSources(bool isWide, int operation, int rd, int rn, int rm) =>
        Wide(isWide) | 0x1AC00000 | (uint)operation << 10 | Three(rd, rn, rm);

    /// <summary>RBIT 0, REV16 1, REV32 or REV 2, REV 3, CLZ 4 and CLS 5.</summary>
    public static uint OneSource(bool isWide, int operation, int rd, int rn) =>
        Wide(isWide) | 0x5AC00000 | (uint)operation << 10 | Two(rd, rn);

    /// <summary>MADD and MSUB 0, SMADDL 1, SMULH 2, UMADDL 5, UMULH 6; the product subtracted or not.</summary>
    public static uint ThreeSources(bool isWide, int operation, bool isSubtracted, int rd, int rn, int rm, int ra) =>
        Wide(isWide) | 0x1B000000 | (uint)operation << 21 | (isSubtracted ? 1u << 15 : 0) | Three(rd, rn, rm) | (uint)ra << 10;

    /// <summary>B.cond, in instructions.</summary>
    public static uint Branch(int condition, int distance) => 0x54000000 | (uint)(distance & 0x7FFFF) << 5 | (uint)condition;

    /// <summary>B, or BL, in instructions.</summary>
    public static uint Jump(int distance, bool isCall = false) => (isCall ? 0x94000000 : 0x14000000) | (uint)(distance & 0x3FFFFFF);

    /// <summary>CBZ, or CBNZ.</summary>
    public static uint Compare(bool isWide, bool isNonzero, int rt, int distance) =>
        Wide(isWide) | 0x34000000 | (isNonzero ? 1u << 24 : 0) | (uint)(distance & 0x7FFFF) << 5 | (uint)rt;

    /// <summary>TBZ, or TBNZ.</summary>
    public static uint TestBit(bool isNonzero, int rt, int bit, int distance) =>
        0x36000000 | (uint)(bit >> 5) << 31 | (isNonzero ? 1u << 24 : 0) | (uint)(bit & 31) << 19 | (uint)(distance & 0x3FFF) << 5
            | (uint)rt;

    /// <summary>Loads and stores with an unsigned offset in units of their size.</summary>
    /// <param name="size">Logarithm of the bytes.</param>
    /// <param name="operation">0 store, 1 load, 2 load signed to 64 bits, 3 to 32.</param>
    public static uint Access(int size, int operation, int rt, int rn, int units) =>
        (uint)size << 30 | 0x39000000 | (uint)operation << 22 | (uint)units << 10 | Two(rt, rn);

    /// <summary>With a signed offset: mode 0 unscaled, 1 post-index, 2 unprivileged, 3 pre-index.</summary>
    public static uint SignedAccess(int size, int operation, int rt, int rn, int offset, int mode) =>
        (uint)size << 30 | 0x38000000 | (uint)operation << 22 | (uint)(offset & 0x1FF) << 12 | (uint)mode << 10 | Two(rt, rn);

    /// <summary>With an index: option 2 UXTW, 3 LSL, 6 SXTW, 7 SXTX.</summary>
    public static uint IndexedAccess(int size, int operation, int rt, int rn, int rm, int option, bool isScaled) =>
        (uint)size << 30 | 0x38200800 | (uint)operation << 22 | Three(rt, rn, rm) | (uint)option << 13 | (isScaled ? 1u << 12 : 0);

    /// <summary>LDP and STP: opc 0 words, 1 LDPSW or STGP, 2 doublewords.</summary>
    /// <param name="mode">0 no-allocate, 1 post-index, 2 offset, 3 pre-index.</param>
    public static uint Pair(int opc, bool isLoad, int rt, int rt2, int rn, int units, int mode) =>
        (uint)opc << 30 | 0x28000000 | (uint)mode << 23 | (isLoad ? 1u << 22 : 0) | (uint)(units & 0x7F) << 15 | (uint)rt2 << 10
            | Two(rt, rn);

    /// <summary>LDADD 0, LDCLR 1, LDEOR 2, LDSET 3, LDSMAX 4, LDSMIN 5, LDUMAX 6, LDUMIN 7, SWP 8; relaxed.</summary>
    public static uint Atomic(int size, int operation, int rs, int rt, int rn) =>
        (uint)size << 30 | 0x38200000 | (uint)rs << 16 | (uint)operation << 12 | Two(rt, rn);

    public static uint CompareAndSwap(int size, int rs, int rt, int rn) => (uint)size << 30 | 0x08A07C00 | (uint)rs << 16 | Two(rt, rn);

    /// <summary>CASP: pairs of words, or of doublewords.</summary>
    public static uint CompareAndSwapPair(bool isWide, int rs, int rt, int rn) =>
        (isWide ? 1u << 30 : 0) | 0x08207C00 | (uint)rs << 16 | Two(rt, rn);

    public static uint LoadExclusive(int size, int rt, int rn) => (uint)size << 30 | 0x085F7C00 | Two(rt, rn);

    public static uint StoreExclusive(int size, int rs, int rt, int rn) => (uint)size << 30 | 0x08007C00 | (uint)rs << 16 | Two(rt, rn);

    public static uint LoadExclusivePair(bool isWide, int rt, int rt2, int rn) =>
        0x887F0000 | (isWide ? 1u << 30 : 0) | (uint)rt2 << 10 | Two(rt, rn);

    public static uint StoreExclusivePair(bool isWide, int rs, int rt, int rt2, int rn) =>
        0x88200000 | (isWide ? 1u << 30 : 0) | (uint)rs << 16 | (uint)rt2 << 10 | Two(rt, rn);

    /// <summary>STG 0, STZG 1, ST2G 2, STZ2G 3; mode 1 post-index, 2 offset, 3 pre-index.</summary>
    public static uint StoreTag(int operation, int rt, int rn, int granules, int mode = 2) =>
        0xD9200000 | (uint)operation << 22 | (uint)(granules & 0x1FF) << 12 | (uint)mode << 10 | Two(rt, rn);

    public static uint LoadTag(int rt, int rn, int granules) => 0xD9600000 | (uint)(granules & 0x1FF) << 12 | Two(rt, rn);

    /// <summary>ADDG, or SUBG.</summary>
    public static uint AddTag(bool isSubtracted, int rd, int rn, int granules, int tags) =>
        (isSubtracted ? 0xD1800000 : 0x91800000) | (uint)granules << 16 | (uint)tags << 10 | Two(rd, rn);

    private static uint Wide(bool isWide) => isWide ? 1u << 31 : 0;

    private static uint Two(int rd, int rn) => (uint)rn << 5 | (uint)rd;

    private static uint Three(int rd, int rn, int rm) => (uint)rm << 16 | (uint)rn << 5 | (uint)rd;
}
