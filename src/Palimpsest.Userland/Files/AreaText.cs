using System.Globalization;
using System.Text;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Files;

/// <summary>/proc/self/maps, smaps and status, of the model's areas and tables (fs/proc/task_mmu.c).</summary>
internal static class AreaText
{
    private const int PageKibibytes = 4;

    public static string Maps(GuestProcess process)
    {
        StringBuilder text = new();
        foreach (VmArea area in process.Memory.Space.Areas.All)
        {
            text.Append(Line(process, area)).Append('\n');
        }

        return text.ToString();
    }

    public static string DetailedMaps(GuestProcess process)
    {
        StringBuilder text = new();
        foreach (VmArea area in process.Memory.Space.Areas.All)
        {
            text.Append(Line(process, area)).Append('\n');
            AppendFigures(text, process, area);
        }

        return text.ToString();
    }

    public static string Status(GuestProcess process) => string.Create(
        CultureInfo.InvariantCulture,
        $"Name:\t{process.Name}\nUmask:\t{Convert.ToString(process.FileMask, 8).PadLeft(4, '0')}\n"
        + $"State:\tR (running)\nTgid:\t{process.Id}\n"
        + $"Pid:\t{process.Id}\nPPid:\t{process.Parent?.Id ?? 0}\n{Ids("Uid", process.Users)}{Ids("Gid", process.Groups)}"
        + $"VmRSS:\t{process.Model.ResidentPages * PageKibibytes,8} kB\nVmSwap:\t{process.Model.SwappedPages * PageKibibytes,8} kB\n"
        + $"Threads:\t{process.AliveThreads}\n");

    private static string Ids(string name, Calls.Identity ids) => string.Create(
        CultureInfo.InvariantCulture, $"{name}:\t{ids.Real}\t{ids.Effective}\t{ids.Saved}\t{ids.Effective}\n");

    /// <summary>/proc/meminfo, as far as programs look.</summary>
    public static string MemoryInformation(GuestProcess process, long hugePages)
    {
        long total = process.Memory.MachineKibibytes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"MemTotal:       {total,8} kB\nMemFree:        {total / 2,8} kB\nMemAvailable:   {total / 2,8} kB\n"
            + $"HugePages_Total:   {hugePages,5}\nHugePages_Free:    {hugePages,5}\nHugepagesize:       2048 kB\n"
            + $"Hugetlb:        {hugePages * 2048,8} kB\n");
    }

    private static string Line(GuestProcess process, VmArea area)
    {
        char[] rights =
        [
            (area.Protection & Protection.Read) != 0 ? 'r' : '-', area.IsWritable ? 'w' : '-',
            (area.Protection & Protection.Execute) != 0 ? 'x' : '-', area.IsShared ? 's' : 'p',
        ];
        string name = area.End << 12 == process.StackEnd ? "[stack]"
            : area.Start << 12 == process.BreakStart && area.Backing is null ? "[heap]" : "";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{area.Start << 12:x8}-{area.End << 12:x8} {new string(rights)} {(long)area.FileStart << 12:x8} 00:00 "
            + $"{area.Backing?.Id ?? 0} ");
        return name.Length == 0 ? line : line.PadRight(73) + name;
    }

    private static void AppendFigures(StringBuilder text, GuestProcess process, VmArea area)
    {
        // Pages by whether they are shared (1) and dirty (2).
        Span<int> present = stackalloc int[4];
        int swapped = 0;
        PageTables tables = process.Memory.Space.Tables;
        for (ulong page = tables.NextMapped(area.Start, area.End); page < area.End; page = tables.NextMapped(page + 1, area.End))
        {
            Pte entry = tables.Get(page);
            if (entry.IsPresent)
            {
                present[(process.Memory.IsMappedByOthers(entry) ? 1 : 0) | (entry.Has(Pte.DirtyBit) ? 2 : 0)]++;
            }

            swapped += entry.IsSwap ? 1 : 0;
        }

        int locked = area.Has(AreaTraits.Locked) ? present[0] + present[1] + present[2] + present[3] : 0;
        text.Append(
            CultureInfo.InvariantCulture,
            $"Size:           {area.Pages * PageKibibytes,8} kB\nKernelPageSize:        4 kB\nMMUPageSize:           4 kB\n"
            + $"Rss:            {(present[0] + present[1] + present[2] + present[3]) * PageKibibytes,8} kB\n"
            + $"Shared_Clean:   {present[1] * PageKibibytes,8} kB\nShared_Dirty:   {present[3] * PageKibibytes,8} kB\n"
            + $"Private_Clean:  {present[0] * PageKibibytes,8} kB\nPrivate_Dirty:  {present[2] * PageKibibytes,8} kB\n"
            + $"Swap:           {swapped * PageKibibytes,8} kB\nLocked:         {locked * PageKibibytes,8} kB\nVmFlags: {Flags(area)}\n");
    }

    /// <summary>In the order of their bits (show_smap_vma_flags).</summary>
    private static string Flags(VmArea area)
    {
        (bool Holds, string Name)[] flags =
        [
            ((area.Protection & Protection.Read) != 0, "rd"), (area.IsWritable, "wr"),
            ((area.Protection & Protection.Execute) != 0, "ex"), (area.IsShared, "sh"), (true, "mr"),
            (!area.Has(AreaTraits.NeverWritten), "mw"), (true, "me"), (area.Has(AreaTraits.MissingTold), "um"),
            (area.Has(AreaTraits.WritesTold), "uw"), (area.Has(AreaTraits.Locked), "lo"), (area.Has(AreaTraits.NotForked), "dc"),
            (area.Has(AreaTraits.LockedOnFault), "lf"), (true, "ac"), (area.Has(AreaTraits.WipedOnFork), "wf"),
            (area.WantsHuge == true, "hg"), (area.WantsHuge == false, "nh"), (area.Has(AreaTraits.Mergeable), "mg"), (area.IsTagged, "mt"),
            (area.Has(AreaTraits.Droppable), "dp"), (area.Has(AreaTraits.Sealed), "sl"),
        ];
        return string.Concat(flags.Where(flag => flag.Holds).Select(flag => flag.Name + " "));
    }
}
