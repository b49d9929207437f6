using CsCheck;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.Dram;

/// <summary>Machines of a few blocks of tag storage, directly above the memory that they cover.</summary>
internal static class SmallMachine
{
    private const ulong Base = 0x4000_0000;

    public static readonly Gen<(int PageBytes, int BlockFrames)> Geometries =
        Gen.Select(Gen.Int[0, 2].Select(index => 4096 << (index * 2)), Gen.Int[1, 4]);

    public static TheoryData<int, int> AllGeometries()
    {
        TheoryData<int, int> all = [];
        foreach (int page in new[] { 4096, 16384, 65536 })
        {
            for (int block = 1; block <= 4; block++)
            {
                all.Add(page, block);
            }
        }

        return all;
    }

    public static MemoryLayout Layout(int pageBytes = 4096, int blockFrames = 1, int blocks = 2)
    {
        var page = (ulong)pageBytes;
        ulong storage = page * (ulong)(blockFrames * blocks);
        return Of(pageBytes, [Bank(Base, storage * 33)], [Span(Base + (storage * 32), storage, Base, (ulong)blockFrames * page)]);
    }

    /// <summary>Two regions: storage below its memory with blocks of one page, and above it with blocks of two.</summary>
    public static MemoryLayout TwoRegions()
    {
        const ulong page = 4096;
        const ulong second = Base + (64 << 20);
        return Of(
            4096,
            [Bank(Base, 132 * page), Bank(second, 198 * page)],
            [Span(Base, 4 * page, Base + (4 * page), page), Span(second + (192 * page), 6 * page, second, 2 * page)]);
    }

    /// <summary>A memory node that includes the carve-out at its end: the map covers its own storage.</summary>
    public static MemoryLayout CarveOutWithin()
    {
        const ulong page = 4096;
        return Of(4096, [Bank(Base, 128 * page)], [Span(Base + (124 * page), 4 * page, Base, page)]);
    }

    public static MemoryLayout WithoutStorage() => Of(4096, [Bank(Base, 64 * 4096)], []);

    /// <summary>Five frames of storage in blocks of two.</summary>
    public static MemoryLayout Ragged()
    {
        const ulong page = 4096;
        return Of(4096, [Bank(Base, 165 * page)], [Span(Base + (160 * page), 5 * page, Base, 2 * page)]);
    }

    public static TaggedMemory Memory(int pageBytes = 4096, int blockFrames = 1, TaggedMemoryOptions? options = null) =>
        new(Layout(pageBytes, blockFrames), options ?? new TaggedMemoryOptions());

    private static MemoryLayout Of(int pageBytes, MemoryBank[] banks, TagStorageSpan[] spans) =>
        MemoryLayout.For(new MemoryBoard("small", banks, [], [], spans, "none", []), PageGeometry.For(pageBytes));

    private static MemoryBank Bank(ulong start, ulong bytes) => new(new PhysicalRange(new PhysicalAddress(start), bytes), Node: 0);

    private static TagStorageSpan Span(ulong storage, ulong bytes, ulong covered, ulong blockBytes) => new(
        new PhysicalRange(new PhysicalAddress(storage), bytes),
        new PhysicalRange(new PhysicalAddress(covered), bytes * 32),
        blockBytes, IsAssumed: false, "tags");
}
