using System.Buffers.Binary;
using Palimpsest.Kernel;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>A copy of /proc/kpageflags: eight bytes a frame (include/uapi/linux/kernel-page-flags.h, 6.1).</summary>
public sealed class PageFlagsSnapshot : IStartState
{
    private readonly byte[] _flags;
    private readonly Pfn _first;

    /// <param name="flags">The file's bytes.</param>
    /// <param name="layout">Tells whether the file begins at pfn 0, as the kernel's does, or at the first bank.</param>
    /// <exception cref="InputException">The size fits neither: the copy breaks off, or is of another machine.</exception>
    public PageFlagsSnapshot(byte[] flags, MemoryLayout layout, string name)
    {
        _flags = flags;
        ulong entries = (ulong)flags.Length / sizeof(ulong);
        if (flags.Length % sizeof(ulong) != 0 || entries == 0)
        {
            throw new InputException($"{name}: {flags.Length:N0} bytes are not whole entries of 8; give a whole copy of /proc/kpageflags");
        }

        bool isHole = (BinaryPrimitives.ReadUInt64LittleEndian(flags) & PageFlags.NoPage) != 0;
        _first = PageFlagsSpan.First(entries, isHole, layout, name);
    }

    /// <summary>Pages in use when the recording began of which it has no event, by frame.</summary>
    public IEnumerable<InitialPage> Unseen(StartEvidence evidence)
    {
        MemoryLayout layout = evidence.Layout;
        for (Frame frame = new(0); frame.Index < layout.Frames; frame++)
        {
            if (!evidence.IsSeen(frame.Index) && InUse(layout.PfnOf(frame.Index), out bool isMovable))
            {
                yield return new InitialPage(frame.Index, isMovable);
            }
        }
    }

    /// <summary>Was the frame in the buddy allocator?</summary>
    public bool IsFree(MemoryLayout layout, Frame frame) =>
        FlagsOf(layout.PfnOf(frame.Index)) is { } flags && (flags & PageFlags.Buddy) != 0;

    /// <summary>Frames of the board whose page was tagged.</summary>
    public IEnumerable<int> TaggedFrames(MemoryLayout layout)
    {
        for (Frame frame = new(0); frame.Index < layout.Frames; frame++)
        {
            if (FlagsOf(layout.PfnOf(frame.Index)) is { } flags && (flags & (PageFlags.Tagged | PageFlags.NoPage)) == PageFlags.Tagged)
            {
                yield return frame.Index;
            }
        }
    }

    private bool InUse(Pfn pfn, out bool isMovable)
    {
        if (FlagsOf(pfn) is not { } flags)
        {
            isMovable = false;
            return false;
        }

        isMovable = (flags & PageFlags.Lru) != 0 && (flags & PageFlags.Reserved) == 0;
        return (flags & (PageFlags.Buddy | PageFlags.NoPage)) == 0;
    }

    private ulong? FlagsOf(Pfn pfn)
    {
        ulong index = pfn.Value - _first.Value;
        return pfn >= _first && index < (ulong)_flags.Length / sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64LittleEndian(_flags.AsSpan((int)(index * sizeof(ulong))))
            : null;
    }
}
