using CsCheck;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Tables against a dictionary: what was written is found, the next mapped page is the next, and no table is lost.</summary>
public sealed class PageTableLaws
{
    // Few places, in tables that are far apart and side by side, at their ends and in their middle.
    private static readonly ulong[] Tables = [0, 511, 512, 1 << 18, (1 << 18) - 1, (1UL << 27) - 512];

    private static readonly Gen<ulong> Place = Gen.Select(
        Gen.Int[0, Tables.Length - 1], Gen.ULong[0, 3], (table, page) => Tables[table] + page);

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    public void TablesHoldWhatWasWritten(int pageBytes) => Law.Holds(Gen.Select(Gen.Int[0, 5], Place).Array[60], 200, steps =>
    {
        PageTables tables = new(PageGeometry.For(pageBytes));
        Dictionary<ulong, Pte> plain = [];
        Frame frame = new(0);
        foreach ((int act, ulong page) in steps.Where(step => step.Item2 < tables.EndPage))
        {
            if (tables.NeedsTable(page))
            {
                tables.AddTable(page, ++frame);
            }

            Pte entry = act < 2 ? Pte.None : Pte.Present(++frame, Pte.YoungBit);
            Assert.Equal(plain.GetValueOrDefault(page), tables.Replace(page, entry));
            plain[page] = entry;
            Assert.Equal(entry, tables.Get(page));
        }

        ulong[] mapped = [.. plain.Where(entry => !entry.Value.IsNone).Select(entry => entry.Key).Order()];
        List<ulong> found = [];
        for (ulong page = tables.NextMapped(0, tables.EndPage); page < tables.EndPage; page = tables.NextMapped(page + 1, tables.EndPage))
        {
            found.Add(page);
        }

        Assert.Equal(mapped, found);
        Array.ForEach(mapped, page => tables.Set(page, Pte.None));
        int count = tables.Tables - 1;
        Assert.Equal(count, tables.TakeEmptyTables(0, tables.EndPage).Count());
        Assert.Equal(1, tables.Tables);
    });

    [Fact]
    public void AHugeEntryStandsForEachOfItsPages()
    {
        PageTables tables = new(PageGeometry.Page4K);
        tables.SetHuge(1024, Pte.Present(new Frame(7 * 512), Pte.HugeBit | Pte.WritableBit | Pte.DirtyBit));

        Assert.True(tables.TryTranslate(1024 + 33, out Machine.Cores.Translation translation));
        Assert.Equal((7 * 512) + 33, translation.Frame);
        Assert.True(tables.Huge(1024).Has(Pte.YoungBit));
        Assert.Equal(1024UL, tables.NextMapped(0, 5000));
        Assert.False(tables.TryTranslate(1536, out _));
    }

    [Fact]
    public void AreasAreCutAndFound() => Law.Holds(Gen.Select(Gen.ULong[0, 60], Gen.ULong[1, 12], Gen.Bool).Array[40], 200, steps =>
    {
        VmAreaList areas = new();
        SortedSet<ulong> pages = [];
        foreach ((ulong start, ulong count, bool isAdded) in steps)
        {
            if (isAdded && !Enumerable.Range(0, (int)count).Any(page => pages.Contains(start + (ulong)page)))
            {
                areas.Add(new VmArea(start, start + count, Protection.Read, file: null, 0, isShared: false));
                pages.UnionWith(Enumerable.Range(0, (int)count).Select(page => start + (ulong)page));
            }
            else if (!isAdded)
            {
                areas.Cut(start, start + count).ForEach(areas.Remove);
                pages.RemoveWhere(page => page >= start && page < start + count);
            }

            Assert.Equal(pages,
                areas.All.SelectMany(area => Enumerable.Range(0, (int)area.Pages).Select(page => area.Start + (ulong)page)));
        }

        for (ulong page = 0; page < 80; page++)
        {
            Assert.Equal(pages.Contains(page), areas.Find(page) is not null);
        }

        ulong gap = areas.FindGap(0, 5, 4, 200)!.Value;
        Assert.Equal(0UL, gap % 4);
        Assert.DoesNotContain(pages, page => page >= gap && page < gap + 5);
    });
}
