using System.Buffers.Binary;
using System.Text;
using Palimpsest.Kernel.Tables;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Loading;

/// <summary>Puts a program, its interpreter, its stack and what it is told into an empty memory (fs/binfmt_elf.c).</summary>
internal sealed class ProgramLoader(GuestSystem system)
{
    private const ulong MovableBase = 0x55_5555_0000;
    private const ulong StackBytes = 8 << 20;
    private const ulong LeastBreakGap = 0x1000;

    // mov x8, #139; svc #0: what a handler without a restorer returns to.
    private static readonly uint[] ReturnCode = [0xD2801168, 0xD4000001];

    /// <summary>Whether a file is a program that can be loaded.</summary>
    public static ElfImage? ImageOf(FileNode file) => ElfImage.Read((offset, count) => ReadAt(file, offset, count));

    public static byte[] ReadAt(FileNode file, long offset, int count)
    {
        byte[] bytes = new byte[count];
        return bytes[..file.Read(offset, bytes)];
    }

    /// <exception cref="CallException">It cannot be mapped, or its interpreter is missing.</exception>
    public void Load(GuestThread thread, FileNode file, ElfImage image, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        GuestProcess process = thread.Process;
        GuestMemory memory = process.Memory;
        ulong bias = Map(memory, file, image, image.IsMovable ? MovableBase : 0);
        ulong entry = image.Entry + bias;
        ulong interpreterBase = 0;
        if (image.Interpreter is { } path)
        {
            FileNode linker = system.Tree.Find(path) as FileNode ?? throw new CallException(Errno.ENOENT);
            ElfImage linkerImage = ImageOf(linker) ?? throw new CallException(Errno.ENOEXEC);
            interpreterBase = Map(memory, linker, linkerImage, at: null);
            entry = linkerImage.Entry + interpreterBase;
        }

        process.BreakStart = process.Break = PageUp(image.Segments.Max(segment => segment.Address + segment.MemoryBytes) + bias)
            + LeastBreakGap;
        process.ReturnCode = memory.Map(GuestMemory.PageBytes, Protection.Read | Protection.Execute, file: null, 0, false, at: null)
            ?? throw new CallException(Errno.ENOMEM);
        PokeCode(memory, process.ReturnCode);
        process.StackEnd = memory.EndAddress - (16 * GuestMemory.PageBytes);
        memory.Map(StackBytes, Protection.Read | Protection.Write, file: null, 0, false, process.StackEnd - StackBytes);
        AuxiliaryVector auxiliary = new(image, bias, interpreterBase, memory.CanTag);
        thread.Cpu.Sp = new InitialStack(memory, process).Fill(arguments, environment, auxiliary, system.RandomBytes(16));
        thread.Cpu.Pc = entry;
    }

    /// <returns>What is added to its addresses.</returns>
    private static ulong Map(GuestMemory memory, FileNode file, ElfImage image, ulong? at)
    {
        ulong first = PageDown(image.Segments.Min(segment => segment.Address));
        ulong end = PageUp(image.Segments.Max(segment => segment.Address + segment.MemoryBytes));
        ulong place = at is { } given ? given + first
            : memory.Map(end - first, Protection.None, file: null, 0, false, at: null) ?? throw new CallException(Errno.ENOMEM);
        ulong bias = place - first;
        if (at is null)
        {
            memory.Unmap(place, end - first);
        }

        foreach (ElfSegment segment in image.Segments)
        {
            Map(memory, file, segment, bias);
        }

        return bias;
    }

