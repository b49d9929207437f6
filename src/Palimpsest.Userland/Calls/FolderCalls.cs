using System.Buffers.Binary;
using System.Text;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Folders: the current one, making, and what lies in them.</summary>
internal sealed class FolderCalls(GuestSystem system)
{
    public void AddTo(CallTable table)
    {
        table[17] = CurrentFolder;
        table[34] = MakeFolder;
        table[49] = ChangeFolder;
        table[50] = ChangeFolderTo;
        table[61] = Entries;
    }

    private static long CurrentFolder(GuestThread thread, CallArguments arguments)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(thread.Process.Folder + '\0');
        if ((ulong)bytes.Length > arguments[1])
        {
            return CallTable.Error(Errno.ERANGE);
        }

        thread.Process.Memory.Write(arguments[0], bytes);
        return bytes.Length;
    }

    private long ChangeFolder(GuestThread thread, CallArguments arguments)
    {
        string path = GuestPath.Normal(GuestPath.Of(thread, GuestPath.Here, arguments[0]));
        if (system.Tree.Find(path) is not FolderNode)
        {
            return CallTable.Error(Errno.ENOTDIR);
        }

        thread.Process.Folder = path;
        return 0;
    }

    private static long ChangeFolderTo(GuestThread thread, CallArguments arguments)
    {
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        if (file is not OpenFolder)
        {
            return CallTable.Error(Errno.ENOTDIR);
        }

        thread.Process.Folder = GuestPath.Normal(file.Path);
        return 0;
    }

    /// <summary>getdents64.</summary>
    private static long Entries(GuestThread thread, CallArguments arguments)
    {
        if (thread.Process.Files[arguments.Int(0)] is not OpenFolder folder)
        {
            return CallTable.Error(Errno.ENOTDIR);
        }

        List<byte> bytes = [];
        (string Name, Node Node)[] names =
            [(".", folder.Folder), ("..", folder.Folder), .. folder.Folder.Names.Select(entry => (entry.Key, entry.Value))];
        for (; folder.Position < names.Length; folder.Position++)
        {
            (string name, Node node) = names[folder.Position];
            byte[] text = Encoding.UTF8.GetBytes(name);
            byte[] entry = new byte[(19 + text.Length + 1 + 7) & ~7];
            if ((ulong)(bytes.Count + entry.Length) > arguments[2])
            {
                break;
            }

            BinaryPrimitives.WriteInt64LittleEndian(entry, node.Number);
            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), folder.Position + 1);
            BinaryPrimitives.WriteInt16LittleEndian(entry.AsSpan(16), (short)entry.Length);
            entry[18] = (byte)(node.Mode >> 12);
            text.CopyTo(entry, 19);
            bytes.AddRange(entry);
        }

        if (bytes.Count == 0 && folder.Position < names.Length)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        thread.Process.Memory.Write(arguments[1], bytes.ToArray());
        return bytes.Count;
    }

    private long MakeFolder(GuestThread thread, CallArguments arguments)
    {
        string path = GuestPath.Of(thread, arguments.Int(0), arguments[1]).TrimEnd('/');
        if (system.Tree.TryFind(path, followsLast: false, out FolderNode folder, out string name) is not null)
        {
            return CallTable.Error(Errno.EEXIST);
        }

        FolderNode made = system.Tree.Nodes.Folder();
        made.Mode = Node.FolderType | ((uint)arguments[2] & 0x3FF & ~thread.Process.FileMask);
        made.BelongTo(thread.Process);
        folder.Put(name, made);
        return 0;
    }
}
