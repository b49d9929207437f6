using System.Buffers.Binary;
using System.Text;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Names: opening, looking up, linking and removing.</summary>
internal sealed class PathCalls(GuestSystem system)
{
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int Truncate = 0x200;
    private const int FolderOnly = 0x4000;
    private const int NoFollowFlag = 0x8000;
    private const int CloseOnExec = 0x80000;
    private const int NoFollow = 0x100;
    private const int RemoveFolder = 0x200;
    private const int EmptyPath = 0x1000;
    private const int NoReplace = 1;

    public void AddTo(CallTable table)
    {
        table[56] = Open;
        table[79] = StatAt;
        table[291] = StatAtExtended;
        table[80] = (thread, arguments) => Stat(thread, thread.Process.Files[arguments.Int(0)].Node, arguments[1]);
        table[78] = ReadLink;
        table[48] = Access;
        table[439] = Access;
        table[35] = Unlink;
        table[36] = Symlink;
        table[37] = (thread, arguments) => Link(thread, arguments, isMove: false, flags: 0);
        table[38] = (thread, arguments) => Link(thread, arguments, isMove: true, flags: 0);
        table[276] = (thread, arguments) => Link(thread, arguments, isMove: true, arguments.Int(4));
        table[88] = SetTimes;
        table[43] = (thread, arguments) => StatFileSystem(thread, arguments[1]);
        table[44] = (thread, arguments) => StatFileSystem(thread, arguments[1]);
        table[166] = ChangeFileMask;
    }

    private long Open(GuestThread thread, CallArguments arguments)
    {
        string path = GuestPath.Of(thread, arguments.Int(0), arguments[1]);
        int flags = arguments.Int(2);
        Node? node = system.Tree.TryFind(path, (flags & NoFollowFlag) == 0, out FolderNode folder, out string name);
        if (node is null)
        {
            if ((flags & Create) == 0)
            {
                return CallTable.Error(Errno.ENOENT);
            }

            node = system.Tree.Nodes.File((uint)arguments[3] & 0x1FF & ~thread.Process.FileMask, FileTree.IsMemory(path));
            node.Modified = system.Now;
            node.BelongTo(thread.Process);
            folder.Put(name, node);
        }
        else if ((flags & (Create | Exclusive)) == (Create | Exclusive))
        {
            return CallTable.Error(Errno.EEXIST);
        }
        else if ((flags & Create) != 0 && node is FolderNode)
        {
            return CallTable.Error(Errno.EISDIR);
        }
        else if ((flags & FolderOnly) != 0 && node is not FolderNode)
        {
            return CallTable.Error(Errno.ENOTDIR);
        }

        OpenFile file = Opened(thread, node, flags, path);
        return thread.Process.Files.Add(file, (flags & CloseOnExec) != 0);
    }

    private OpenFile Opened(GuestThread thread, Node node, int flags, string path)
    {
        int kept = flags & ~(Create | Exclusive | Truncate | CloseOnExec);
        bool writes = (flags & OpenFile.AccessMode) != 0;
        switch (node)
        {
            case FileNode file:
                if ((flags & Truncate) != 0 && writes)
                {
                    file.Resize(0);
                }

                return new OpenRegular(file, kept) { Path = path };
            case FolderNode folder:
                return !writes ? new OpenFolder(folder, kept) { Path = path } : throw new CallException(Errno.EISDIR);
            case MadeNode made:
                return new OpenMade(made, kept, thread.Process) { Path = path };
            case PagemapNode:
                return new OpenPagemap(node, kept, thread.Process.Memory) { Path = path };
            case MemoryNode:
                return new OpenMemory(node, kept, thread.Process.Memory) { Path = path };
            case DeviceNode device:
                return new OpenDevice(device, kept, system.RandomByte) { Path = path };
            default:
                throw new CallException(Errno.ELOOP);
        }
    }

    private long StatAt(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(3);
        if ((flags & EmptyPath) != 0 && thread.Process.Memory.Read(arguments[1], 1)[0] == 0)
        {
            Node open = arguments.Int(0) == GuestPath.Here
                ? system.Tree.Find(thread.Process.Folder) : thread.Process.Files[arguments.Int(0)].Node;
            return Stat(thread, open, arguments[2]);
        }

        string path = GuestPath.Of(thread, arguments.Int(0), arguments[1]);
        return Stat(thread, system.Tree.Find(path, (flags & NoFollow) == 0), arguments[2]);
    }

