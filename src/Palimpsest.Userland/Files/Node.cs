namespace Palimpsest.Userland.Files;

/// <summary>What a name leads to (struct inode).</summary>
/// <param name="mode">S_IFMT and rights.</param>
internal abstract class Node(uint mode)
{
    public const uint FolderType = 0x4000;
    public const uint DeviceType = 0x2000;
    public const uint FileType = 0x8000;
    public const uint LinkType = 0xA000;
    public const uint PipeType = 0x1000;
    public const uint SocketType = 0xC000;

    public uint Mode { get; set; } = mode;

    /// <summary>Given in the order in which nodes come into being.</summary>
    public long Number { get; set; }

    public int Links { get; set; } = 1;

    /// <summary>User that it belongs to; of all that was there before the guest, root.</summary>
    public uint Owner { get; set; }

    public uint Group { get; set; }

    public virtual long Length => 0;

    /// <summary>Modification time in nanoseconds of the guest's clock.</summary>
    public long Modified { get; set; }

    public long Accessed { get; set; }

    /// <summary>Who makes it has it.</summary>
    public void BelongTo(GuestProcess process) => (Owner, Group) = (process.Users.Effective, process.Groups.Effective);
}

/// <summary>A symbolic link.</summary>
internal sealed class LinkNode(string target) : Node(LinkType | 0x1FF)
{
    public string Target { get; } = target;

    public override long Length => Target.Length;
}

/// <summary>/dev/null and its kind, by its content.</summary>
internal sealed class DeviceNode(DeviceKind kind) : Node(DeviceType | 0x1B6)
{
    public DeviceKind Kind { get; } = kind;
}

internal enum DeviceKind
{
    Null,
    Zero,
    Random,
    Terminal,
}

/// <summary>A file of /proc or /sys, whose content is made when it is read.</summary>
internal sealed class MadeNode(Func<GuestProcess, byte[]> content) : Node(FileType | 0x124)
{
    public Func<GuestProcess, byte[]> Content { get; } = content;

    /// <summary>What a write does; nothing where it is null.</summary>
    public Action<string>? Written { get; init; }
}
