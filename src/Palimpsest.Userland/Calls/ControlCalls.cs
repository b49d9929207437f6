using System.Buffers.Binary;
using System.Text;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Userland.Calls;

/// <summary>prctl, limits, and what the system says of itself.</summary>
internal sealed class ControlCalls(GuestSystem system)
{
    private const int SetName = 15;
    private const int GetName = 16;
    private const int SetDumpable = 4;
    private const int GetDumpable = 3;
    private const int SetTaggedAddresses = 55;
    private const int GetTaggedAddresses = 56;
    private const int SetDenials = 65;
    private const int GetDenials = 66;
    private const int SetMerging = 67;
    private const int GetMerging = 68;
    private const ulong TaggedAddressesOn = 1;
    private const ulong SynchronousMode = 2;
    private const ulong AsynchronousMode = 4;
    private const int IncludeShift = 3;
    private const ulong KnownControl = 7 | 0xFFFFUL << IncludeShift;

    public void AddTo(CallTable table)
    {
        table[92] = Personality;
        table[167] = Control;
        table[160] = SystemName;
        table[179] = SystemInformation;
        table[278] = RandomBytes;
        table[261] = Limits;
        table[165] = (thread, arguments) => Zeros(thread, arguments[1], 144);
        table[123] = Affinity;
        table[122] = (_, _) => 0;
        table[168] = GetCpu;
        table[293] = (_, _) => CallTable.Error(Errno.ENOSYS);
        table[118] = (_, _) => 0;
        table[119] = (_, _) => 0;
        table[120] = (_, _) => 0;
        table[283] = (_, _) => 0;
        table[140] = (_, _) => 0;
        table[141] = (_, _) => 20;
    }

    /// <summary>Kept and told: nothing here is random, and no rights follow from it.</summary>
    private static long Personality(GuestThread thread, CallArguments arguments)
    {
        const uint onlyAsks = 0xFFFFFFFF;
        uint old = thread.Process.Personality;
        thread.Process.Personality = (uint)arguments[0] == onlyAsks ? old : (uint)arguments[0];
        return old;
    }

    private long Control(GuestThread thread, CallArguments arguments)
    {
        switch (arguments.Int(0))
        {
            case SetTaggedAddresses:
                return SetTags(thread, arguments[1], (arguments[2] | arguments[3] | arguments[4]) != 0);
            case GetTaggedAddresses:
                return (arguments[1] | arguments[2] | arguments[3] | arguments[4]) != 0 ? CallTable.Error(Errno.EINVAL) : GetTags(thread);
            case SetName:
                thread.Process.Name = thread.Process.Memory.ReadString(arguments[1]);
                return 0;
            case GetName:
                byte[] name = new byte[16];
                Encoding.UTF8.GetBytes(thread.Process.Name).AsSpan(0, Math.Min(15, thread.Process.Name.Length)).CopyTo(name);
                thread.Process.Memory.Write(arguments[1], name);
                return 0;
            case GetDumpable:
                return 1;
            case SetDenials:
                return Deny(thread.Process, arguments[1], (arguments[2] | arguments[3] | arguments[4]) != 0);
            case GetDenials:
                return (arguments[1] | arguments[2] | arguments[3] | arguments[4]) != 0
                    ? CallTable.Error(Errno.EINVAL) : (long)thread.Process.Denials;
            case SetMerging:
                return SetMerge(thread.Process.Memory, arguments[1], (arguments[2] | arguments[3] | arguments[4]) != 0);
            case GetMerging:
                return (arguments[1] | arguments[2] | arguments[3] | arguments[4]) != 0
                    ? CallTable.Error(Errno.EINVAL) : thread.Process.Memory.MergesAll ? 1 : 0;
            case SetDumpable or 38 or 1 or 36:
                return 0;
            default:
                return CallTable.Error(Errno.EINVAL);
        }
    }

    /// <summary>PR_SET_MEMORY_MERGE: for what is there and what comes.</summary>
    private long SetMerge(GuestMemory memory, ulong isOn, bool hasMore)
    {
        if (hasMore)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        memory.MergesAll = isOn != 0;
        foreach ((VmArea area, ulong address, ulong bytes) in memory.Pieces(0, memory.EndAddress))
        {
            if (isOn != 0 && !area.IsShared)
            {
                memory.Mark(address, bytes, AreaTraits.Mergeable, AreaTraits.None);
            }
            else if (isOn == 0 && AdviceCalls.Unmerge(system, memory, address, bytes) is { } error)
            {
                return CallTable.Error(error);
            }
        }

        return 0;
    }

