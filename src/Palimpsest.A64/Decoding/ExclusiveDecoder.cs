using Palimpsest.A64.Memory;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Exclusives, acquire and release, compare and swap, and the atomics of FEAT_LSE.</summary>
internal static unsafe class ExclusiveDecoder
{
    public static Instruction Decode(Encoding e) => (e[23], e[21]) switch
    {
        (false, false) => Exclusive(e, isPair: false),
        (false, true) => e.IsWide ? Exclusive(e, isPair: true) : SwapPair(e),
        (true, false) => Ordered(e),
        _ => e.Ra == 31 ? Make(Swap(e.Size), Read(e.Rd), e.Rn, Read(e.Rm)) : Undefined(e),
    };

    public static Instruction Atomic(Encoding e)
    {
        if (e[26])
        {
            return Undefined(e);
        }

        bool isLoad = e[15] && e[14, 12] == 4 && e[23, 22] == 2 && e.Rm == 31;
        if (isLoad)
        {
            return Make(Acquire(e.Size), Write(e.Rd), e.Rn);
        }

        Handler handler = e.Size switch
        {
            0 => &Atomics.Change<Memory.Byte>,
            1 => &Atomics.Change<Memory.Half>,
            2 => &Atomics.Change<Word>,
            _ => &Atomics.Change<Memory.Double>,
        };
        return e[15] && e[14, 12] != 0 ? Undefined(e) : Make(handler, Write(e.Rd), e.Rn, Read(e.Rm), imm: e[15, 12]);
    }

    private static Instruction Exclusive(Encoding e, bool isPair)
    {
        int bytes = 1 << e.Size;
        return e[22]
            ? Make(&Exclusives.Load, Write(e.Rd), e.Rn, isPair ? 1 : 0, Write(e.Ra), bytes)
            : Make(&Exclusives.Store, Read(e.Rd), e.Rn, Write(e.Rm), Read(e.Ra), bytes | (isPair ? 128 : 0));
    }

    private static Instruction SwapPair(Encoding e) => e.Ra != 31 || (e.Rm & 1) != 0 || (e.Rd & 1) != 0
        ? Undefined(e)
        : Make(&Atomics.SwapPair, e.Rd, e.Rn, e.Rm, imm: e[30] ? 8 : 4);

    private static Instruction Ordered(Encoding e)
    {
        if (e[22])
        {
            return Make(Acquire(e.Size), Write(e.Rd), e.Rn);
        }

        Handler handler = e.Size switch
        {
            0 => &Atomics.StoreRelease<Memory.Byte>,
            1 => &Atomics.StoreRelease<Memory.Half>,
            2 => &Atomics.StoreRelease<Word>,
            _ => &Atomics.StoreRelease<Memory.Double>,
        };
        return Make(handler, Read(e.Rd), e.Rn);
    }

    private static Handler Acquire(int size) => size switch
    {
        0 => &Atomics.LoadAcquire<Memory.Byte>,
        1 => &Atomics.LoadAcquire<Memory.Half>,
        2 => &Atomics.LoadAcquire<Word>,
        _ => &Atomics.LoadAcquire<Memory.Double>,
    };

    private static Handler Swap(int size) => size switch
    {
        0 => &Atomics.Swap<Memory.Byte>,
        1 => &Atomics.Swap<Memory.Half>,
        2 => &Atomics.Swap<Word>,
        _ => &Atomics.Swap<Memory.Double>,
    };
}
