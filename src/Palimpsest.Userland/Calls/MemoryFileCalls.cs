using Palimpsest.Kernel.Tables;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>memfd_create, the seals of its files, and room in files (mm/memfd.c, 6.12).</summary>
internal sealed class MemoryFileCalls(GuestSystem system)
{
    private const int CloseOnExec = 1;
    private const int AllowSealing = 2;
    private const int NoExecution = 8;
    private const int Execution = 16;
    private const int LongestName = 249;
    private const int KeepSize = 1;

    public void AddTo(CallTable table)
    {
        table[279] = Create;
        table[47] = Allocate;
    }

    private long Create(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(1);
        bool isExecutionConfused = (flags & (NoExecution | Execution)) == (NoExecution | Execution);
        bool isKnown = (flags & ~(CloseOnExec | AllowSealing | NoExecution | Execution)) == 0;
        if (!isKnown || isExecutionConfused || thread.Process.Memory.ReadString(arguments[0]).Length > LongestName)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        bool isQuiet = (flags & NoExecution) != 0;
        FileNode node = system.Tree.Nodes.File(isQuiet ? 0x1B6u : 0x1FFu, isMemory: true);
        node.Seals = (flags & AllowSealing) != 0 || isQuiet ? FileSeals.None : FileSeals.Seal;
        node.Seals |= isQuiet ? FileSeals.Execution : FileSeals.None;
        return thread.Process.Files.Add(new OpenRegular(node, OpenFile.ReadWrite), (flags & CloseOnExec) != 0);
    }

    /// <summary>fallocate without a mode, or with KEEP_SIZE: room is there, so a file only grows.</summary>
    private static long Allocate(GuestThread thread, CallArguments arguments)
    {
        OpenFile file = thread.Process.Files[arguments.Int(0)];
        (int mode, long offset, long bytes) = (arguments.Int(1), arguments.Long(2), arguments.Long(3));
        if (offset < 0 || bytes <= 0 || !file.CanWrite || file.Node is not FileNode node)
        {
            return CallTable.Error(offset < 0 || bytes <= 0 ? Errno.EINVAL : !file.CanWrite ? Errno.EBADF : Errno.ENODEV);
        }

        if ((mode & ~KeepSize) != 0)
        {
            return CallTable.Error(Errno.EOPNOTSUPP);
        }

        if (offset > FileNode.LongestBytes - bytes)
        {
            return CallTable.Error(Errno.EFBIG);
        }

        if (mode == 0 && offset + bytes > node.Length)
        {
            node.Resize(offset + bytes);
        }

        return 0;
    }

    /// <summary>F_ADD_SEALS: EBUSY while somebody could still write through a shared mapping.</summary>
    public static long AddSeals(GuestSystem system, OpenFile file, int wanted)
    {
        if (file.Node is not FileNode { Seals: { } had } node || (wanted & ~(int)FileSeals.All) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        FileSeals seals = (FileSeals)wanted;
        if (!file.CanWrite || (had & FileSeals.Seal) != 0)
        {
            return CallTable.Error(Errno.EPERM);
        }

        bool isNew = (seals & ~had & FileSeals.Write) != 0;
        if (isNew && system.Processes.Where(process => process.Status is null).Any(process => MayWrite(process, node)))
        {
            return CallTable.Error(Errno.EBUSY);
        }

        // Whoever forbids execution of what is executable forbids its changes, too.
        bool isExecutable = (seals & FileSeals.Execution) != 0 && (node.Mode & 0x49) != 0;
        node.Seals = had | seals | (isExecutable ? FileSeals.Shrink | FileSeals.Grow | FileSeals.Write | FileSeals.FutureWrite : 0);
        return 0;
    }

    private static bool MayWrite(GuestProcess process, FileNode node) => process.Memory.Space.Areas.All.Any(area =>
        ReferenceEquals(area.Backing, node.Object) && area.IsShared && !area.Has(AreaTraits.NeverWritten));
}
