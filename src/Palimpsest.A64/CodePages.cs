using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>
/// Decoded code of one core: by frame, since several addresses can map one, and by virtual page for the way there. A frame that
/// is written over is decoded anew; a translation that is forgotten is looked up anew.
/// </summary>
public sealed unsafe class CodePages : ITranslationListener, ICodeWatcher
{
    internal const int PageShift = 12;
    internal const int PageBytes = 1 << PageShift;

    private const int Slots = 512;
    private const ulong NoPage = ulong.MaxValue;
    private const int Words = PageBytes / 4;

    private readonly Entry[] _entries = new Entry[Slots];
    private readonly Dictionary<int, Instruction[]> _frames = [];

    // Code that was written over, and may still be executed until the next stop; then its room is used again.
    private readonly List<Instruction[]> _left = [];
    private readonly Stack<Instruction[]> _free = new();

    /// <summary>Takes over what a core and its memory tell of translations and of stores to code.</summary>
    public CodePages(Core core)
    {
        core.Listener = this;
        core.Memory.CodeWatcher = this;
        ForgetAll();
    }

    /// <summary>A page that can be executed, and where its instructions are.</summary>
    internal struct Entry
    {
        public ulong Page;
        public Instruction* Code;
    }

    public void Forget(ulong page)
    {
        // The top byte is not part of a page that is executed: code runs at canonical addresses of the low half.
        ref Entry entry = ref At(page);
        entry.Page = entry.Page == page ? NoPage : entry.Page;
    }

    public void ForgetAll()
    {
        foreach (ref Entry entry in _entries.AsSpan())
        {
            entry.Page = NoPage;
        }
    }

    public void CodeChanges(int frame)
    {
        if (_frames.Remove(frame, out Instruction[]? code))
        {
            _left.Add(code);
            Instruction* start = (Instruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(code));
            foreach (ref Entry entry in _entries.AsSpan())
            {
                entry.Page = entry.Code == start ? NoPage : entry.Page;
            }
        }
    }

    /// <summary>Nobody is in the middle of a page.</summary>
    internal void Settle()
    {
        foreach (Instruction[] code in _left)
        {
            _free.Push(code);
        }

        _left.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Entry At(ulong page) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), (nint)(page & (Slots - 1)));

    /// <summary>Makes the page of an address executable at once.</summary>
    internal AccessFault Load(Core core, ulong address)
    {
        AccessFault fault = core.Fetch(address, out int frame);
        if (!fault.IsNone)
        {
            return fault;
        }

        if (!_frames.TryGetValue(frame, out Instruction[]? code) || !core.Memory.IsCode(frame))
        {
            code = Undecoded(core, frame);
            _frames[frame] = code;
            core.Memory.Watch(frame);
            core.ForgetWrites(frame);
        }

        ref Entry entry = ref At(address >> PageShift);
        entry.Page = address >> PageShift;
        entry.Code = (Instruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(code));
        return default;
    }

    /// <summary>Encodings, each decoded when it is executed first; behind them the way to the next page.</summary>
    private Instruction[] Undecoded(Core core, int frame)
    {
        Span<uint> words = stackalloc uint[Words];
        core.Memory.Read(frame, 0, MemoryMarshal.AsBytes(words));
        Instruction[] code = _free.TryPop(out Instruction[]? room)
            ? room : GC.AllocateUninitializedArray<Instruction>(Words + 1, pinned: true);
        for (int index = 0; index < Words; index++)
        {
            code[index] = new Instruction { Execute = &DecodeFirst, Imm = (int)words[index], Extra = (byte)(index >> 8), Rd = (byte)index };
        }

        code[Words] = new Instruction { Execute = &GoToNextPage };
        return code;
    }

    private static Instruction* DecodeFirst(Cpu cpu, Instruction* at)
    {
        *at = Decoder.Decode(at->Word, at->Extra << 8 | at->Rd);
        return at->Execute(cpu, at);
    }

    private static Instruction* GoToNextPage(Cpu cpu, Instruction* at)
    {
        Instruction* next = cpu.GoTo(cpu.PageAddress + PageBytes);
        return next == null ? cpu.Unfetched() : next->Execute(cpu, next);
    }
}
