using System.Globalization;
using System.Text;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Files;

/// <summary>/sys/kernel/mm/ksm and what /proc tells of it. Its thread goes round once each time somebody asks how often it did.</summary>
internal sealed class MergingFiles(LinuxMachine machine)
{
    private int _run;
    private int _rounds;

    private SamePages SamePages => machine.Kernel.SamePages;

    public void AddTo(FileTree tree, FolderNode folder, FolderNode self)
    {
        foreach ((string name, int value) in ((string, int)[])[
            ("sleep_millisecs", 20), ("pages_to_scan", 100), ("max_page_sharing", 256), ("merge_across_nodes", 1),
            ("pages_unshared", 0), ("pages_volatile", 0)])
        {
            folder.Put(name, Made(tree, () => value));
        }

        folder.Put("run", Made(tree, () => _run, SetRun));
        folder.Put("full_scans", Made(tree, Rounds));
        folder.Put("use_zero_pages", Made(tree, () => SamePages.UsesZeroPage ? 1 : 0, text => SamePages.UsesZeroPage = text == "1"));
        folder.Put("pages_shared", Made(tree, () => Merged().Select(entry => entry.Frame).Distinct().Count()));
        folder.Put("pages_sharing", Made(tree, () => Merged().Count() - Merged().Select(entry => entry.Frame).Distinct().Count()));
        self.Put("ksm_merging_pages", tree.Nodes.Numbered(new MadeNode(process => Line(Merged(process.Memory.Space).Count()))));
        self.Put("ksm_stat", tree.Nodes.Numbered(new MadeNode(Statistics)));
    }

    private static byte[] Statistics(GuestProcess process)
    {
        AddressSpace space = process.Memory.Space;
        int merged = Merged(space).Count();
        int zeros = Entries(space).Count(entry => entry.Has(Pte.SpecialBit));
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"ksm_rmap_items {merged}\nksm_zero_pages {zeros}\nksm_merging_pages {merged}\n"
            + $"ksm_process_profit {(merged + zeros) * GuestMemory.PageBytes}\n"));
    }

    private int Rounds()
    {
        if (_run == 1)
        {
            _rounds++;
            SamePages.Scan(CpuId.Boot).Now();
        }

        return _rounds;
    }

    /// <summary>0 stops it, 1 lets it go round, 2 stops it and undoes what it did.</summary>
    private void SetRun(string text)
    {
        _run = text switch { "0" => 0, "1" => 1, "2" => 2, _ => throw new CallException(Errno.EINVAL) };
        foreach (AddressSpace space in _run == 2 ? machine.Kernel.Tables.Spaces.All.ToArray() : [])
        {
            if (!SamePages.Unmerge(space, 0, space.Tables.EndPage, CpuId.Boot).Now())
            {
                throw new CallException(Errno.ENOMEM);
            }
        }
    }

    private IEnumerable<Pte> Merged() => machine.Kernel.Tables.Spaces.All.SelectMany(Merged);

    private static IEnumerable<Pte> Merged(AddressSpace space) => Entries(space).Where(entry => entry.Has(Pte.MergedBit));

    private static IEnumerable<Pte> Entries(AddressSpace space)
    {
        ulong end = space.Tables.EndPage;
        for (ulong page = space.Tables.NextMapped(0, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            if (SamePages.IsMerged(entry))
            {
                yield return entry;
            }
        }
    }

    private static byte[] Line(int value) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}\n"));

    private static MadeNode Made(FileTree tree, Func<int> value, Action<string>? written = null) =>
        tree.Nodes.Numbered(new MadeNode(_ => Line(value())) { Written = written });
}
