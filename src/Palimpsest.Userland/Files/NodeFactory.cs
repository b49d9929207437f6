using Palimpsest.Kernel;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Userland.Files;

/// <summary>Makes nodes, numbered in the order in which they come.</summary>
internal sealed class NodeFactory(LinuxMachine machine)
{
    private long _last;

    public LinuxMachine Machine => machine;

    public T Numbered<T>(T node)
        where T : Node
    {
        node.Number = ++_last;
        return node;
    }

    public FolderNode Folder(string? host = null) => Numbered(new FolderNode(this, host));

    /// <summary>An empty file that the guest has made.</summary>
    public FileNode File(uint mode, bool isMemory) => Numbered(new FileNode(Create, ZeroContent.Instance, 0, isMemory, mode));

    /// <summary>What an entry of a folder of the host becomes; null for devices, sockets and what cannot be read.</summary>
    public Node? OfHost(FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target)
        {
            return Numbered(new LinkNode(target));
        }

        if (entry is DirectoryInfo)
        {
            return Folder(entry.FullName);
        }

        FileInfo file = (FileInfo)entry;
        const FileAttributes special = FileAttributes.Device;
        return (file.Attributes & special) != 0 ? null
            : Numbered(new FileNode(Create, new HostContent(file.FullName), file.Length, isMemory: false, ModeOf(file)));
    }

    private SharedFile Create(IFirstContent? first, bool isMemory) => new(
        machine.Kernel.Files.Create(0, isMemory, isMemory ? null : first), machine.Kernel.Files, machine.Kernel.Memory,
        machine.Kernel.Owners.Folios);

    private static uint ModeOf(FileInfo file) => OperatingSystem.IsWindows() ? 0x1EDu : (uint)file.UnixFileMode;
}
