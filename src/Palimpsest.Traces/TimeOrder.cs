namespace Palimpsest.Traces;

/// <summary>
/// Puts records in the order of time. Recorders write the CPUs' buffers one after the other in rounds: what came before the
/// end of one round is complete at the end of the next (tools/perf/util/ordered-events.c).
/// </summary>
/// <param name="release">Told of items, of the order in which they come, and of their number.</param>
/// <param name="mostPending">A recording without rounds must not fill the memory: where so many wait, a round is over.</param>
internal sealed class TimeOrder<TItem>(Action<TItem[], int[], int> release, int mostPending = 1 << 21)
    where TItem : struct
{
    private TItem[] _pending = new TItem[1 << 12];
    private ulong[] _times = new ulong[1 << 12];
    private int[] _order = [];
    private int[] _merged = [];
    private readonly List<int> _runs = [];
    private int _count;
    private ulong _latest;
    private ulong _limit;

    public void Add(ulong time, in TItem item)
    {
        if (_count == mostPending)
        {
            EndRound();
            EndRound();
        }

        if (_count == _pending.Length)
        {
            Array.Resize(ref _pending, _count * 2);
            Array.Resize(ref _times, _count * 2);
        }

        _times[_count] = time;
        _pending[_count++] = item;
        _latest = Math.Max(_latest, time);
    }

    /// <param name="complete">Time up to which nothing comes any more; all that came before the end of the last round without it.</param>
    public void EndRound(ulong complete = ulong.MaxValue)
    {
        Release(Math.Min(_limit, complete));
        _limit = _latest;
    }

    public void End() => Release(ulong.MaxValue);

    private void Release(ulong limit)
    {
        if (_order.Length < _pending.Length)
        {
            _order = new int[_pending.Length];
            _merged = new int[_pending.Length];
        }

        int ready = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_times[i] <= limit)
            {
                _order[ready++] = i;
            }
        }

        if (ready == 0)
        {
            return;
        }

        Sort(ready);
        release(_pending, _order, ready);
        Keep(limit);
    }

    // Each buffer is in order, so that a round is a few ordered runs: merged in pairs until there is one. Those of one time
    // stay in the order of the file.
    private void Sort(int count)
    {
        _runs.Clear();
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || _times[_order[i]] < _times[_order[i - 1]])
            {
                _runs.Add(i);
            }
        }

        while (_runs.Count > 1)
        {
            for (int run = 0; run < _runs.Count; run += 2)
            {
                int middle = run + 1 < _runs.Count ? _runs[run + 1] : count;
                Merge(_runs[run], middle, run + 2 < _runs.Count ? _runs[run + 2] : count);
                _runs[run / 2] = _runs[run];
            }

            _runs.RemoveRange((_runs.Count + 1) / 2, _runs.Count / 2);
            (_order, _merged) = (_merged, _order);
        }
    }

    private void Merge(int left, int middle, int end)
    {
        int right = middle;
        for (int to = left; to < end; to++)
        {
            bool isLeft = left < middle && (right == end || _times[_order[left]] <= _times[_order[right]]);
            _merged[to] = _order[isLeft ? left++ : right++];
        }
    }

    private void Keep(ulong limit)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_times[i] > limit)
            {
                _times[kept] = _times[i];
                _pending[kept++] = _pending[i];
            }
        }

        _count = kept;
    }
}
