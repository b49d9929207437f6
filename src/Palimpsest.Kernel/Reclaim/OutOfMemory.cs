using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>Kills the process that holds most memory (mm/oom_kill.c, 6.1) and reaps its pages at once.</summary>
internal sealed class OutOfMemory(SpaceList spaces, Unmapping unmapping, VmStatistics statistics)
{
    /// <returns>False: nobody is left whose end would free anything.</returns>
    public async ValueTask<bool> Kill(CpuId cpu)
    {
        AddressSpace? victim = null;
        foreach (AddressSpace space in spaces.All)
        {
            // oom_badness: resident pages, swap entries and page tables.
            if (!space.IsGone && !space.IsDying && (victim is null || Badness(space) > Badness(victim)))
            {
                victim = space;
            }
        }

        if (victim is null || Badness(victim) <= 1)
        {
            return false;
        }

        statistics.OomKills++;
        await unmapping.Reap(victim, cpu);
        return true;
    }

    private static int Badness(AddressSpace space) => space.ResidentPages + space.SwapEntries + space.Tables.Tables;
}