    private static void Map(GuestMemory memory, FileNode file, ElfSegment segment, ulong bias)
    {
        ulong start = PageDown(segment.Address + bias);
        ulong inPage = segment.Address + bias - start;
        ulong fileEnd = segment.Address + bias + segment.FileBytes;
        ulong memoryEnd = PageUp(segment.Address + bias + segment.MemoryBytes);
        Protection protection = (Protection)((segment.Flags >> 2 & 1) | (segment.Flags & 2) | (segment.Flags & 1) << 3);
        if (segment.FileBytes > 0)
        {
            file.Object.Users++;
            memory.Map(segment.FileBytes + inPage, protection, file.Object, (long)(segment.Offset - inPage), false, start);
            file.Object.Users--;
        }

        ulong mapped = segment.FileBytes > 0 ? PageUp(fileEnd) : start;
        if (memoryEnd > mapped)
        {
            memory.Map(memoryEnd - mapped, protection, file: null, 0, false, mapped);
        }

        if (segment.MemoryBytes > segment.FileBytes && mapped > fileEnd && segment.FileBytes > 0)
        {
            memory.TryWrite(fileEnd, new byte[mapped - fileEnd], isChecked: false);
        }
    }

    private static void PokeCode(GuestMemory memory, ulong address)
    {
        byte[] code = new byte[4 * ReturnCode.Length];
        for (int index = 0; index < ReturnCode.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(4 * index), ReturnCode[index]);
        }

        memory.Protect(address, GuestMemory.PageBytes, Protection.Read | Protection.Write);
        memory.TryWrite(address, code, isChecked: false);
        memory.Protect(address, GuestMemory.PageBytes, Protection.Read | Protection.Execute);
    }

    private static ulong PageDown(ulong address) => address & ~(ulong)(GuestMemory.PageBytes - 1);

    private static ulong PageUp(ulong address) => PageDown(address + GuestMemory.PageBytes - 1);
}

/// <summary>What the kernel tells of a program as numbers.</summary>
internal readonly record struct AuxiliaryVector(ElfImage Image, ulong Bias, ulong InterpreterBase, bool CanTag)
{
    // FP, ASIMD, CRC32, ATOMICS; MTE and MTE3.
    private const ulong Capabilities = 1 << 0 | 1 << 1 | 1 << 7 | 1 << 8;
    private const ulong TagCapabilities = 1 << 18 | 1 << 22;
    private const ulong SignalStackBytes = 4720;

    public IEnumerable<(ulong Type, ulong Value)> Entries(ulong random, ulong platform, ulong file) =>
    [
        (3, Image.HeadersAddress + Bias), (4, 56), (5, (ulong)Image.Headers), (6, GuestMemory.PageBytes), (7, InterpreterBase), (8, 0),
        (9, Image.Entry + Bias), (11, 0), (12, 0), (13, 0), (14, 0), (15, platform), (16, Capabilities), (17, 100), (23, 0),
        (25, random), (26, CanTag ? TagCapabilities : 0), (31, file), (51, SignalStackBytes), (0, 0),
    ];
}

/// <summary>The stack that a program starts with: argument and environment strings, their addresses, and the auxiliary vector.</summary>
internal sealed class InitialStack(GuestMemory memory, GuestProcess process)
{
    private ulong _top;

    /// <returns>The stack pointer.</returns>
    public ulong Fill(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, AuxiliaryVector auxiliary, byte[] random)
    {
        _top = process.StackEnd - 16;
        ulong file = Push(process.Executable);
        ulong platform = Push("aarch64");
        ulong[] variables = [.. environment.Reverse().Select(Push).Reverse()];
        ulong[] words = [.. arguments.Reverse().Select(Push).Reverse()];
        _top = (_top - (ulong)random.Length) & ~15UL;
        ulong seed = _top;
        memory.TryWrite(seed, random, isChecked: false);
        (ulong Type, ulong Value)[] entries = [.. auxiliary.Entries(seed, platform, file)];
        ulong[] content =
        [
            (ulong)words.Length, .. words, 0, .. variables, 0, .. entries.SelectMany(entry => new[] { entry.Type, entry.Value }),
        ];
        ulong start = (_top - ((ulong)content.Length * 8)) & ~15UL;
        byte[] bytes = new byte[content.Length * 8];
        Buffer.BlockCopy(content, 0, bytes, 0, bytes.Length);
        memory.TryWrite(start, bytes, isChecked: false);
        process.Auxiliary = bytes[^(16 * entries.Length)..];
        return start;
    }

    private ulong Push(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + '\0');
        _top -= (ulong)bytes.Length;
        memory.TryWrite(_top, bytes, isChecked: false);
        return _top;
    }
}
