using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>pselect6: sets of descriptors that can be read, written, or have something urgent, which nothing here has.</summary>
internal sealed class SelectCalls(GuestSystem system)
{
    private const int Most = 1024;
    private const int Readable = 0;
    private const int Sets = 3;

    public void AddTo(CallTable table) => table[72] = Select;

    private long Select(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        int count = arguments.Int(0);
        if (count is < 0 or > Most)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        int bytes = (count + 63) / 64 * sizeof(ulong);
        byte[]?[] wanted = new byte[]?[Sets];
        for (int set = 0; set < Sets; set++)
        {
            wanted[set] = arguments[1 + set] == 0 ? null : memory.Read(arguments[1 + set], bytes);
        }

        DescriptorTable files = thread.Process.Files;
        Require(files, wanted, count);
        long? deadline = thread.WaitsUntil ?? (arguments[4] == 0 ? null : system.Now + TimeCalls.ReadTime(memory, arguments[4]));
        thread.WaitsUntil = null;
        byte[]?[] found = Look(files, wanted, count, out int ready);
        if (ready == 0 && !(deadline <= system.Now))
        {
            return CallTable.Wait(thread, () => Any(files, wanted, count), deadline, isRestartable: false);
        }

        for (int set = 0; set < Sets; set++)
        {
            if (found[set] is { } told)
            {
                memory.Write(arguments[1 + set], told);
            }
        }

        return ready;
    }

    private static void Require(DescriptorTable files, byte[]?[] wanted, int count)
    {
        for (int number = 0; number < count; number++)
        {
            if (wanted.Any(set => Has(set, number)) && !files.IsOpen(number))
            {
                throw new CallException(Errno.EBADF);
            }
        }
    }

    private static bool Any(DescriptorTable files, byte[]?[] wanted, int count)
    {
        Look(files, wanted, count, out int ready);
        return ready > 0;
    }

    private static byte[]?[] Look(DescriptorTable files, byte[]?[] wanted, int count, out int ready)
    {
        const int isReadable = DescriptorCalls.PollIn | DescriptorCalls.PollHangUp;
        const int isWritable = DescriptorCalls.PollOut;
        byte[]?[] found = [.. wanted.Select(set => set is null ? null : new byte[set.Length])];
        ready = 0;
        for (int number = 0; number < count; number++)
        {
            for (int set = 0; set < Sets - 1; set++)
            {
                if (Has(wanted[set], number) && files.IsOpen(number)
                    && (DescriptorCalls.Events(files[number]) & (set == Readable ? isReadable : isWritable)) != 0)
                {
                    found[set]![number / 8] |= (byte)(1 << (number % 8));
                    ready++;
                }
            }
        }

        return found;
    }

    private static bool Has(byte[]? set, int number) => set is not null && (set[number / 8] >> (number % 8) & 1) != 0;
}