    /// <summary>PR_SET_MDWE: once said it is not taken back (prctl_set_mdwe, kernel/sys.c, 6.12).</summary>
    private static long Deny(GuestProcess process, ulong denials, bool hasMore)
    {
        if (hasMore || denials is 2 or > 3)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        if (process.Denials != 0 && process.Denials != denials)
        {
            return CallTable.Error(Errno.EPERM);
        }

        process.Denials = denials;
        return 0;
    }

    /// <summary>PR_SET_TAGGED_ADDR_CTRL: where both modes are asked for, a CPU prefers the asynchronous one.</summary>
    internal static long SetTags(GuestThread thread, ulong control, bool hasMore)
    {
        if (hasMore || (control & ~KnownControl) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        thread.TakesTaggedAddresses = (control & TaggedAddressesOn) != 0;
        thread.TagModes = control & (SynchronousMode | AsynchronousMode);
        thread.Task.TagChecks = (control & AsynchronousMode) != 0 ? TagFaultMode.Asynchronous
            : (control & SynchronousMode) != 0 ? TagFaultMode.Synchronous : TagFaultMode.None;
        thread.Task.TagsIncluded = (ushort)(control >> IncludeShift);
        return 0;
    }

    internal static long GetTags(GuestThread thread) => (long)(
        (thread.TakesTaggedAddresses ? TaggedAddressesOn : 0) | thread.TagModes
        | (ulong)thread.Task.TagsIncluded << IncludeShift);

    private static long SystemName(GuestThread thread, CallArguments arguments)
    {
        const int fieldBytes = 65;
        byte[] names = new byte[6 * fieldBytes];
        string[] fields = ["Linux", "palimpsest", "6.1.0", "#1", "aarch64", "(none)"];
        for (int index = 0; index < fields.Length; index++)
        {
            Encoding.ASCII.GetBytes(fields[index]).CopyTo(names, index * fieldBytes);
        }

        thread.Process.Memory.Write(arguments[0], names);
        return 0;
    }

    private long SystemInformation(GuestThread thread, CallArguments arguments)
    {
        byte[] information = new byte[112];
        long bytes = (long)system.Machine.Memory.Layout.Frames * GuestMemory.PageBytes;
        BinaryPrimitives.WriteInt64LittleEndian(information, system.Now / 1_000_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(information.AsSpan(32), bytes);
        BinaryPrimitives.WriteInt64LittleEndian(information.AsSpan(40), bytes / 2);
        BinaryPrimitives.WriteInt16LittleEndian(information.AsSpan(80), (short)system.Processes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(information.AsSpan(104), 1);
        thread.Process.Memory.Write(arguments[0], information);
        return 0;
    }

    private long RandomBytes(GuestThread thread, CallArguments arguments)
    {
        int count = (int)Math.Min(arguments[1], 1 << 20);
        thread.Process.Memory.Write(arguments[0], system.RandomBytes(count));
        return count;
    }

    /// <summary>prlimit64: the stack and locked memory of 8 MiB, 1,024 files, nothing else limited.</summary>
    private static long Limits(GuestThread thread, CallArguments arguments)
    {
        if (arguments[3] != 0)
        {
            ulong limit = arguments.Int(1) switch
            {
                3 or 8 => 8 << 20,
                7 => 1024,
                _ => ulong.MaxValue,
            };
            thread.Process.Memory.WriteWord(arguments[3], limit);
            thread.Process.Memory.WriteWord(arguments[3] + 8, limit);
        }

        return 0;
    }

    private static long Affinity(GuestThread thread, CallArguments arguments)
    {
        if (arguments[1] < 8)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        thread.Process.Memory.WriteWord(arguments[2], 1);
        return 8;
    }

    private static long GetCpu(GuestThread thread, CallArguments arguments)
    {
        foreach (int index in (int[])[0, 1])
        {
            if (arguments[index] != 0)
            {
                thread.Process.Memory.WriteInt(arguments[index], 0);
            }
        }

        return 0;
    }

    private static long Zeros(GuestThread thread, ulong address, int bytes)
    {
        thread.Process.Memory.Write(address, new byte[bytes]);
        return 0;
    }
}
