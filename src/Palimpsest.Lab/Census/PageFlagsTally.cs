using System.Buffers.Binary;
using System.Numerics;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>
/// Counts the frames of a kpageflags as its bytes come by, block for block. Nothing is kept of a frame but whether it is a candidate.
/// </summary>
/// <param name="candidates">What is taken to be tagged.</param>
/// <param name="among">Only these pages; all without it. By pfn as if the copy began at 0.</param>
/// <param name="banks">
/// Where RAM lies, in ascending order; empty where nobody told. Some kernels write 0 for a frame in a hole, as for a page of their own.
/// </param>
internal sealed class PageFlagsTally(CensusCandidates candidates, BlockMasks? among, IReadOnlyList<PfnRange> banks)
{
    public const int BlockBytes = TagGeometry.DataFramesPerStorageFrame * PageFlags.EntryBytes;

    private readonly (ulong Wanted, ulong Refused) _rule = candidates switch
    {
        CensusCandidates.Anonymous => (PageFlags.Anonymous, PageFlags.NoPage),
        CensusCandidates.Tagged => (PageFlags.Tagged, PageFlags.NoPage),

        // What is mapped twice a census may be free by the time its flags are read.
        _ => (0UL, PageFlags.NoPage | PageFlags.Buddy | PageFlags.ZeroPage | PageFlags.Reserved),
    };

    private readonly uint[] _kindsOfBlock = new uint[PageKinds.Count];
    private readonly FillTally[] _kinds = [.. Enumerable.Range(0, PageKinds.Count).Select(_ => new FillTally())];
    private readonly long[] _neighbours = new long[PageKinds.Count];
    private readonly FillTally _all = new();
    private readonly FillTally _base = new();
    private readonly FillTally _huge = new();
    private readonly CensusMapping _map = new();
    private long _block;
    private int _bank;

    /// <summary>Pages that count as tagged.</summary>
    public BlockMasks Candidates { get; } = new();

    /// <summary>Entries that came by, with and without a page.</summary>
    public long Entries { get; private set; }

    /// <summary>Frames that have a page.</summary>
    public long Frames { get; private set; }

    /// <summary>Blocks with any such frame: pages of a carve-out for all of memory.</summary>
    public long BlocksWithFrames { get; private set; }

    /// <summary>Has the first frame none?</summary>
    public bool BeginsWithHole { get; private set; }

    /// <summary>One past the last frame that the allocator has, or a process, or slab.</summary>
    public long EndInUse { get; private set; }

    /// <summary>The first entry that no kernel writes; -1 without one.</summary>
    public long FirstForeign { get; private set; } = -1;

    /// <summary>Entries that say what cannot be at once.</summary>
    public long Contradictions { get; private set; }

    /// <summary>Entries that are more than a small number.</summary>
    public long AboveCounts { get; private set; }

    public Scatter All => _all.Result();

    public Scatter Base => _base.Result();

    public Scatter Huge => _huge.Result();

    public IReadOnlyList<KindScatter> Kinds =>
        [.. _kinds.Select((fill, kind) => new KindScatter((PageKind)kind, fill.Result())).Where(kind => kind.Scatter.Pages > 0)];

    /// <summary>What else is in the blocks that hold candidates.</summary>
    public IReadOnlyList<KindPages> Neighbours =>
        [.. _neighbours.Select((pages, kind) => new KindPages((PageKind)kind, pages)).Where(kind => kind.Pages > 0)];

    /// <param name="firstPfn">Where the copy begins.</param>
    public CensusMap Map(ulong firstPfn) => _map.Result(firstPfn);

    /// <param name="entries">Whole blocks, but for the last of the file, which may be shorter.</param>
    public void Take(ReadOnlySpan<byte> entries)
    {
        for (; entries.Length > 0; entries = entries[Math.Min(BlockBytes, entries.Length)..])
        {
            TakeBlock(entries[..Math.Min(BlockBytes, entries.Length)]);
        }
    }

