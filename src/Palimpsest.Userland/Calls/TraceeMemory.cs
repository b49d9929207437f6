using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Calls;

/// <summary>Words and tags of a thread that has stopped (ptrace_access_vm, kernel/ptrace.c; arch/arm64/kernel/mte.c, 6.12).</summary>
internal sealed class TraceeMemory(GuestSystem system)
{
    private const int MostTags = 1 << 20;

    /// <summary>A word, whatever the rights of its page.</summary>
    public long Peek(GuestThread thread, GuestThread target, ulong address, ulong into)
    {
        byte[] word = new byte[sizeof(ulong)];
        return Of(target).Read(address, word, isForced: true).Now() < word.Length
            ? CallTable.Error(Errno.EIO) : TraceeState.Tell(thread, into, word);
    }

    /// <summary>A word, into a copy where the page may not be written: that is how breakpoints come into code.</summary>
    public long Poke(GuestThread target, ulong address, ulong data)
    {
        byte[] word = BitConverter.GetBytes(data);
        return Of(target).Write(address, word, isForced: true).Now() < word.Length ? CallTable.Error(Errno.EIO) : 0;
    }

    /// <summary>mte_ptrace_copy_tags: one tag a byte, as many as there are; an error only where there are none.</summary>
    public static long CopyTags(GuestThread thread, GuestThread target, ulong address, ulong vector, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        if (!memory.CanTag)
        {
            return CallTable.Error(Errno.EIO);
        }

        (ulong place, ulong length) = (memory.ReadWord(vector), memory.ReadWord(vector + 8));
        int count = (int)Math.Min(Math.Min(length, MostTags), (ulong)Reachable(target, address, isWrite));
        if (count == 0)
        {
            return CallTable.Error(Errno.EIO);
        }

        byte[] tags = new byte[count];
        if (isWrite)
        {
            count = memory.TryRead(place, tags);
            count = target.Process.Model.PokeTags(address, tags.AsMemory(0, count));
        }
        else
        {
            count = memory.TryWrite(place, tags.AsSpan(0, target.Process.Model.PeekTags(address, tags)));
        }

        if (count > 0)
        {
            memory.WriteWord(vector + 8, (ulong)count);
        }

        return count > 0 ? 0 : CallTable.Error(Errno.EFAULT);
    }

    private RemoteMemory Of(GuestThread target) => new(target.Process.Model, system.Machine.Kernel.Entry);

    /// <summary>Granules from an address to the end of what is PROT_MTE and may be accessed.</summary>
    private static long Reachable(GuestThread target, ulong address, bool isWrite)
    {
        ulong first = address / GuestMemory.PageBytes;
        ulong end = first;
        Protection needed = Protection.Mte | (isWrite ? Protection.Write : Protection.Read);
        while (target.Process.Memory.Space.Areas.Find(end) is { } area && (area.Protection & needed) == needed)
        {
            end = area.End;
        }

        return end == first ? 0 : (long)(((end * GuestMemory.PageBytes) - address) / TagGeometry.GranuleBytes);
    }
}
