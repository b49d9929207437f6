using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palimpsest.A64;

/// <summary>A region that was entered at an address.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct JumpEntry
{
    public const int Bytes = 32;

    /// <summary>Where it is entered; in an empty entry no address of an instruction, which leads nowhere.</summary>
    public ulong Address;

    /// <summary>Instructions of the page.</summary>
    public Instruction* Code;

    /// <summary>The instruction, which is handed to the region.</summary>
    public Instruction* At;

    public Handler Region;
}

/// <summary>The way from one region to the next, by address; emptied when a page of code is mapped otherwise, or changes.</summary>
internal sealed unsafe class JumpCache
{
    /// <summary>An address, with itself shifted right by this upon it, shifted left by 3...</summary>
    public const int Fold = 11;

    /// <summary>... and this, is the place of its entry in bytes.</summary>
    public const ulong OffsetMask = (Count - 1) * JumpEntry.Bytes;

    private const int Count = 16384;
    private const ulong Empty = 1;

    private readonly JumpEntry[] _entries = GC.AllocateArray<JumpEntry>(Count, pinned: true);
    private readonly List<int> _used = [];

    public JumpCache()
    {
        First = (JumpEntry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_entries));
        _entries.AsSpan().Fill(Nowhere);
    }

    public JumpEntry* First { get; }

    public void Add(ulong address, Instruction* code, Instruction* at)
    {
        JumpEntry* entry = (JumpEntry*)((byte*)First + ((address ^ address >> Fold) << 3 & OffsetMask));
        if (entry->Address == Empty)
        {
            _used.Add((int)(entry - First));
        }

        *entry = new JumpEntry { Address = address, Code = code, At = at, Region = at->Execute };
    }

    private static JumpEntry Nowhere => new() { Address = Empty, Region = &GoNowhere };

    /// <summary>A program may jump to what stands for no address too; the instruction that was counted for it is not executed.</summary>
    private static Instruction* GoNowhere(Cpu cpu, Instruction* at)
    {
        cpu.Left++;
        return cpu.LeaveFar(Empty);
    }

    public void Clear()
    {
        foreach (int used in _used)
        {
            First[used] = Nowhere;
        }

        _used.Clear();
    }
}
