using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>What holds for every board that the reader accepts.</summary>
internal static class BoardAudit
{
    public static void Check(MemoryBoard board, PageGeometry geometry)
    {
        AssertDisjoint(board.Banks.Select(bank => bank.Range));
        AssertDisjoint(board.Reserved.Select(range => range.Range));
        AssertDisjoint(board.CmaPools.Select(pool => pool.Range));
        AssertDisjoint(board.TagStorage.Select(span => span.Storage));
        AssertDisjoint(board.TagStorage.Select(span => span.Covered).Order());
        AssertDisjoint(board.CmaPools.Select(pool => pool.Range)
            .Concat(board.TagStorage.Select(span => span.Storage))
            .Concat(board.Reserved.Select(range => range.Range)).Order());
        AssertDisjoint(board.TagStorage.SelectMany(span => new[] { span.Storage, span.Covered }).Order());
        Assert.All(board.CmaPools, pool => Assert.Contains(board.Zones, zone => zone.Range.Contains(pool.Range)));
        Assert.All(board.TagStorage, span => CheckSpan(board, span, geometry));
    }

    private static void CheckSpan(MemoryBoard board, TagStorageSpan span, PageGeometry geometry)
    {
        Assert.Contains(board.Banks, bank => bank.Range.Contains(span.Storage));
        Assert.Contains(board.Banks, bank => bank.Range.Contains(span.Covered));
        Assert.Contains(board.Zones, zone => zone.Range.Contains(span.Storage));
        Assert.True(span.Covered.Bytes > 0);
        Assert.True(span.Storage.Bytes * TagGeometry.DataFramesPerStorageFrame >= span.Covered.Bytes);
        ulong blockBytes = geometry.BytesOf((ulong)span.BlockFrames(geometry));
        Assert.Equal(0UL, span.Storage.Bytes % blockBytes);
    }

    private static void AssertDisjoint(IEnumerable<PhysicalRange> sorted)
    {
        PhysicalRange[] ranges = [.. sorted];
        for (int i = 1; i < ranges.Length; i++)
        {
            Assert.True(ranges[i - 1].End <= ranges[i].Start.Value, $"{ranges[i - 1]} before {ranges[i]}");
        }
    }
}
