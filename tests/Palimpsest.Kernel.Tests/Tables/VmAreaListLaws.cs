using Palimpsest.Kernel.Tables;

namespace Palimpsest.Kernel.Tests.Tables;

/// <summary>Areas that are added, cut, taken out and looked for at random, against an array with the area of each page.</summary>
public sealed class VmAreaListLaws
{
    private const int Pages = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void EveryPageIsInTheAreaThatTheArraySays(int seed)
    {
        Random random = new(seed);
        VmAreaList list = new();
        // The number of the mapping that holds a page, and its index in it.
        (int Mapping, int Index)?[] pages = new (int, int)?[Pages];
        for (int step = 1; step <= 400; step++)
        {
            int start = random.Next(Pages);
            int end = random.Next(start + 1, Math.Min(Pages, start + 40) + 1);
            if (random.Next(2) == 0)
            {
                TryAdd(list, pages, start, end, step * 1000);
            }
            else
            {
                Take(list, pages, start, end);
            }

            Check(list, pages, random);
        }
    }

    [Fact]
    public void AreasThatOverlapAreRefusedAndNeighboursAreNot()
    {
        VmAreaList list = new();
        list.Add(Area(10, 20));
        list.Add(Area(20, 30));
        list.Add(Area(5, 10));

        Assert.Throws<InvalidOperationException>(() => list.Add(Area(29, 31)));
        Assert.Throws<InvalidOperationException>(() => list.Add(Area(0, 6)));
        Assert.Throws<InvalidOperationException>(() => list.Add(Area(12, 13)));
        Assert.Throws<InvalidOperationException>(() => list.Add(Area(0, 100)));
        Assert.Equal([5UL, 10, 20], list.All.Select(area => area.Start));
    }

    [Fact]
    public void ACutKeepsRightsAndAdviceInBothHalves()
    {
        VmAreaList list = new();
        list.Add(new VmArea(10, 20, Protection.Read | Protection.Mte, file: null, fileStart: 100, isShared: true) { WantsHuge = true });
        VmArea middle = Assert.Single(list.Cut(13, 15));

        Assert.Equal((13UL, 15UL, 103), (middle.Start, middle.End, middle.FileStart));
        Assert.Equal([(10UL, 13UL, 100), (13UL, 15UL, 103), (15UL, 20UL, 105)],
            list.All.Select(area => (area.Start, area.End, area.FileStart)));
        Assert.All(list.All, area => Assert.True(area is { IsTagged: true, IsWritable: false, IsShared: true, WantsHuge: true }));
        Assert.Equal([10UL, 10, 10, 13, 13, 15, 15, 15, 15, 15], Enumerable.Range(10, 10).Select(page => list.Find((ulong)page)!.Start));
        Assert.Empty(list.Cut(20, 40));
        Assert.Equal(3, list.All.Count);
    }

    [Theory]
    [InlineData(0, 5, 1, 0)]
    [InlineData(0, 11, 1, 32)]
    [InlineData(0, 10, 1, 0)]
    [InlineData(3, 8, 1, 32)]
    [InlineData(3, 7, 1, 3)]
    [InlineData(12, 5, 1, 32)]
    [InlineData(12, 1, 1, 30)]
    [InlineData(0, 5, 8, 0)]
    [InlineData(1, 5, 8, 32)]
    [InlineData(25, 68, 1, 32)]
    [InlineData(25, 69, 1, -1)]
    [InlineData(31, 68, 1, 32)]
    [InlineData(90, 11, 1, -1)]
    [InlineData(0, 64, 64, -1)]
    public void TheFirstGapIsFound(int from, int pages, int alignment, int expected)
    {
        // 10 to 20, 20 to 30 and page 31 are taken, of 100.
        VmAreaList list = new();
        list.Add(Area(10, 20));
        list.Add(Area(20, 30));
        list.Add(Area(31, 32));
        ulong? gap = list.FindGap((ulong)from, (ulong)pages, (ulong)alignment, 100);

        Assert.Equal(expected < 0 ? null : (ulong?)expected, gap);
    }

    private static VmArea Area(ulong start, ulong end, int fileStart = 0) =>
        new(start, end, Protection.Read, file: null, fileStart, isShared: false);

    private static void TryAdd(VmAreaList list, (int Mapping, int Index)?[] pages, int start, int end, int mapping)
    {
        if (pages.AsSpan(start, end - start).ContainsAnyExcept((ValueTuple<int, int>?)null))
        {
            Assert.Throws<InvalidOperationException>(() => list.Add(Area((ulong)start, (ulong)end, mapping)));
            return;
        }

        list.Add(Area((ulong)start, (ulong)end, mapping));
        for (int page = start; page < end; page++)
        {
            pages[page] = (mapping, page - start);
        }
    }

    private static void Take(VmAreaList list, (int Mapping, int Index)?[] pages, int start, int end)
    {
        List<VmArea> inside = list.Cut((ulong)start, (ulong)end);
        Assert.Equal(pages[start..end].Count(page => page is not null), inside.Sum(area => (int)area.Pages));
        foreach (VmArea area in inside)
        {
            list.Remove(area);
        }

        pages.AsSpan(start, end - start).Clear();
    }

    private static void Check(VmAreaList list, (int Mapping, int Index)?[] pages, Random random)
    {
        Assert.Equal(list.All.OrderBy(area => area.Start), list.All);
        for (int page = 0; page < Pages; page++)
        {
            VmArea? area = list.Find((ulong)page);
            Assert.Equal(pages[page] is { } at ? at.Mapping + at.Index : null, area?.IndexOf((ulong)page));
        }

        int from = random.Next(Pages);
        int count = random.Next(1, 30);
        int alignment = 1 << random.Next(4);
        int? expected = null;
        for (int start = (from + alignment - 1) / alignment * alignment; start + count <= Pages && expected is null; start += alignment)
        {
            expected = pages.AsSpan(start, count).ContainsAnyExcept((ValueTuple<int, int>?)null) ? null : start;
        }

        Assert.Equal((ulong?)expected, list.FindGap((ulong)from, (ulong)count, (ulong)alignment, Pages));
    }
}
