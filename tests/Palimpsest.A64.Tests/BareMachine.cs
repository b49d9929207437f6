using System.Buffers.Binary;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.A64.Tests;

/// <summary>A core with a page of code, a page of data, a tagged page and one that is only read; no kernel.</summary>
internal sealed class BareMachine
{
    public const ulong Code = 0x10000;
    public const ulong Data = 0x20000;
    public const ulong Tagged = 0x30000;
    public const ulong ReadOnly = 0x40000;

    private readonly TaggedMemory _memory;
    private readonly CodePages _pages;
    private readonly Table _table = new();

    public BareMachine(params uint[] words)
        : this(Engine.Interpreter, threshold: 1, words)
    {
    }

    /// <param name="threshold">Branches to an instruction until it is compiled.</param>
    public BareMachine(Engine engine, int threshold, uint[] words)
    {
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(4 << 20, PageGeometry.Page4K), PageGeometry.Page4K);
        _memory = new TaggedMemory(layout, new TaggedMemoryOptions());
        Core = new Core(0, _memory, _table);
        Core.Registers.Ata0 = true;
        Core.Registers.Tcf0 = TagFaultMode.Synchronous;
        _pages = new CodePages(Core, engine) { Threshold = threshold };
        for (int index = 0; index < words.Length; index++)
        {
            Poke(Code + (ulong)(4 * index), words[index]);
        }

        Cpu.Pc = Code;
    }

    public Core Core { get; }

    public Cpu Cpu { get; } = new();

    internal CompilerCounters Compiled => _pages.Counters;

    public Stop Run(long instructions = 1000) => Cpu.Run(Core, _pages, instructions);

    public void Poke(ulong address, uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        _memory.Write(FrameOf(address), (int)(address & 4095), bytes);
    }

    public ulong Peek(ulong address) => _memory.Load64(FrameOf(address), (int)(address & 4095));

    /// <summary>Eight bytes of one page, wherever they begin.</summary>
    public ulong PeekUnaligned(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        _memory.Read(FrameOf(address), (int)(address & 4095), bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public void Poke64(ulong address, ulong value) => _memory.Store64(FrameOf(address), (int)(address & 4095), value);

    /// <summary>Tag of the granule at an address.</summary>
    public int TagAt(ulong address) => _memory.ReadTag(FrameOf(address), (int)(address & 4095) / 16);

    /// <summary>Gives the granule at an address the tag of its top byte, whatever is checked.</summary>
    public void Tag(ulong address) => _memory.WriteTag(FrameOf(address), (int)(address & 4095) / 16, LogicalTag.Of(address));

    /// <summary>The page behind one of the four gets a frame too, and the same rights.</summary>
    public void MapBehind(ulong page)
    {
        _table.Behind.Add(page + 4096);
        Core.InvalidatePage(page + 4096);
    }

    /// <summary>Frames 1 to 4 at 64 KiB each, and 17 to 20 for the pages behind.</summary>
    private static int FrameOf(ulong address) => (int)(address >> 16 & 15) + (int)(address >> 12 & 1) * 16;

    private sealed class Table : PageTable
    {
        public HashSet<ulong> Behind { get; } = [];

        public override bool TryTranslate(ulong page, out Translation translation)
        {
            ulong address = page << 12;
            ulong kind = address & ~0xFFFFUL;
            translation = new Translation(
                FrameOf(address), IsReadable: true, IsWritable: kind != ReadOnly, IsTagged: kind == Tagged, IsExecutable: kind == Code);
            return address is Code or Data or Tagged or ReadOnly || Behind.Contains(address);
        }
    }
}
