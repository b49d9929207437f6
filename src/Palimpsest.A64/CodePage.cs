using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palimpsest.A64;

/// <summary>
/// Instructions of a page, decoded when they are executed first; behind them the way to the next page, and how often each has
/// been branched to. Where a region was compiled, its first instructions have the region as their handler.
/// </summary>
internal sealed unsafe class CodePage
{
    public const int Words = CodePages.PageBytes / 4;

    /// <summary>Behind the instructions, in their room: a counter for each, two bytes, and the number of an entry, one byte.</summary>
    private const int CounterRoom = (Words * 3 / 16) + 1;

    private readonly Instruction[] _code = GC.AllocateUninitializedArray<Instruction>(Words + 1 + CounterRoom, pinned: true);
    private readonly Dictionary<int, nint> _own = [];
    private readonly List<object> _regions = [];

    public CodePage() => Code = (Instruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_code));

    public Instruction* Code { get; }

    public uint[] Encodings { get; } = new uint[Words];

    /// <summary>By the place of an instruction, and one behind: 0, or 1 and the number of an entry among those of its region.</summary>
    public static byte* EntryNumbers(Instruction* code) => (byte*)(Counters(code) + Words);

    /// <summary>Branches to each instruction that are still to come until it is hot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort* Counters(Instruction* code) => (ushort*)(code + Words + 1);

    /// <summary>All of it anew, from <see cref="Encodings"/>.</summary>
    /// <param name="decodeFirst">Decodes an instruction, whose encoding is its immediate, and executes it.</param>
    /// <param name="next">What stands for the instruction behind the page.</param>
    /// <param name="heat">Branches to an instruction until it is hot.</param>
    public void Reset(Handler decodeFirst, Handler next, ushort heat)
    {
        _own.Clear();
        _regions.Clear();
        for (int index = 0; index < Words; index++)
        {
            Code[index] = new Instruction
            {
                Execute = decodeFirst, Imm = (int)Encodings[index], Extra = (byte)(index >> 8), Rd = (byte)index,
            };
        }

        Code[Words] = new Instruction { Execute = next };
        new Span<ushort>(Counters(Code), Words).Fill(heat);
        new Span<byte>(EntryNumbers(Code), Words + 1).Clear();
    }

    public bool HasEntry(int index) => EntryNumbers(Code)[index] != 0;

    /// <summary>The instruction's own handler, whatever was compiled for it.</summary>
    public Handler Own(Instruction* at) => _own.TryGetValue((int)(at - Code), out nint own) ? (Handler)own : at->Execute;

    /// <summary>From now on an instruction, which is decoded, is executed by a region.</summary>
    /// <param name="number">Of the entry among those of the region.</param>
    public void Enter(int index, int number, Handler region)
    {
        _own[index] = (nint)Code[index].Execute;
        EntryNumbers(Code)[index] = (byte)(number + 1);
        Code[index].Execute = region;
    }

    /// <summary>The page needs it for as long as it is itself.</summary>
    public void Keep(object region) => _regions.Add(region);
}
