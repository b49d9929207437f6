using System.Buffers.Binary;

namespace Palimpsest.Userland.Calls;

/// <summary>
/// Users and groups that a process says it is of (kernel/sys.c, 6.12). Nobody is kept from a file by them: what follows is what
/// programs ask.
/// </summary>
internal static class IdentityCalls
{
    private const uint Same = uint.MaxValue;
    private const uint CapabilityVersion = 0x20080522;
    private const ulong AllCapabilities = (1UL << 41) - 1;
    private const int MostGroups = 65536;

    public static void AddTo(CallTable table)
    {
        table[174] = (thread, _) => thread.Process.Users.Real;
        table[175] = (thread, _) => thread.Process.Users.Effective;
        table[176] = (thread, _) => thread.Process.Groups.Real;
        table[177] = (thread, _) => thread.Process.Groups.Effective;
        table[143] = (thread, arguments) => SetPair(thread, arguments, isUser: false);
        table[144] = (thread, arguments) => SetOne(thread, (uint)arguments[0], isUser: false);
        table[145] = (thread, arguments) => SetPair(thread, arguments, isUser: true);
        table[146] = (thread, arguments) => SetOne(thread, (uint)arguments[0], isUser: true);
        table[147] = (thread, arguments) => SetAll(thread, arguments, isUser: true);
        table[148] = (thread, arguments) => Tell(thread, arguments, thread.Process.Users);
        table[149] = (thread, arguments) => SetAll(thread, arguments, isUser: false);
        table[150] = (thread, arguments) => Tell(thread, arguments, thread.Process.Groups);
        table[151] = (thread, _) => thread.Process.Users.Effective;
        table[152] = (thread, _) => thread.Process.Groups.Effective;
        table[158] = GetGroups;
        table[159] = SetGroups;
        table[90] = GetCapabilities;
        table[91] = (_, _) => 0;
    }

    private static bool IsRoot(GuestThread thread) => thread.Process.Users.Effective == 0;

    private static Identity Of(GuestThread thread, bool isUser) => isUser ? thread.Process.Users : thread.Process.Groups;

    /// <summary>What is taken has to be one of those that it has, but for root.</summary>
    private static long Take(GuestThread thread, Identity next, bool isUser)
    {
        Identity old = Of(thread, isUser);
        if (!IsRoot(thread) && !(old.Has(next.Real) && old.Has(next.Effective) && old.Has(next.Saved)))
        {
            return CallTable.Error(Errno.EPERM);
        }

        if (isUser)
        {
            thread.Process.Users = next;
        }
        else
        {
            thread.Process.Groups = next;
        }

        return 0;
    }

    private static long SetOne(GuestThread thread, uint wanted, bool isUser) => Take(
        thread, IsRoot(thread) ? new Identity(wanted, wanted, wanted) : Of(thread, isUser) with { Effective = wanted }, isUser);

    /// <summary>setreuid: a real one that is set, or an effective one that was not the real one, is saved too.</summary>
    private static long SetPair(GuestThread thread, CallArguments arguments, bool isUser)
    {
        Identity old = Of(thread, isUser);
        (uint real, uint effective) = ((uint)arguments[0], (uint)arguments[1]);
        Identity next = old with { Real = real == Same ? old.Real : real, Effective = effective == Same ? old.Effective : effective };
        bool saves = real != Same || (effective != Same && effective != old.Real);
        return Take(thread, saves ? next with { Saved = next.Effective } : next, isUser);
    }

    private static long SetAll(GuestThread thread, CallArguments arguments, bool isUser)
    {
        Identity old = Of(thread, isUser);
        return Take(thread, new Identity(Or(0, old.Real), Or(1, old.Effective), Or(2, old.Saved)), isUser);

        uint Or(int index, uint kept) => (uint)arguments[index] is var wanted and not Same ? wanted : kept;
    }

    private static long Tell(GuestThread thread, CallArguments arguments, Identity identity)
    {
        thread.Process.Memory.WriteInt(arguments[0], identity.Real);
        thread.Process.Memory.WriteInt(arguments[1], identity.Effective);
        thread.Process.Memory.WriteInt(arguments[2], identity.Saved);
        return 0;
    }

    private static long GetGroups(GuestThread thread, CallArguments arguments)
    {
        uint[] groups = thread.Process.MoreGroups;
        int room = arguments.Int(0);
        if (room < 0 || (room != 0 && room < groups.Length))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        for (int index = 0; room != 0 && index < groups.Length; index++)
        {
            thread.Process.Memory.WriteInt(arguments[1] + (ulong)(4 * index), groups[index]);
        }

        return groups.Length;
    }

    private static long SetGroups(GuestThread thread, CallArguments arguments)
    {
        if (!IsRoot(thread) || arguments.Int(0) is < 0 or > MostGroups)
        {
            return CallTable.Error(IsRoot(thread) ? Errno.EINVAL : Errno.EPERM);
        }

        uint[] groups = new uint[arguments.Int(0)];
        for (int index = 0; index < groups.Length; index++)
        {
            groups[index] = thread.Process.Memory.ReadInt(arguments[1] + (ulong)(4 * index));
        }

        thread.Process.MoreGroups = groups;
        return 0;
    }

    /// <summary>capget: all of them for root, none for others.</summary>
    private static long GetCapabilities(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        if (memory.ReadInt(arguments[0]) != CapabilityVersion)
        {
            memory.WriteInt(arguments[0], CapabilityVersion);
            return arguments[1] == 0 ? 0 : CallTable.Error(Errno.EINVAL);
        }

        byte[] sets = new byte[24];
        ulong capabilities = IsRoot(thread) ? AllCapabilities : 0;
        for (int half = 0; half < 2; half++)
        {
            // Effective and permitted; nothing is inherited.
            uint bits = (uint)(capabilities >> (32 * half));
            BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan(12 * half), bits);
            BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan((12 * half) + 4), bits);
        }

        if (arguments[1] != 0)
        {
            memory.Write(arguments[1], sets);
        }

        return 0;
    }
}

/// <summary>A user or a group: who started it, whose rights it has, and whose it may take again.</summary>
internal readonly record struct Identity(uint Real, uint Effective, uint Saved)
{
    public bool Has(uint id) => id == Real || id == Effective || id == Saved;
}
