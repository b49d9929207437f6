using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Owners and modes of files, which are kept and told; no access is refused by them (fs/open.c, 6.12).</summary>
internal sealed class OwnerCalls(GuestSystem system)
{
    private const uint Same = uint.MaxValue;
    private const uint AllBits = 0xFFF;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;

    public void AddTo(CallTable table)
    {
        table[52] = (thread, arguments) => SetMode(thread.Process.Files[arguments.Int(0)].Node, (uint)arguments[1]);
        table[53] = (thread, arguments) =>
            SetMode(system.Tree.Find(GuestPath.Of(thread, arguments.Int(0), arguments[1])), (uint)arguments[2]);
        table[54] = (thread, arguments) => SetOwner(thread, Named(thread, arguments), (uint)arguments[2], (uint)arguments[3]);
        table[55] = (thread, arguments) =>
            SetOwner(thread, thread.Process.Files[arguments.Int(0)].Node, (uint)arguments[1], (uint)arguments[2]);
    }

    private Node Named(GuestThread thread, CallArguments arguments)
    {
        int flags = arguments.Int(4);
        return (flags & EmptyPath) != 0 && thread.Process.Memory.Read(arguments[1], 1)[0] == 0
            ? thread.Process.Files[arguments.Int(0)].Node
            : system.Tree.Find(GuestPath.Of(thread, arguments.Int(0), arguments[1]), (flags & NoFollow) == 0);
    }

    private static long SetMode(Node node, uint mode)
    {
        node.Mode = (node.Mode & ~AllBits) | (mode & AllBits);
        return 0;
    }

    /// <summary>Root gives files away; others may say that theirs are theirs.</summary>
    private static long SetOwner(GuestThread thread, Node node, uint user, uint group)
    {
        uint own = thread.Process.Users.Effective;
        bool isGiven = (user != Same && user != node.Owner) || (group != Same && !thread.Process.Groups.Has(group)
            && !thread.Process.MoreGroups.Contains(group));
        if (own != 0 && (node.Owner != own || isGiven))
        {
            return CallTable.Error(Errno.EPERM);
        }

        (node.Owner, node.Group) = (user == Same ? node.Owner : user, group == Same ? node.Group : group);
        return 0;
    }
}
