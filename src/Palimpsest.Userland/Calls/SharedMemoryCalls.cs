using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Calls;

/// <summary>Shared memory of System V: files of tmpfs by number (ipc/shm.c).</summary>
internal sealed class SharedMemoryCalls(GuestSystem system)
{
    private const int Create = 0x200;
    private const int Exclusive = 0x400;
    private const int ReadOnly = 0x1000;
    private const int Remap = 0x4000;
    private const int Remove = 0;

    private readonly Dictionary<int, Segment> _segments = [];
    private int _last;

    public void AddTo(CallTable table)
    {
        table[194] = Get;
        table[195] = Control;
        table[196] = Attach;
        table[197] = Detach;
    }

    private long Get(GuestThread thread, CallArguments arguments)
    {
        (int key, ulong bytes, int flags) = (arguments.Int(0), arguments[1], arguments.Int(2));
        KeyValuePair<int, Segment> found = _segments.FirstOrDefault(entry => key != 0 && entry.Value.Key == key && !entry.Value.IsRemoved);
        if (found.Value is { } segment)
        {
            return (flags & (Create | Exclusive)) == (Create | Exclusive) ? CallTable.Error(Errno.EEXIST)
                : bytes > segment.Bytes ? CallTable.Error(Errno.EINVAL) : found.Key;
        }

        if (key != 0 && (flags & Create) == 0)
        {
            return CallTable.Error(Errno.ENOENT);
        }

        if (bytes == 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        FileObject file = system.Machine.Kernel.Files.Create((int)GuestMemory.PagesOf(bytes), isShared: true);
        _segments[_last] = new Segment(key, bytes, file);
        return _last++;
    }

    private long Control(GuestThread thread, CallArguments arguments)
    {
        if (!_segments.TryGetValue(arguments.Int(0), out Segment? segment))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (arguments.Int(1) == Remove && !segment.IsRemoved)
        {
            segment.IsRemoved = true;
            system.Machine.Kernel.Files.Leave(segment.File, thread.Task.Cpu);
        }

        return 0;
    }

    private long Attach(GuestThread thread, CallArguments arguments)
    {
        if (!_segments.TryGetValue(arguments.Int(0), out Segment? segment) || segment.IsRemoved)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        GuestMemory memory = thread.Process.Memory;
        ulong place = arguments[1];
        int flags = arguments.Int(2);
        bool isOccupied = place != 0 && memory.IsInUse(place, segment.Bytes) && (flags & Remap) == 0;
        if (place % GuestMemory.PageBytes != 0 || isOccupied || (place == 0 && (flags & Remap) != 0))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        Protection protection = Protection.Read | ((flags & ReadOnly) == 0 ? Protection.Write : Protection.None);
        ulong? at = memory.Map(segment.Bytes, protection, segment.File, 0, isShared: true, place == 0 ? null : place);
        return at is { } address ? (long)address : CallTable.Error(Errno.ENOMEM);
    }

    private long Detach(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong page = arguments[0] / GuestMemory.PageBytes;
        VmArea? area = memory.Space.Areas.Find(page);
        if (area is null || area.Start != page || !_segments.Values.Any(segment => segment.File == area.Backing))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        memory.Unmap(arguments[0], area.Pages * GuestMemory.PageBytes);
        return 0;
    }

    private sealed record Segment(int Key, ulong Bytes, FileObject File)
    {
        public bool IsRemoved { get; set; }
    }
}
