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
        self.Put("mem", tree.Nodes.Numbered(new MemoryNode()));
        self.Put("auxv", Made(tree, process => process.Auxiliary));

        FolderNode virtualMemory = Path(tree, "proc", "sys", "vm");
        // A pool of huge pages can be asked for; that nothing can be mapped of it is said by mmap.
        long hugePages = 0;
        virtualMemory.Put("nr_hugepages", tree.Nodes.Numbered(new MadeNode(_ => Encoding.ASCII.GetBytes($"{hugePages}\n"))
        {
            Written = text => hugePages = long.TryParse(text, out long count) ? count : hugePages,
        }));
        virtualMemory.Put("mmap_min_addr", Made(tree, _ => "65536\n"u8.ToArray()));
        virtualMemory.Put("overcommit_memory", Made(tree, _ => "0\n"u8.ToArray()));
        new MergingFiles(tree.Nodes.Machine).AddTo(tree, Path(tree, "sys", "kernel", "mm", "ksm"), self);
        AddHugePages(tree);
        Path(tree, "sys", "devices", "system", "cpu", "cpu0");
        Path(tree, "sys", "devices", "system", "cpu").Put("online", Made(tree, _ => "0\n"u8.ToArray()));
        processes.Put("meminfo", Made(tree, process => Encoding.ASCII.GetBytes(AreaText.MemoryInformation(process, hugePages))));

        DeviceNode Device(DeviceKind kind) => tree.Nodes.Numbered(new DeviceNode(kind));
    }

    /// <summary>Huge pages of one size, for whoever asks for them with madvise.</summary>
    private static void AddHugePages(FileTree tree)
    {
        FolderNode huge = Path(tree, "sys", "kernel", "mm", "transparent_hugepage");
        foreach ((string name, string content) in ((string, string)[])[
            ("enabled", "always [madvise] never"), ("defrag", "always defer defer+madvise [madvise] never"),
            ("shmem_enabled", "always within_size advise [never] deny force"), ("hpage_pmd_size", "2097152"), ("use_zero_page", "1")])
        {
            huge.Put(name, Made(tree, _ => Encoding.ASCII.GetBytes($"{content}\n")));
        }

        FolderNode daemon = Path(tree, "sys", "kernel", "mm", "transparent_hugepage", "khugepaged");
        foreach ((string name, int value) in ((string, int)[])[
            ("defrag", 1), ("alloc_sleep_millisecs", 60_000), ("scan_sleep_millisecs", 10_000), ("max_ptes_none", 511),
            ("max_ptes_swap", 64), ("max_ptes_shared", 256), ("pages_to_scan", 4096)])
        {
            daemon.Put(name, Made(tree, _ => Encoding.ASCII.GetBytes($"{value}\n")));
        }
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
