using Palimpsest.Machine.Mte;

namespace Palimpsest.Userland.Calls;

/// <summary>Whether pages are there, are to stay, or are on disk: mincore, mlock and its kin, msync.</summary>
internal static class ResidencyCalls
{
    public static void AddTo(CallTable table)
    {
        table[227] = Synchronize;
        foreach (int number in (int[])[228, 229, 284])
        {
            table[number] = (thread, arguments) => Check(thread, LogicalTag.Canonical(arguments[0]), arguments[1]);
        }

        table[230] = (_, _) => 0;
        table[231] = (_, _) => 0;
        table[232] = Mincore;
    }

    private static long Mincore(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        ulong address = LogicalTag.Canonical(arguments[0]);
        if (address % GuestMemory.PageBytes != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        ulong pages = GuestMemory.PagesOf(arguments[1]);
        if (!memory.IsMapped(address, arguments[1]))
        {
            return CallTable.Error(Errno.ENOMEM);
        }

        byte[] present = new byte[pages];
        for (ulong page = 0; page < pages; page++)
        {
            present[page] = memory.Space.Tables.Get((address >> 12) + page).IsPresent ? (byte)1 : (byte)0;
        }

        memory.Write(arguments[2], present);
        return 0;
    }

    /// <summary>msync: shared memory is the file itself, so that there is nothing to write.</summary>
    private static long Synchronize(GuestThread thread, CallArguments arguments)
    {
        const int asynchronous = 1;
        const int synchronous = 4;
        ulong address = LogicalTag.Canonical(arguments[0]);
        int flags = arguments.Int(2);
        bool isBoth = (flags & (asynchronous | synchronous)) == (asynchronous | synchronous);
        return (flags & ~7) != 0 || isBoth || address % GuestMemory.PageBytes != 0
            ? CallTable.Error(Errno.EINVAL) : Check(thread, address, arguments[1]);
    }

    private static long Check(GuestThread thread, ulong address, ulong bytes) =>
        thread.Process.Memory.IsMapped(address, bytes) ? 0 : CallTable.Error(Errno.ENOMEM);
}
