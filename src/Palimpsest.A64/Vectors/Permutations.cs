using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Memory;

namespace Palimpsest.A64.Vectors;

/// <summary>EXT, TBL, TBX, ZIP, UZP and TRN.</summary>
internal static unsafe class Permutations
{
    public static Instruction* Extract(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int bytes = e[30] ? 16 : 8;
        Span<byte> both = stackalloc byte[32];
        VectorStores.Bytes(cpu, e.Rn)[..bytes].CopyTo(both);
        VectorStores.Bytes(cpu, e.Rm)[..bytes].CopyTo(both[bytes..]);
        VectorStores.Put(cpu, e.Rd, both.Slice(e[14, 11], bytes));
        return at + 1;
    }

    public static Instruction* Table(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int length = 16 * (e[14, 13] + 1);
        Span<byte> table = stackalloc byte[64];
        for (int register = 0; register < length / 16; register++)
        {
            VectorStores.Bytes(cpu, (e.Rn + register) & 31).CopyTo(table[(16 * register)..]);
        }

        Span<byte> result = stackalloc byte[16];
        result.Clear();
        ReadOnlySpan<byte> indexes = VectorStores.Bytes(cpu, e.Rm);
        for (int lane = 0; lane < (e[30] ? 16 : 8); lane++)
        {
            int index = indexes[lane];
            result[lane] = index < length ? table[index] : e[12] ? VectorStores.Bytes(cpu, e.Rd)[lane] : (byte)0;
        }

        VectorStores.Put(cpu, e.Rd, result);
        return at + 1;
    }

    /// <summary>ZIP, UZP and TRN; the second of each where bit 14 is set.</summary>
    public static Instruction* Interleave(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        int lanes = Lane.Count(e, size);
        int second = e[14, 14];
        Vector128<ulong> result = default;
        for (int lane = 0; lane < lanes; lane++)
        {
            (bool isOfRm, int from) = e[13, 12] switch
            {
                1 => (2 * lane >= lanes, (2 * lane % lanes) + second),
                2 => ((lane & 1) != 0, (lane & ~1) + second),
                _ => ((lane & 1) != 0, (lane >> 1) + (second * lanes / 2)),
            };
            Lane.Set(ref result, lane, size, Lane.Get(ref cpu.V(isOfRm ? e.Rm : e.Rn), from, size));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }
}
