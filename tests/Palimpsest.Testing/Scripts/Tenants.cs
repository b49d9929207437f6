using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Scripts;

/// <summary>A folio in use, as whoever allocated it knows it.</summary>
public sealed record Tenant(int Owner, Frame Frame, int Order, bool IsMovable, bool IsPinned, bool IsTagged)
{
    public int Frames => 1 << Order;
}

/// <summary>
/// The reference model: who lives where, kept from results and messages alone, without a look into the allocator. It
/// refuses two tenants in one frame, moves of strangers, and moves of what cannot be moved.
/// </summary>
public sealed class Tenants : IOwnerMap
{
    private readonly Dictionary<int, Tenant> _byOwner = [];
    private readonly List<int> _order = [];
    private readonly Dictionary<int, int> _ownerOfFrame = [];
    private int _nextOwner = 1;

    public int Count => _order.Count;

    public IEnumerable<Tenant> All => _order.Select(owner => _byOwner[owner]);

    /// <summary>A cookie with room for those of the parts that a split makes.</summary>
    public int NewOwner(int order)
    {
        int owner = _nextOwner;
        _nextOwner += 1 << order;
        return owner;
    }

    public Tenant Pick(int number) => _byOwner[_order[number % _order.Count]];

    public void Enter(Tenant tenant)
    {
        Require(tenant.Frame.Index % tenant.Frames == 0, $"{tenant} is not aligned");
        for (Frame frame = tenant.Frame; frame < tenant.Frame + tenant.Frames; frame++)
        {
            Require(_ownerOfFrame.TryAdd(frame.Index, tenant.Owner), $"frame {frame} of {tenant} belongs to another");
        }

        _byOwner.Add(tenant.Owner, tenant);
        _order.Add(tenant.Owner);
    }

    public void Leave(Tenant tenant)
    {
        for (Frame frame = tenant.Frame; frame < tenant.Frame + tenant.Frames; frame++)
        {
            Require(_ownerOfFrame.Remove(frame.Index, out int owner) && owner == tenant.Owner, $"frame {frame} is not {tenant}'s");
        }

        _byOwner.Remove(tenant.Owner);
        _order.Remove(tenant.Owner);
    }

    public void Become(Tenant tenant) => _byOwner[tenant.Owner] = tenant;

    /// <summary>Frames of a buffer that nobody may live in.</summary>
    public void Block(Frame frame) => Require(_ownerOfFrame.TryAdd(frame.Index, 0), $"frame {frame} was taken from its tenant");

    public void Unblock(Frame frame) => Require(_ownerOfFrame.Remove(frame.Index), $"frame {frame} is not blocked");

    public void Moved(int owner, Frame frame, Order order)
    {
        Require(_byOwner.TryGetValue(owner, out Tenant? tenant), $"stranger {owner} moved to {frame}");
        Require(tenant!.Order == order.Value, $"{tenant} moved as {order}");
        Require(tenant.IsMovable && !tenant.IsPinned, $"{tenant} moved to {frame}");
        int place = _order.IndexOf(owner);
        Leave(tenant);
        Enter(tenant with { Frame = frame });
        _order.RemoveAt(_order.Count - 1);
        _order.Insert(place, owner);
    }

    /// <summary>The allocator agrees with what the tenants know.</summary>
    public void Check(MemorySystem system)
    {
        foreach (Tenant tenant in All)
        {
            PageFrame head = system.Frames[tenant.Frame];
            Require(head.State == FrameState.Allocated
                && head.Order == tenant.Order, $"{tenant} lives in {head.State}, order {head.Order}");
            Require(head.Owner == tenant.Owner, $"{tenant}'s frame belongs to {head.Owner}");
            Require(head.Has(FrameFlags.Movable) == tenant.IsMovable, $"{tenant} has flags {head.Flags}");
            Require(head.Has(FrameFlags.Pinned) == tenant.IsPinned, $"{tenant} has flags {head.Flags}");
            Require(head.Has(FrameFlags.Tagged) == tenant.IsTagged, $"{tenant} has flags {head.Flags}");
            CheckPlace(system, tenant);
        }
    }

    private static void CheckPlace(MemorySystem system, Tenant tenant)
    {
        for (Frame frame = tenant.Frame; frame < tenant.Frame + tenant.Frames; frame++)
        {
            bool isStorage = system.Frames[frame].Has(FrameFlags.TagStorage);
            Require(!isStorage || !tenant.IsTagged, $"tagged {tenant} lies in tag storage");
            bool lendsToAll = system.Place.MayHold(isMovable: false);
            Require(!isStorage || tenant.IsMovable || lendsToAll, $"unmovable {tenant} lies in tag storage");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
