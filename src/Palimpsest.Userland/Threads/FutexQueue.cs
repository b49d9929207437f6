using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Threads;

/// <summary>Threads that wait for futexes, in the order in which they came (kernel/futex).</summary>
internal sealed class FutexQueue
{
    private readonly List<FutexWaiter> _waiters = [];

    public FutexWaiter Add(GuestThread thread, FutexKey key, uint bits)
    {
        FutexWaiter waiter = new(thread, key, bits);
        _waiters.Add(waiter);
        return waiter;
    }

    public void Remove(FutexWaiter waiter) => _waiters.Remove(waiter);

    /// <returns>How many were woken.</returns>
    public int Wake(FutexKey key, int most, uint bits)
    {
        int woken = 0;
        foreach (FutexWaiter waiter in _waiters.ToArray())
        {
            if (woken < most && waiter.Key == key && (waiter.Bits & bits) != 0)
            {
                waiter.IsWoken = true;
                _waiters.Remove(waiter);
                woken++;
            }
        }

        return woken;
    }

    /// <summary>FUTEX_REQUEUE: who is not woken waits for another one.</summary>
    public int Requeue(FutexKey from, FutexKey to, int most)
    {
        int moved = 0;
        foreach (FutexWaiter waiter in _waiters.Where(waiter => waiter.Key == from).Take(most).ToArray())
        {
            waiter.Key = to;
            moved++;
        }

        return moved;
    }

    public static FutexKey KeyOf(GuestMemory memory, ulong address)
    {
        address = Palimpsest.Machine.Mte.LogicalTag.Canonical(address);
        VmArea? area = memory.Space.Areas.Find(address >> 12);
        return area is { IsShared: true, Backing: { } file }
            ? new FutexKey(0, file.Id + 1, ((ulong)area.IndexOf(address >> 12) << 12) + (address & 4095))
            : new FutexKey(memory.Space.Id, 0, address);
    }
}