    /// <summary>statx, with the basic figures.</summary>
    private long StatAtExtended(GuestThread thread, CallArguments arguments)
    {
        const uint basic = 0x7FF;
        bool isOpen = (arguments.Int(2) & EmptyPath) != 0 && thread.Process.Memory.Read(arguments[1], 1)[0] == 0;
        Node node = isOpen ? thread.Process.Files[arguments.Int(0)].Node
            : system.Tree.Find(GuestPath.Of(thread, arguments.Int(0), arguments[1]), (arguments.Int(2) & NoFollow) == 0);
        Span<byte> stat = stackalloc byte[256];
        stat.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(stat, basic);
        BinaryPrimitives.WriteInt32LittleEndian(stat[4..], GuestMemory.PageBytes);
        BinaryPrimitives.WriteInt32LittleEndian(stat[16..], node.Links);
        BinaryPrimitives.WriteUInt32LittleEndian(stat[20..], node.Owner);
        BinaryPrimitives.WriteUInt32LittleEndian(stat[24..], node.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(stat[28..], (ushort)node.Mode);
        BinaryPrimitives.WriteInt64LittleEndian(stat[32..], node.Number);
        BinaryPrimitives.WriteInt64LittleEndian(stat[40..], node.Length);
        BinaryPrimitives.WriteInt64LittleEndian(stat[48..], (node.Length + 511) / 512);
        foreach ((int at, long time) in ((int, long)[])[(64, node.Accessed), (96, node.Modified), (112, node.Modified)])
        {
            BinaryPrimitives.WriteInt64LittleEndian(stat[at..], time / 1_000_000_000);
            BinaryPrimitives.WriteInt32LittleEndian(stat[(at + 8)..], (int)(time % 1_000_000_000));
        }

        BinaryPrimitives.WriteInt32LittleEndian(stat[140..], 1);
        thread.Process.Memory.Write(arguments[4], stat);
        return 0;
    }

    /// <summary>struct stat of arm64.</summary>
    private static long Stat(GuestThread thread, Node node, ulong into)
    {
        Span<byte> stat = stackalloc byte[128];
        stat.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(stat, 1);
        BinaryPrimitives.WriteInt64LittleEndian(stat[8..], node.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(stat[16..], node.Mode);
        BinaryPrimitives.WriteInt32LittleEndian(stat[20..], node.Links);
        BinaryPrimitives.WriteUInt32LittleEndian(stat[24..], node.Owner);
        BinaryPrimitives.WriteUInt32LittleEndian(stat[28..], node.Group);
        BinaryPrimitives.WriteInt64LittleEndian(stat[32..], node is DeviceNode device ? 0x103 + (int)device.Kind : 0);
        BinaryPrimitives.WriteInt64LittleEndian(stat[48..], node.Length);
        BinaryPrimitives.WriteInt32LittleEndian(stat[56..], GuestMemory.PageBytes);
        BinaryPrimitives.WriteInt64LittleEndian(stat[64..], (node.Length + 511) / 512);
        foreach ((int at, long time) in ((int, long)[])[(72, node.Accessed), (88, node.Modified), (104, node.Modified)])
        {
            BinaryPrimitives.WriteInt64LittleEndian(stat[at..], time / 1_000_000_000);
            BinaryPrimitives.WriteInt64LittleEndian(stat[(at + 8)..], time % 1_000_000_000);
        }

        thread.Process.Memory.Write(into, stat);
        return 0;
    }

    private long ReadLink(GuestThread thread, CallArguments arguments)
    {
        if (arguments.Int(3) <= 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        string path = GuestPath.Of(thread, arguments.Int(0), arguments[1]);
        string target = path is "/proc/self/exe" ? thread.Process.Executable
            : system.Tree.Find(path, followsLast: false) is LinkNode link ? link.Target
            : throw new CallException(Errno.EINVAL);
        byte[] bytes = Encoding.UTF8.GetBytes(target);
        int count = Math.Min(bytes.Length, arguments.Int(3));
        thread.Process.Memory.Write(arguments[2], bytes.AsSpan(0, count));
        return count;
    }

    private long Access(GuestThread thread, CallArguments arguments)
    {
        system.Tree.Find(GuestPath.Of(thread, arguments.Int(0), arguments[1]));
        return 0;
    }

    private long Unlink(GuestThread thread, CallArguments arguments)
    {
        string path = GuestPath.Of(thread, arguments.Int(0), arguments[1]);
        Node? node = system.Tree.TryFind(path, followsLast: false, out FolderNode folder, out string name);
        bool wantsFolder = (arguments.Int(2) & RemoveFolder) != 0;
        Errno? error = node is null ? Errno.ENOENT
            : wantsFolder && node is not FolderNode ? Errno.ENOTDIR
            : !wantsFolder && node is FolderNode ? Errno.EISDIR
            : node is FolderNode { IsEmpty: false } ? Errno.ENOTEMPTY : null;
        if (error is { } reason)
        {
            return CallTable.Error(reason);
        }

        node!.Links--;
        folder.Remove(name);
        return 0;
    }

    private long Symlink(GuestThread thread, CallArguments arguments)
    {
        string target = thread.Process.Memory.ReadString(arguments[0]);
        string path = GuestPath.Of(thread, arguments.Int(1), arguments[2]);
        if (system.Tree.TryFind(path, followsLast: false, out FolderNode folder, out string name) is not null)
        {
            return CallTable.Error(Errno.EEXIST);
        }

        LinkNode link = system.Tree.Nodes.Numbered(new LinkNode(target));
        link.BelongTo(thread.Process);
        folder.Put(name, link);
        return 0;
    }

    private long Link(GuestThread thread, CallArguments arguments, bool isMove, int flags)
    {
        string from = GuestPath.Of(thread, arguments.Int(0), arguments[1]);
        string to = GuestPath.Of(thread, arguments.Int(2), arguments[3]);
        if (system.Tree.TryFind(from, followsLast: false, out FolderNode oldFolder, out string oldName) is not { } node)
        {
            return CallTable.Error(Errno.ENOENT);
        }

        Node? there = system.Tree.TryFind(to, followsLast: false, out FolderNode folder, out string name);
        bool replaces = isMove && (flags & NoReplace) == 0;
        Errno? error = there is not null && !replaces ? Errno.EEXIST
            : !isMove && node is FolderNode ? Errno.EPERM
            : isMove ? ErrorOfMove(node, there, folder) : null;
        if (error is { } reason)
        {
            return CallTable.Error(reason);
        }

        if (there == node)
        {
            // Two names of one file stay as they are.
            return 0;
        }

        if (there is not null)
        {
            there.Links--;
        }

        folder.Put(name, node);
        if (isMove)
        {
            oldFolder.Remove(oldName);
        }

        node.Links += isMove ? 0 : 1;
        return 0;
    }

    /// <summary>Folders replace empty folders only, and no folder is moved below itself.</summary>
    private static Errno? ErrorOfMove(Node node, Node? there, FolderNode into) =>
        there == node ? null
        : node is FolderNode moved && moved.Has(into) ? Errno.EINVAL
        : there is FolderNode && node is not FolderNode ? Errno.EISDIR
        : there is not (null or FolderNode) && node is FolderNode ? Errno.ENOTDIR
        : there is FolderNode { IsEmpty: false } ? Errno.ENOTEMPTY : null;

    /// <summary>utimensat: two times, each of which may stay or be that of now.</summary>
    private long SetTimes(GuestThread thread, CallArguments arguments)
    {
        const long now = 0x3FFFFFFF;
        const long stays = 0x3FFFFFFE;
        Node node = arguments[1] == 0 ? thread.Process.Files[arguments.Int(0)].Node
            : system.Tree.Find(GuestPath.Of(thread, arguments.Int(0), arguments[1]), (arguments.Int(3) & NoFollow) == 0);
        long[] times = [system.Now, system.Now];
        for (int index = 0; arguments[2] != 0 && index < times.Length; index++)
        {
            ulong place = arguments[2] + (ulong)(16 * index);
            long rest = (long)thread.Process.Memory.ReadWord(place + 8);
            times[index] = rest == now ? system.Now
                : rest == stays ? (index == 0 ? node.Accessed : node.Modified)
                : ((long)thread.Process.Memory.ReadWord(place) * 1_000_000_000) + rest;
        }

        (node.Accessed, node.Modified) = (times[0], times[1]);
        return 0;
    }

    private static long StatFileSystem(GuestThread thread, ulong into)
    {
        Span<byte> stat = stackalloc byte[120];
        stat.Clear();
        const long tmpfs = 0x01021994;
        BinaryPrimitives.WriteInt64LittleEndian(stat, tmpfs);
        BinaryPrimitives.WriteInt64LittleEndian(stat[8..], GuestMemory.PageBytes);
        BinaryPrimitives.WriteInt64LittleEndian(stat[16..], 1 << 20);
        BinaryPrimitives.WriteInt64LittleEndian(stat[24..], 1 << 19);
        BinaryPrimitives.WriteInt64LittleEndian(stat[32..], 1 << 19);
        BinaryPrimitives.WriteInt64LittleEndian(stat[64..], 255);
        thread.Process.Memory.Write(into, stat);
        return 0;
    }

    private static long ChangeFileMask(GuestThread thread, CallArguments arguments)
    {
        uint old = thread.Process.FileMask;
        thread.Process.FileMask = (uint)arguments[0] & 0x1FF;
        return old;
    }
}
