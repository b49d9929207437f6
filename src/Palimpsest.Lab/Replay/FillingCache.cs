using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>How a page cache keeps the memory of a replay full.</summary>
/// <param name="Seed">Of the choice of pages that are reclaimed out of order.</param>
/// <param name="OutOfOrder">Share of pages that are reclaimed out of LRU order, 0 to 1: those that nobody looked at again.</param>
/// <param name="FillEveryNs">Files are read for so long before they have taken what is free again, in nanoseconds.</param>
public sealed record FullMachine(ulong Seed = 1, double OutOfOrder = 0.01, long FillEveryNs = 10_000_000_000);

/// <summary>
/// Clean page cache that takes what is free above the high watermark and is reclaimed when kswapd is woken, as on a machine that has run
/// for a while. Its pages are movable data; what a range needs of them is dropped.
/// </summary>
// Pages are slots: a slot names the frame that it is in, and the owner of the frame names the slot, behind the names of the recording.
internal sealed class FillingCache
{
    private const int Nowhere = -1;

    private readonly MemorySystem _system;
    private readonly int _firstOwner;
    private readonly FullMachine _machine;
    private readonly CacheRanges _ranges;
    private readonly Zone[] _zones;
    private readonly List<int> _frameOf = [];
    private readonly List<int> _placeOf = [];
    private readonly List<int> _live = [];
    private readonly Stack<int> _unused = new();
    private readonly Queue<(int Slot, int Turn)> _oldest = new();
    private readonly List<int> _turnOf = [];
    private ulong _state;
    private long _wakes;
    private long _nextFillNs;
    private int _spare = int.MaxValue;
    private int _cpu;

    /// <param name="firstOwner">Owners from here on are slots of the cache.</param>
    public FillingCache(MemorySystem system, int firstOwner, FullMachine machine)
    {
        (_system, _firstOwner, _machine) = (system, firstOwner, machine);
        _state = machine.Seed;
        _ranges = new CacheRanges(system, this);
        _zones = [.. system.Zones];
    }

    /// <summary>Pages in the cache.</summary>
    public int Pages => _live.Count;

    public bool Owns(int owner) => owner >= _firstOwner;

    /// <summary>A page of the cache is somewhere else.</summary>
    public void Moved(int owner, Frame frame) => _frameOf[owner - _firstOwner] = frame.Index;

    /// <summary>A page is dropped by whoever wants its frame, and frees it. False: it is none of the cache.</summary>
    public bool TryForget(int owner)
    {
        if (!Owns(owner))
        {
            return false;
        }

        Remove(owner - _firstOwner);
        return true;
    }

    /// <summary>Frees a page of the cache.</summary>
    /// <param name="owner">Owner of its frame.</param>
    public void DropOf(int owner) => Drop(owner - _firstOwner);

    /// <summary>Lets kswapd reclaim what was wanted of it, and takes what is free when it is time.</summary>
    public void Settle(long nowNs)
    {
        bool isWoken = _system.Counters.KswapdWakes != _wakes;
        if (!isWoken && nowNs < _nextFillNs)
        {
            _spare = Math.Min(_spare, Spare());
            return;
        }

        // What it does is no work of the machine that is measured.
        KernelCounters before = _system.Counters.Copy();
        if (isWoken)
        {
            Reclaim();
            _wakes = _system.Counters.KswapdWakes;
        }

        _spare = Math.Min(_spare, Spare());
        if (nowNs >= _nextFillNs)
        {
            _nextFillNs = nowNs + _machine.FillEveryNs;
            Fill(_spare);
            _spare = int.MaxValue;
        }

        _system.Counters.ForgetSince(before);
    }

    /// <summary>Drops pages so that 2^order frames become free together; false where no range holds only cache and free pages.</summary>
    public bool MakeRoom(int order)
    {
        KernelCounters before = _system.Counters.Copy();
        bool isMade = _ranges.TryMakeRoom(order, new CpuId(_cpu));
        _system.Counters.ForgetSince(before);
        return isMade;
    }

