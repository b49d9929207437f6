using System.Numerics;
using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>
/// Cells of XNU: a page of tag storage and the pages that it covers. Active cells are queued by a score, so that tagged pages come
/// together; inactive storage is claimed for data when little of what it covers is free.
/// </summary>
/// <param name="rule">When cells become active, and no more.</param>
public sealed class ScoredCells(CellRule rule) : StorageHome
{
    private const int UnitsOfCell = 32;

    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.Cells;

    /// <inheritdoc/>
    public override PackRule Packing { get; } = new(Moves: false) { LendsToAll = true };

    /// <inheritdoc/>
    public override CellRule Cells => rule;

    /// <summary>First, as far as there are cells to be claimed: their storage is of no use while what they cover is in use.</summary>
    public override bool DrawsAt(DrawMoment moment, in DrawView view) => moment == DrawMoment.BeforeOwnType;

    /// <summary>
    /// n = tagged + free/5; n -= min(n, used)/3; bucket = fls(n/4): few free pages beside many tagged ones, and data weigh against it
    /// (the score of an active cell, XNU, vm_mteinfo.c; of 32 pages).
    /// </summary>
    public override int ClassOf(in ActiveBlockView view)
    {
        int tagged = view.Tagged * UnitsOfCell / view.Covered;
        int free = view.Free * UnitsOfCell / view.Covered;
        int score = tagged + (free / 5);
        score -= Math.Min(score, UnitsOfCell - tagged - free) / 3;
        return BitOperations.Log2((uint)(score / 4 * 2) | 1);
    }

    /// <summary>With its last tagged page, unless the rule keeps free ones back.</summary>
    public override bool GivesBack(in ActiveBlockView view) => !rule.KeepsFree || view.Free == 0;
}
