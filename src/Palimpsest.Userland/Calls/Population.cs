using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Calls;

/// <summary>Pages that are brought before anybody asks for them: MAP_POPULATE, mlock, MADV_POPULATE_READ and its kin
/// (mm/gup.c, 6.12).</summary>
internal static class Population
{
    /// <summary>As accesses would, writing where that is allowed and not shared (populate_vma_page_range).</summary>
    /// <returns>Why it ended early: EFAULT for what may not be accessed, ENOMEM for a hole.</returns>
    public static Errno? Bring(GuestMemory memory, ulong address, ulong bytes)
    {
        ulong end = address + bytes;
        foreach ((VmArea area, ulong at, ulong count) in memory.Pieces(address, bytes))
        {
            if (at != address)
            {
                return Errno.ENOMEM;
            }

            if (Touch(memory, at, count, isWrite: area.IsWritable && !area.IsShared) is { } error)
            {
                return error;
            }

            address = at + count;
        }

        return address < end ? Errno.ENOMEM : null;
    }

    /// <summary>MADV_POPULATE_READ, MADV_POPULATE_WRITE: EINVAL where the area has not that right (faultin_page_range).</summary>
    public static Errno? Advised(GuestMemory memory, ulong address, ulong bytes, bool isWrite)
    {
        ulong end = address + bytes;
        foreach ((VmArea area, ulong at, ulong count) in memory.Pieces(address, bytes))
        {
            if (at != address)
            {
                return Errno.ENOMEM;
            }

            if ((area.Protection & (isWrite ? Protection.Write : Protection.Read)) == 0)
            {
                return Errno.EINVAL;
            }

            if (Touch(memory, at, count, isWrite) is { } error)
            {
                return error;
            }

            address = at + count;
        }

        return address < end ? Errno.ENOMEM : null;
    }

    private static Errno? Touch(GuestMemory memory, ulong address, ulong bytes, bool isWrite)
    {
        Span<byte> one = stackalloc byte[1];
        for (ulong at = address; at < address + bytes; at += GuestMemory.PageBytes)
        {
            if (memory.TryRead(at, one, isChecked: false) == 0 || (isWrite && memory.TryWrite(at, one, isChecked: false) == 0))
            {
                return Errno.EFAULT;
            }
        }

        return null;
    }
}
