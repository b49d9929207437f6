using System.Text;

namespace Palimpsest.Userland.Files;

/// <summary>What lies in /dev, /proc and /sys.</summary>
internal static class GuestDevices
{
    public static void Add(FileTree tree)
    {
        FolderNode devices = (FolderNode)tree.Root.Find("dev")!;
        devices.Put("null", Device(DeviceKind.Null));
        devices.Put("zero", Device(DeviceKind.Zero));
        devices.Put("urandom", Device(DeviceKind.Random));
        devices.Put("random", Device(DeviceKind.Random));
        devices.Put("shm", tree.Nodes.Folder());
        FolderNode processes = (FolderNode)tree.Root.Find("proc")!;
        FolderNode self = tree.Nodes.Folder();
        processes.Put("self", self);
        self.Put("maps", Made(tree, process => Encoding.ASCII.GetBytes(AreaText.Maps(process))));
        self.Put("smaps", Made(tree, process => Encoding.ASCII.GetBytes(AreaText.DetailedMaps(process))));
        self.Put("status", Made(tree, process => Encoding.ASCII.GetBytes(AreaText.Status(process))));
        self.Put("cmdline", Made(tree, process => Encoding.UTF8.GetBytes(string.Join('\0', process.Arguments) + '\0')));
        self.Put("pagemap", tree.Nodes.Numbered(new PagemapNode()));
        self.Put("auxv", Made(tree, process => process.Auxiliary));

        FolderNode virtualMemory = Path(tree, "proc", "sys", "vm");
        // A pool of huge pages can be asked for; that nothing can be mapped of it is said by mmap.
        long hugePages = 0;
        virtualMemory.Put("nr_hugepages", tree.Nodes.Numbered(new MadeNode(_ => Encoding.ASCII.GetBytes($"{hugePages}\n"))
        {
            Written = text => hugePages = long.TryParse(text, out long count) ? count : hugePages,
        }));
        virtualMemory.Put("overcommit_memory", Made(tree, _ => "0\n"u8.ToArray()));
        AddMerging(tree);
        Path(tree, "sys", "devices", "system", "cpu", "cpu0");
        Path(tree, "sys", "devices", "system", "cpu").Put("online", Made(tree, _ => "0\n"u8.ToArray()));
        processes.Put("meminfo", Made(tree, process => Encoding.ASCII.GetBytes(AreaText.MemoryInformation(process, hugePages))));

        DeviceNode Device(DeviceKind kind) => tree.Nodes.Numbered(new DeviceNode(kind));
    }

    /// <summary>KSM as programs set it up: its thread goes round, and finds no two pages that are equal.</summary>
    private static void AddMerging(FileTree tree)
    {
        FolderNode merging = Path(tree, "sys", "kernel", "mm", "ksm");
        int rounds = 0;
        foreach (string name in (string[])["run", "sleep_millisecs", "pages_to_scan", "max_page_sharing", "merge_across_nodes",
            "pages_shared", "pages_sharing", "pages_unshared", "pages_volatile"])
        {
            merging.Put(name, Made(tree, _ => "0\n"u8.ToArray()));
        }

        merging.Put("full_scans", Made(tree, _ => Encoding.ASCII.GetBytes($"{++rounds}\n")));
    }

    private static FolderNode Path(FileTree tree, params string[] names)
    {
        FolderNode at = tree.Root;
        foreach (string name in names)
        {
            if (at.Find(name) is not FolderNode next)
            {
                at.Put(name, next = tree.Nodes.Folder());
            }

            at = next;
        }

        return at;
    }

    private static MadeNode Made(FileTree tree, Func<GuestProcess, byte[]> content) => tree.Nodes.Numbered(new MadeNode(content));
}
