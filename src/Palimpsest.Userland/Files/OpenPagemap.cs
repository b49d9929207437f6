using System.Buffers.Binary;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Files;

internal sealed class PagemapNode() : Node(FileType | 0x100);

/// <summary>/proc/self/pagemap: eight bytes a page (fs/proc/task_mmu.c). arm64 of 6.12 has no soft-dirty bit.</summary>
internal sealed class OpenPagemap(Node node, int flags, GuestMemory memory) : OpenFile(node, flags)
{
    private const ulong Present = 1UL << 63;
    private const ulong Swapped = 1UL << 62;
    private const ulong OfFile = 1UL << 61;
    private const ulong Alone = 1UL << 56;
    private const int EntryBytes = 8;

    public override int Read(Memory<byte> into, long offset)
    {
        if (offset % EntryBytes != 0 || into.Length % EntryBytes != 0)
        {
            throw new CallException(Errno.EINVAL);
        }

        for (int at = 0; at < into.Length; at += EntryBytes)
        {
            ulong page = (ulong)((offset + at) / EntryBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(into.Span[at..], page < memory.Space.Tables.EndPage ? EntryOf(page) : 0);
        }

        return into.Length;
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EBADF);

    private ulong EntryOf(ulong page)
    {
        Pte entry = memory.Space.Tables.Get(page);
        bool isOfFile = memory.Space.Areas.Find(page) is { Backing: not null };
        return entry.IsSwap ? Swapped : !entry.IsPresent ? 0
            : Present | (isOfFile ? OfFile : 0) | (entry.Has(Pte.SpecialBit) || memory.IsMappedByOthers(entry) ? 0 : Alone)
            | (uint)memory.Space.Tables.FrameIn(entry, page).Index;
    }
}
