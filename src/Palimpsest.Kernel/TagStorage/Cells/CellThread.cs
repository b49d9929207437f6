using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Cells;

/// <summary>
/// The thread that refills tagged memory: it makes cells active before somebody has to wait, if memory allows, and gives back those that
/// data have filled (vm_mteinfo.c, XNU).
/// </summary>
internal sealed class CellThread(Zone[] zones, TagBlocks blocks, ActiveBlocks active, StorageHome home) : IBlockThread
{
    private bool _hasBooted;

    public async ValueTask Run(long nowNs, CpuId cpu)
    {
        if (!_hasBooted)
        {
            Boot();
        }

        foreach (Zone zone in zones)
        {
            GiveBackSpent(zone, cpu);
        }

        for (int at = zones.Length - 1; at >= 0 && IsShort; at--)
        {
            // Nobody waits yet, so a little more must be free than the least.
            if (!zones[at].IsTagStorage && zones[at].FreeFrames * 15L > zones[at].Watermarks.Low * 16L
                && await active.TryActivateBest(zones[at], cpu))
            {
                return;
            }
        }
    }

    /// <summary>Makes the first of all cells active before anybody asks, as many as are free.</summary>
    private void Boot()
    {
        _hasBooted = true;
        int count = (int)((long)blocks.Count * home.Cells.Boot / 1000);
        for (BlockId cell = new(0); cell.Index < count; cell++)
        {
            if (blocks.StateOf(cell) == TagBlockState.Lent && active.CanMask(cell))
            {
                active.TryActivate(cell);
            }
        }
    }

    public ValueTask PackNow(CpuId cpu) => Run(nowNs: 0, cpu);

    private void GiveBackSpent(Zone zone, CpuId cpu)
    {
        while (blocks.ReservedBlocks > home.Cells.Fewest && active.Classes.First(zone, ActiveBlocks.Spent) is { IsNone: false } cell)
        {
            active.Classes.Remove(cell);
            if (active.IsUnused(cell) && !active.KeepsFree(cell, freed: 0))
            {
                active.Lend(cell, cpu);
            }
        }
    }

    private bool IsShort => blocks.ReservedBlocks >= PackRule.FewActive && active.ReadyFrames < home.Packing.Ready;
}
