using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>What can be set on a design: <c>name:attempts=5,fast-path=off</c>. Each design uses some of it.</summary>
public sealed record DesignParameters
{
    /// <summary>Range allocations tried while a block is busy (<c>attempts</c>, 1-100).</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Take a free block straight off the buddy list (<c>fast-path</c>, on or off).</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>Pages tried, or replacements made, before a tagged request gives up (<c>pages</c>, 1-100).</summary>
    public int PageAttempts { get; init; } = 5;

    /// <summary>Where tag storage stands among the lists (<c>use</c>: first, balanced, after-own, after-cma, last).</summary>
    public StorageUse Use { get; init; } = StorageUse.AfterCma;

    /// <summary>Storage pages put back while looking for one that can be tagged (<c>candidates</c>, 0-10000).</summary>
    public int CandidateRetries { get; init; } = DefaultCandidates;

    internal const int DefaultCandidates = 16;

    /// <summary>Bytes that blocks are rounded up to (<c>block</c>; 0: as the board says).</summary>
    public int BlockBytes { get; init; }

    /// <summary>The loop over a folio's blocks (<c>block-loop</c>: right, or mailed as in RFC v3, which stops short; X1).</summary>
    public bool LoopsToLastBlock { get; init; } = true;

    /// <summary>A worker empties blocks of few tagged pages (<c>pack</c>, on or off).</summary>
    public bool Packs { get; init; } = true;

    /// <summary>Blocks above the fewest that are left alone, in percent of these (<c>slack</c>, 0-1000).</summary>
    public int SlackPercent { get; init; } = 20;

    /// <summary>For so many milliseconds must there be more before pages move (<c>persist</c>, 0-60000).</summary>
    public int PersistMs { get; init; } = 1_000;

    /// <summary>Pages kept ready for tagged requests (<c>ready</c>, 0-1024).</summary>
    public int Ready { get; init; } = 8;

    /// <summary>Pages that the worker moves in a second (<c>rate</c>, 1-1000000).</summary>
    public int Rate { get; init; } = 256;

    /// <summary>Cells that are active from boot on, in thousandths of all (<c>boot</c>, 0-1000).</summary>
    public int BootShare { get; init; }

    /// <summary>A cell goes back when no page of it is free, not with its last tagged one (<c>give-back</c>: spent or tagged).</summary>
    public bool KeepsFreeCells { get; init; } = true;

    internal CellRule Cells => new(BootShare, KeepsFreeCells);

    internal PackRule Packing => new(Packs, SlackPercent / 100.0, PersistMs * 1_000_000L, Ready, Rate);

    internal RecallRule Recall => new(Attempts, FastPath, PageAttempts) { LoopsToLastBlock = LoopsToLastBlock };
}