    private void TakeBlock(ReadOnlySpan<byte> entries)
    {
        uint frames = 0;
        uint bare = 0;
        uint chosen = 0;
        ulong all = 0;
        int count = entries.Length / PageFlags.EntryBytes;
        for (int page = 0; page < count; page++)
        {
            ulong flags = EntryAt(entries, page);
            all |= flags;
            if ((flags & PageFlags.NoPage) != 0)
            {
                Contradictions += flags == PageFlags.NoPage ? 0 : 1;
                continue;
            }

            uint bit = 1u << page;
            frames |= bit;
            bare |= flags == 0 ? bit : 0;
            chosen |= (flags & _rule.Wanted) == _rule.Wanted && (flags & _rule.Refused) == 0 ? bit : 0;
            AboveCounts += (flags & PageFlags.AboveCounts) != 0 ? 1 : 0;
            PageKind kind = PageKinds.Of(flags);
            _kindsOfBlock[(int)kind] |= bit;
            Contradictions += kind == PageKind.Free && (flags & (PageFlags.Lru | PageFlags.Anonymous | PageFlags.Slab)) != 0 ? 1 : 0;
        }

        if ((all & PageFlags.Never) != 0 && FirstForeign < 0)
        {
            FirstForeign = Entries + FirstWith(entries, PageFlags.Never);
        }

        if (bare != 0 && banks.Count > 0)
        {
            uint holes = bare & ~RamOfBlock();
            frames &= ~holes;
            _kindsOfBlock[(int)PageKind.Kernel] &= ~holes;
        }

        BeginsWithHole |= Entries == 0 && (EntryAt(entries, 0) & PageFlags.NoPage) != 0;
        if (frames != 0)
        {
            Count(frames, chosen);
        }

        Entries += count;
        _block++;
    }

    private void Count(uint frames, uint chosen)
    {
        const ulong InUse = (1UL << (int)PageKind.Anonymous) | (1UL << (int)PageKind.Slab) | (1UL << (int)PageKind.Free);
        chosen &= among?.Of(_block) ?? uint.MaxValue;
        Frames += BitOperations.PopCount(frames);
        BlocksWithFrames++;
        _map.Add(_block, BitOperations.PopCount(chosen));
        uint huge = _kindsOfBlock[(int)PageKind.HugeAnonymous];
        for (int kind = 0; kind < PageKinds.Count; kind++)
        {
            uint pages = _kindsOfBlock[kind];
            _kinds[kind].Add(pages);
            if (pages != 0 && ((InUse >> kind) & 1) != 0)
            {
                EndInUse = Math.Max(EndInUse, Entries + TagGeometry.DataFramesPerStorageFrame - BitOperations.LeadingZeroCount(pages));
            }

            _neighbours[kind] += chosen == 0 ? 0 : BitOperations.PopCount(pages & ~chosen);
        }

        Array.Clear(_kindsOfBlock);
        _all.Add(chosen);
        _base.Add(chosen & ~huge);
        _huge.Add(chosen & huge);
        if (chosen != 0)
        {
            Candidates.Add(_block, chosen);
        }
    }

    /// <summary>The frames of the block that lie in RAM. Blocks come in ascending order, as banks do.</summary>
    private uint RamOfBlock()
    {
        ulong first = (ulong)Entries;
        ulong end = first + TagGeometry.DataFramesPerStorageFrame;
        while (_bank < banks.Count && banks[_bank].End.Value <= first)
        {
            _bank++;
        }

        uint ram = 0;
        for (int bank = _bank; bank < banks.Count && banks[bank].Start.Value < end; bank++)
        {
            int from = (int)(Math.Max(banks[bank].Start.Value, first) - first);
            int to = (int)(Math.Min(banks[bank].End.Value, end) - first);
            ram |= (uint)((1UL << to) - (1UL << from));
        }

        return ram;
    }

    private static int FirstWith(ReadOnlySpan<byte> entries, ulong flags)
    {
        int page = 0;
        while ((EntryAt(entries, page) & flags) == 0)
        {
            page++;
        }

        return page;
    }

    private static ulong EntryAt(ReadOnlySpan<byte> entries, int page) =>
        BinaryPrimitives.ReadUInt64LittleEndian(entries[(page * PageFlags.EntryBytes)..]);
}
