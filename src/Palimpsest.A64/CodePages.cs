using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Compilation;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>
/// Decoded code of one core: by frame, since several addresses can map one, and by virtual page for the way there. A frame that
/// is written over is decoded anew, and what was compiled of it is gone; a translation that is forgotten is looked up anew.
/// </summary>
public sealed unsafe class CodePages : ITranslationListener, ICodeWatcher
{
    internal const int PageShift = 12;
    internal const int PageBytes = 1 << PageShift;

    private const int Slots = 512;
    private const int ShortWays = 65536;
    private const ulong NoPage = ulong.MaxValue;

    private readonly Entry[] _entries = new Entry[Slots];
    private readonly Dictionary<int, CodePage> _frames = [];
    private readonly Dictionary<nint, CodePage> _pages = [];

    // Pages that jumps may be known to.
    private readonly HashSet<ulong> _jumpedTo = [];

    // Code that was written over, and may still be executed until the next stop; then its room is used again.
    private readonly List<CodePage> _left = [];
    private readonly Stack<CodePage> _free = new();
    private readonly RegionCompiler? _compiler;
    private bool _checksTags;

    /// <summary>Takes over what a core and its memory tell of translations and of stores to code.</summary>
    /// <param name="engine">Whether hot code is compiled; where nothing can be, it is interpreted.</param>
    public CodePages(Core core, Engine engine = Engine.Interpreter)
    {
        core.Listener = this;
        core.WidenShortWays(ShortWays);
        core.Memory.CodeWatcher = this;
        _compiler = engine == Engine.Compiler && RegionCompiler.IsSupported ? new RegionCompiler(core, Jumps) : null;
        ForgetAll();
    }

    /// <summary>A page that can be executed, and where its instructions are.</summary>
    internal struct Entry
    {
        public ulong Page;
        public Instruction* Code;
    }

    /// <summary>Whether code can be compiled while the program runs; a native program cannot.</summary>
    public static bool CanCompile => RegionCompiler.IsSupported;

    internal JumpCache Jumps { get; } = new();

    /// <summary>What was compiled so far.</summary>
    internal CompilerCounters Counters { get; } = new();

    /// <summary>Branches to an instruction until it is compiled.</summary>
    public int Threshold { get; init; } = 500;

    /// <summary>What was decoded of a page is dropped; the address is of its first byte.</summary>
    public void Forget(ulong page)
    {
        // The top byte is not part of a page that is executed: code runs at canonical addresses of the low half.
        ref Entry entry = ref At(page);
        entry.Page = entry.Page == page ? NoPage : entry.Page;
        if (_jumpedTo.Remove(page))
        {
            Jumps.Clear();
        }
    }

    /// <summary>Nothing is kept: a fork, an exec, or a table that was changed as a whole.</summary>
    public void ForgetAll()
    {
        Jumps.Clear();
        _jumpedTo.Clear();
        foreach (ref Entry entry in _entries.AsSpan())
        {
            entry.Page = NoPage;
        }
    }

    /// <summary>
    /// A frame whose bytes were decoded is written: every page that was decoded from it is dropped (<c>IC IVAU</c> of self-modifying code).
    /// </summary>
    public void CodeChanges(int frame)
    {
        if (_frames.Remove(frame, out CodePage? page))
        {
            _left.Add(page);
            Jumps.Clear();
            foreach (ref Entry entry in _entries.AsSpan())
            {
                entry.Page = entry.Code == page.Code ? NoPage : entry.Page;
            }
        }
    }

    /// <summary>Nobody is in the middle of a page.</summary>
    internal void Settle(Core core)
    {
        if (core.ChecksTags != _checksTags)
        {
            _checksTags = core.ChecksTags;
            Recompile();
        }

        foreach (CodePage page in _left)
        {
            _free.Push(page);
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

        if (!_frames.TryGetValue(frame, out CodePage? page) || !core.Memory.IsCode(frame))
        {
            page = Undecoded(core, frame);
            _frames[frame] = page;
            core.Memory.Watch(frame);
            core.ForgetWrites(frame);
        }

        ref Entry entry = ref At(address >> PageShift);
        entry.Page = address >> PageShift;
        entry.Code = page.Code;
        _jumpedTo.Add(entry.Page);
        return default;
    }

    /// <summary>What was compiled without a look at tags takes the long way where there are some: it is compiled anew.</summary>
    private void Recompile()
    {
        Jumps.Clear();
        foreach (CodePage page in _frames.Values)
        {
            page.Reset(&DecodeFirst, &GoToNextPage, (ushort)Threshold);
        }
    }

    /// <summary>What executes an instruction by itself, even where a region was compiled.</summary>
    internal Handler Own(Instruction* code, Instruction* at) => _pages[(nint)code].Own(at);

    /// <summary>An instruction has been branched to often.</summary>
    internal void Compile(Instruction* code, Instruction* at) => _compiler?.Compile(_pages[(nint)code], (int)(at - code), Counters);

    /// <summary>Encodings, each decoded when it is executed first; behind them the way to the next page.</summary>
    private CodePage Undecoded(Core core, int frame)
    {
        if (!_free.TryPop(out CodePage? page))
        {
            page = new CodePage();
            _pages[(nint)page.Code] = page;
        }

        core.Memory.Read(frame, 0, MemoryMarshal.AsBytes(page.Encodings.AsSpan()));
        page.Reset(&DecodeFirst, &GoToNextPage, (ushort)Threshold);
        return page;
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
