using System.Buffers.Binary;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>A copy of kpageflags is whole, from pfn 0 or from RAM on, or it is refused: what is missing is not free.</summary>
public sealed class PageFlagsSpanTests
{
    // The layout of the tests: 64 MiB from pfn 0x40000 on.
    private const int First = 0x40000;
    private const int Frames = 16384;

    [Theory]
    [InlineData(First + Frames, 0)]
    [InlineData(First + (1 << 15), 0)]
    [InlineData(First + (1 << 18), 0)]
    [InlineData(Frames, First)]
    [InlineData(1 << 15, First)]
    public void WholeCopiesAreReadFromWhereTheyBegin(int entries, int first)
    {
        byte[] flags = new byte[entries * 8];
        BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan((First + 5 - first) * 8), 1UL << 41);

        Assert.Equal([5], new PageFlagsSnapshot(flags, Recording.Layout, "kpageflags").TaggedFrames(Recording.Layout));
    }

    [Theory]
    [InlineData(First + Frames - 1, "in the middle of RAM")]
    [InlineData(First, "of RAM")]
    [InlineData(Frames - 1, "in the middle of RAM")]
    [InlineData(1, "in the middle of RAM")]
    [InlineData(First + (1 << 18) + 1, "a larger machine")]
    public void OthersAreRefused(int entries, string reason)
    {
        string message = Assert.Throws<InputException>(() =>
            new PageFlagsSnapshot(Holes(entries), Recording.Layout, "kpageflags")).Message;

        Assert.StartsWith($"kpageflags: {entries:N0} pages; a whole copy has 278,528 or a few more from pfn 0 on", message,
            StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACopyFromPfnZeroThatBreaksOffDoesNotPassForOneOfRam() =>
        Assert.Throws<InputException>(() => new PageFlagsSnapshot(Holes(Frames), Recording.Layout, "kpageflags"));

    [Fact]
    public void TagStorageOfTheTreeBelongsToTheRecordedRam()
    {
        MemoryBoard board = MemoryBoard.Flat(64 << 20, PageGeometry.Page4K);
        board = board with { TagStorage = [.. board.TagStorage.Select(span => span with { IsAssumed = false })] };
        MemoryLayout layout = MemoryLayout.For(board, PageGeometry.Page4K);
        int all = (int)(board.Banks[0].Range.Bytes >> 12);

        Assert.Empty(new PageFlagsSnapshot(new byte[all * 8], layout, "kpageflags").TaggedFrames(layout));
        Assert.Throws<InputException>(() => new PageFlagsSnapshot(new byte[Frames * 8], layout, "kpageflags"));
    }

    // Below RAM there is no page: KPF_NOPAGE.
    private static byte[] Holes(int entries)
    {
        byte[] flags = new byte[entries * 8];
        for (int entry = 0; entry < entries; entry++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan(entry * 8), 1UL << 20);
        }

        return flags;
    }
}