    /// <summary>Reclaims for a request that failed, and makes it again; it counts as one.</summary>
    public AllocationResult Retry(in AllocationRequest request, ref TagStorageWork work)
    {
        if (!MakeRoom(request.Order.Value))
        {
            return new AllocationResult(AllocationOutcome.NoMemory, Frame.None);
        }

        _system.Counters.Allocations--;
        _system.Counters.FailedAllocations--;
        AllocationResult result = _system.Allocate(request, out TagStorageWork more);
        work += more;
        return result;
    }

    private void Fill(int pages)
    {
        _cpu = (_cpu + 1) % _system.Cpus;
        for (; pages > 0; pages--)
        {
            int slot = _unused.TryPop(out int used) ? used : NewSlot();
            AllocationRequest request = new(GfpFlags.ReadAhead, new Order(0), new CpuId(_cpu), IsTagged: false, _firstOwner + slot,
                AllocationEffort.LowWatermark);
            AllocationResult got = _system.Allocate(request);
            if (got.Frame.IsNone)
            {
                _unused.Push(slot);
                return;
            }

            Add(slot, got.Frame);
        }
    }

    private void Reclaim()
    {
        _cpu = (_cpu + 1) % _system.Cpus;
        for (int left = _live.Count; left > 0 && !IsBalanced() && Choose() is >= 0 and var slot; left--)
        {
            if (IsBalanced(NodeOf(slot)))
            {
                // kswapd is a thread of each node, and so are the lists that it scans.
                _oldest.Enqueue((slot, _turnOf[slot]));
            }
            else
            {
                Drop(slot);
            }
        }
    }

    private int NodeOf(int slot) => _zones[_system.Frames[new Frame(_frameOf[slot])].Zone].Node;

    /// <summary>Frames that are free above the high watermarks.</summary>
    private int Spare()
    {
        int spare = 0;
        foreach (Zone zone in _zones)
        {
            spare += Math.Max(0, zone.FreeFrames - zone.Watermarks.High);
        }

        return spare;
    }

    /// <param name="node">That of one; null for all.</param>
    private bool IsBalanced(int? node = null)
    {
        foreach (Zone zone in _zones)
        {
            if (zone.ManagedFrames > 0 && !zone.IsTagStorage && (node ?? zone.Node) == zone.Node && !Watermark.IsAboveHigh(zone))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The oldest page, or any, as chance has it; -1 where there is none.</summary>
    private int Choose()
    {
        if (_live.Count == 0)
        {
            return Nowhere;
        }

        ulong number = SplitMix.Mix(_state += SplitMix.Gamma);
        if ((number >> 40) < _machine.OutOfOrder * (1 << 24))
        {
            return _live[(int)(number % (ulong)_live.Count)];
        }

        while (_oldest.TryDequeue(out (int Slot, int Turn) oldest))
        {
            if (_placeOf[oldest.Slot] != Nowhere && _turnOf[oldest.Slot] == oldest.Turn)
            {
                return oldest.Slot;
            }
        }

        return _live[0];
    }

    private void Drop(int slot)
    {
        Frame frame = new(_frameOf[slot]);
        Remove(slot);
        _system.Free(frame, new CpuId(_cpu));
    }

    private int NewSlot()
    {
        _frameOf.Add(Nowhere);
        _placeOf.Add(Nowhere);
        _turnOf.Add(0);
        return _frameOf.Count - 1;
    }

    private void Add(int slot, Frame frame)
    {
        _frameOf[slot] = frame.Index;
        _placeOf[slot] = _live.Count;
        _live.Add(slot);
        _oldest.Enqueue((slot, ++_turnOf[slot]));
    }

    private void Remove(int slot)
    {
        int place = _placeOf[slot];
        int last = _live[^1];
        _live[place] = last;
        _placeOf[last] = place;
        _live.RemoveAt(_live.Count - 1);
        _placeOf[slot] = Nowhere;
        _unused.Push(slot);
    }
}
