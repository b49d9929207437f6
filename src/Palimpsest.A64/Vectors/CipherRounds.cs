using Palimpsest.A64.Decoding;
using Palimpsest.A64.Memory;

namespace Palimpsest.A64.Vectors;

/// <summary>AESE, AESD, AESMC and AESIMC: steps of a round of AES (FIPS 197), its state column by column.</summary>
internal static unsafe class CipherRounds
{
    private const int StateBytes = 16;
    private const int Polynomial = 0x11B;

    private static readonly byte[] Forward = MakeBox();
    private static readonly byte[] Backward = Inverted(Forward);

    public static Instruction* Step(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        Span<byte> state = stackalloc byte[StateBytes];
        VectorStores.Bytes(cpu, e.Rn).CopyTo(state);
        Span<byte> result = stackalloc byte[StateBytes];
        bool isForward = !e[12];
        if (e[13])
        {
            Mix(state, result, isForward ? [2, 3, 1, 1] : [14, 11, 13, 9]);
        }
        else
        {
            ReadOnlySpan<byte> key = VectorStores.Bytes(cpu, e.Rd);
            Substitute(state, key, result, isForward ? Forward : Backward, isForward ? 5 : 13);
        }

        VectorStores.Put(cpu, e.Rd, result);
        return at + 1;
    }

    /// <summary>AddRoundKey, ShiftRows and SubBytes: row r of a column comes from r columns further on, or back.</summary>
    private static void Substitute(ReadOnlySpan<byte> state, ReadOnlySpan<byte> key, Span<byte> result, byte[] box, int stride)
    {
        for (int place = 0; place < StateBytes; place++)
        {
            int from = ((place & ~3) + ((place & 3) * stride)) & (StateBytes - 1);
            result[place] = box[state[from] ^ key[from]];
        }
    }

    /// <summary>MixColumns: each column times a circulant matrix.</summary>
    private static void Mix(ReadOnlySpan<byte> state, Span<byte> result, ReadOnlySpan<byte> row)
    {
        for (int place = 0; place < StateBytes; place++)
        {
            int sum = 0;
            for (int term = 0; term < 4; term++)
            {
                sum ^= Product(state[(place & ~3) + ((place + term) & 3)], row[term]);
            }

            result[place] = (byte)sum;
        }
    }

    private static int Product(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
            a <<= 1;
            a ^= (a & 0x100) != 0 ? Polynomial : 0;
        }

        return product;
    }

    /// <summary>The inverse in GF(256), and an affine map of it.</summary>
    private static byte[] MakeBox()
    {
        byte[] box = new byte[256];
        for (int value = 0; value < box.Length; value++)
        {
            byte inverse = (byte)Enumerable.Range(0, 256).FirstOrDefault(other => Product(value, other) == 1);
            int mapped = 0x63;
            for (int turn = 0; turn < 5; turn++)
            {
                mapped ^= (byte)(inverse << turn | inverse >> (8 - turn));
            }

            box[value] = (byte)mapped;
        }

        return box;
    }

    private static byte[] Inverted(byte[] box)
    {
        byte[] inverted = new byte[box.Length];
        for (int value = 0; value < box.Length; value++)
        {
            inverted[box[value]] = (byte)value;
        }

        return inverted;
    }
}
