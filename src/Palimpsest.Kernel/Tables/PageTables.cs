using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Cores;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>
/// The translation tables of one address space: three levels of one page each, so 39 bits of address with 4 KiB pages.
/// A huge page stands in the middle level.
/// </summary>
internal sealed class PageTables(PageGeometry geometry) : PageTable
{
    private readonly int _bits = geometry.PageShift - 3;
    private readonly Middle?[] _top = new Middle?[1 << (geometry.PageShift - 3)];
    private ulong _leafPage = ulong.MaxValue;
    private readonly StepLock _topLock = NewLock();
    private Leaf? _leaf;

    /// <summary>Pages that one table maps, and pages of a huge page.</summary>
    public int PagesPerTable => 1 << _bits;

    /// <summary>First page that cannot be mapped.</summary>
    public ulong EndPage => 1UL << Math.Min(3 * _bits, 48 - geometry.PageShift);

    /// <summary>Table pages in use.</summary>
    public int Tables { get; private set; } = 1;

    public override bool TryTranslate(ulong page, out Translation translation)
    {
        Pte entry = Get(page);
        if (!entry.IsAccessible)
        {
            translation = default;
            return false;
        }

        if (!entry.Has(Pte.YoungBit))
        {
            Replace(page, entry.With(Pte.YoungBit));
        }

        Frame frame = FrameIn(entry, page);
        // Without hardware management of the dirty state a clean entry is read-only, and the first write faults.
        bool isWritable = (entry.Bits & (Pte.WritableBit | Pte.DirtyBit)) == (Pte.WritableBit | Pte.DirtyBit);
        translation = new Translation(frame.Index, IsReadable: true, isWritable, entry.Has(Pte.TaggedBit), entry.Has(Pte.ExecutableBit));
        return true;
    }

    /// <summary>Entry of a page; that of the huge page where one is mapped as a whole.</summary>
    public Pte Get(ulong page)
    {
        Leaf? leaf = FindLeaf(page);
        return leaf is not null ? new Pte(leaf.Entries[IndexOf(page)]) : Huge(page);
    }

    /// <summary>Frame of a page by its entry: of a huge one, that part.</summary>
    public Frame FrameIn(Pte entry, ulong page) =>
        entry.Frame + (entry.Has(Pte.HugeBit) ? (int)(page & (ulong)(PagesPerTable - 1)) : 0);

    /// <summary>The huge entry that covers a page, or none.</summary>
    public Pte Huge(ulong page) => MiddleOf(page)?.Huge is { } huge ? new Pte(huge[MiddleIndexOf(page)]) : Pte.None;

    /// <summary>True when <see cref="Set"/> needs a new table.</summary>
    public bool NeedsTable(ulong page) => FindLeaf(page) is null;

    /// <param name="tableFrame">Memory of the new table; none when it is not accounted.</param>
    public void AddTable(ulong page, Frame tableFrame)
    {
        Middle middle = _top[(int)(page >> (2 * _bits))] ??= new Middle(PagesPerTable);
        middle.Leaves[MiddleIndexOf(page)] = new Leaf(PagesPerTable, tableFrame);
        Tables++;
    }

    /// <summary>Writes an entry of a page whose table exists.</summary>
    public void Set(ulong page, Pte entry)
    {
        if (FindLeaf(page) is null)
        {
            throw new InvalidOperationException($"page 0x{page:x} has no table");
        }

        Replace(page, entry);
    }

    /// <summary>Writes the entry of a huge page; no table may be there.</summary>
    public void SetHuge(ulong page, Pte entry)
    {
        Middle middle = _top[(int)(page >> (2 * _bits))] ??= new Middle(PagesPerTable);
        (middle.Huge ??= new ulong[PagesPerTable])[MiddleIndexOf(page)] = entry.Bits;
    }

    /// <summary>Writes the entry that is there for a page, huge or not.</summary>
    /// <returns>The entry before.</returns>
    public Pte Replace(ulong page, Pte entry)
    {
        Leaf? leaf = FindLeaf(page);
        if (leaf is null)
        {
            Pte huge = Huge(page);
            SetHuge(page, entry);
            return huge;
        }

        ref ulong slot = ref leaf.Entries[IndexOf(page)];
        Pte old = new(slot);
        leaf.Used += (entry.IsNone ? 0 : 1) - (old.IsNone ? 0 : 1);
        slot = entry.Bits;
        return old;
    }

    /// <summary>The lock of the table that holds an entry (pte_lockptr).</summary>
    public StepLock LockOf(ulong page) => FindLeaf(page)?.Lock ?? _topLock;

    /// <summary>Takes tables without entries that map pages of [start, end) away; what memory each had.</summary>
    public IEnumerable<Frame> TakeEmptyTables(ulong start, ulong end)
    {
        for (ulong page = start; page < end;)
        {
            if (MiddleOf(page) is not { } middle)
            {
                page = (page | ((1UL << (2 * _bits)) - 1)) + 1;
                continue;
            }

            if (middle.Leaves[MiddleIndexOf(page)] is { Used: 0 } leaf)
            {
                middle.Leaves[MiddleIndexOf(page)] = null;
                _leafPage = ulong.MaxValue;
                _leaf = null;
                Tables--;
                yield return leaf.Frame;
            }

            page = AfterTable(page);
        }
    }

    /// <summary>First page from <paramref name="page"/> on, below <paramref name="end"/>, that can have an entry.</summary>
    public ulong NextMapped(ulong page, ulong end)
    {
        while (page < end)
        {
            if (MiddleOf(page) is null)
            {
                page = (page | ((1UL << (2 * _bits)) - 1)) + 1;
                continue;
            }

            if (FindLeaf(page) is { Used: > 0 } leaf)
            {
                int index = IndexOf(page);
                int found = leaf.Entries.AsSpan(index).IndexOfAnyExcept(0UL);
                if (found >= 0)
                {
                    return Math.Min(page + (ulong)found, end);
                }
            }
            else if (!Huge(page).IsNone)
            {
                return page;
            }

            page = AfterTable(page);
        }

        return end;
    }

    private Leaf? FindLeaf(ulong page)
    {
        ulong table = page >> _bits;
        if (table == _leafPage)
        {
            return _leaf;
        }

        Leaf? leaf = MiddleOf(page)?.Leaves[MiddleIndexOf(page)];
        if (leaf is not null)
        {
            _leafPage = table;
            _leaf = leaf;
        }

        return leaf;
    }

    private Middle? MiddleOf(ulong page)
    {
        ulong index = page >> (2 * _bits);
        return index < (ulong)_top.Length ? _top[index] : null;
    }

    private ulong AfterTable(ulong page) => (page | ((ulong)(uint)PagesPerTable - 1)) + 1;

    private int MiddleIndexOf(ulong page) => (int)(page >> _bits) & (PagesPerTable - 1);

    private int IndexOf(ulong page) => (int)page & (PagesPerTable - 1);

    private static StepLock NewLock() => new("page_table_lock", KernelLocks.PageTableRank, sleeps: false, nests: true);

    private sealed class Middle(int entries)
    {
        public readonly Leaf?[] Leaves = new Leaf?[entries];
        public ulong[]? Huge;
    }

    private sealed class Leaf(int entries, Frame frame)
    {
        public readonly ulong[] Entries = new ulong[entries];
        public readonly Frame Frame = frame;
        public readonly StepLock Lock = NewLock();
        public int Used;
    }
}
