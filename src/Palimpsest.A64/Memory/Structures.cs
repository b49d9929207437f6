using System.Runtime.InteropServices;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Memory;

/// <summary>LD1 to LD4 and ST1 to ST4: whole registers, one lane of each, and one element for all lanes.</summary>
internal static unsafe class Structures
{
    /// <summary>Multiple structures: registers in Rm (interleaved ones in Extra), the encoding in Imm.</summary>
    public static Instruction* Multiple(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int registers = at->Extra >> 4;
        int elements = at->Extra & 15;
        int bytes = e[30] ? 16 : 8;
        int lane = 1 << e[11, 10];
        ulong address = cpu.X(e.Rn);
        Span<byte> memory = stackalloc byte[64];
        memory = memory[..(registers * bytes)];
        if (e[22])
        {
            AccessFault fault = cpu.Core.Load(address, memory, Kind(e));
            if (!fault.IsNone)
            {
                return cpu.Fault(at, fault);
            }

            for (int register = 0; register < registers; register++)
            {
                VectorStores.Bytes(cpu, (e.Rd + register) & 31).Clear();
            }

            Deal(cpu, e.Rd, memory, elements, bytes, lane, isLoad: true);
        }
        else
        {
            Deal(cpu, e.Rd, memory, elements, bytes, lane, isLoad: false);
            AccessFault fault = cpu.Core.Store(address, memory, Kind(e));
            if (!fault.IsNone)
            {
                return cpu.Fault(at, fault);
            }
        }

        WriteBack(cpu, e, address, memory.Length);
        return at + 1;
    }

    /// <summary>One lane of each register, or with replication all lanes.</summary>
    public static Instruction* Single(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int registers = at->Extra >> 4;
        int lane = 1 << (at->Extra & 15);
        ulong address = cpu.X(e.Rn);
        Span<byte> memory = stackalloc byte[32];
        memory = memory[..(registers * lane)];
        int place = (e[30, 30] << 3 | e[12, 12] << 2 | e[11, 10]) & ~(lane - 1);
        if (!e[22])
        {
            for (int register = 0; register < registers; register++)
            {
                VectorStores.Bytes(cpu, (e.Rd + register) & 31).Slice(place, lane).CopyTo(memory[(register * lane)..]);
            }
        }

        AccessFault fault = e[22] ? cpu.Core.Load(address, memory, Kind(e)) : cpu.Core.Store(address, memory, Kind(e));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        for (int register = 0; e[22] && register < registers; register++)
        {
            Span<byte> into = VectorStores.Bytes(cpu, (e.Rd + register) & 31);
            ReadOnlySpan<byte> from = memory.Slice(register * lane, lane);
            if (e[15, 14] == 3)
            {
                into.Clear();
                for (int at2 = 0; at2 < (e[30] ? 16 : 8); at2 += lane)
                {
                    from.CopyTo(into[at2..]);
                }
            }
            else
            {
                from.CopyTo(into[place..]);
            }
        }

        WriteBack(cpu, e, address, memory.Length);
        return at + 1;
    }

    /// <summary>Between memory, where elements of a structure lie side by side, and a register for each element.</summary>
    private static void Deal(Cpu cpu, int first, Span<byte> memory, int elements, int bytes, int lane, bool isLoad)
    {
        int group = elements * bytes;
        for (int at = 0; at < memory.Length; at += lane)
        {
            int within = at % group / lane;
            int register = first + (elements == 1 ? at / bytes : within % elements);
            int place = elements == 1 ? at % bytes : within / elements * lane;
            Span<byte> part = VectorStores.Bytes(cpu, register & 31).Slice(place, lane);
            Span<byte> piece = memory.Slice(at, lane);
            if (isLoad)
            {
                piece.CopyTo(part);
            }
            else
            {
                part.CopyTo(piece);
            }
        }
    }

    private static void WriteBack(Cpu cpu, Encoding e, ulong address, int bytes)
    {
        if (e[23])
        {
            cpu.X(e.Rn) = address + (e.Rm == 31 ? (ulong)bytes : cpu.X(e.Rm));
        }
    }

    private static AccessKind Kind(Encoding e) =>
        e.Rn == Cpu.StackPointer && !e[23] ? AccessKind.StackImmediate : AccessKind.Data;
}
