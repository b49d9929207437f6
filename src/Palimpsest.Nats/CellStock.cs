using Palimpsest.Sweeps.Cells;

namespace Palimpsest.Nats;

/// <summary>How far a worker is with a cell.</summary>
internal enum CellProgress
{
    /// <summary>Nobody has begun with it.</summary>
    Waiting,

    /// <summary>What it gave is on the server.</summary>
    Kept,

    /// <summary>It broke.</summary>
    Broken,

    /// <summary>It was not computed to its end: the worker is told to stop.</summary>
    Stopped,

    /// <summary>Another worker has it.</summary>
    GivenAway,
}

/// <summary>A cell that a worker has in hand.</summary>
/// <param name="order">The order that it came with.</param>
internal sealed class StockedCell(object order, Cell cell)
{
    private readonly TaskCompletionSource<CellProgress> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object Order { get; } = order;

    public Cell Cell { get; } = cell;

    /// <summary>What it broke with; null while it has not.</summary>
    public string? Error { get; set; }

    /// <summary>Ends when the worker has nothing more to do with it.</summary>
    public Task<CellProgress> End => _end.Task;

    public void EndAs(CellProgress progress) => _end.TrySetResult(progress);
}

/// <summary>
/// The cells that a worker has in hand and has not begun with. The first cell of an order comes before all that wait, so that its
/// recording is read while others compute; the rest comes behind them.
/// </summary>
internal sealed class CellStock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<StockedCell> _waiting = new();
    private readonly SemaphoreSlim _count = new(0);
    private int _inHand;

    /// <summary>Cells that nobody has begun with.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Cells that wait or are computed.</summary>
    public int InHand => Volatile.Read(ref _inHand);

    /// <summary>Takes the cells of an order in.</summary>
    public void Add(IReadOnlyList<StockedCell> cells)
    {
        lock (_gate)
        {
            foreach ((int at, StockedCell cell) in cells.Index())
            {
                if (at == 0)
                {
                    _waiting.AddFirst(cell);
                }
                else
                {
                    _waiting.AddLast(cell);
                }
            }
        }

        Interlocked.Add(ref _inHand, cells.Count);
        _count.Release(cells.Count);
    }

    /// <summary>The next cell to compute, once there is one; null when nobody is to compute any more.</summary>
    public StockedCell? Take(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                _count.Wait(stop);
                lock (_gate)
                {
                    // One that was given away has left its count behind.
                    if (_waiting.First is { } first)
                    {
                        _waiting.RemoveFirst();
                        return first.Value;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Puts back what was taken back, and is not with another after all.</summary>
    public void PutBack(IReadOnlyList<StockedCell> cells)
    {
        lock (_gate)
        {
            foreach (StockedCell cell in cells)
            {
                _waiting.AddLast(cell);
            }
        }

        _count.Release(cells.Count);
    }

    /// <summary>The worker has nothing more to do with a cell.</summary>
    public void End(StockedCell cell, CellProgress progress)
    {
        Interlocked.Decrement(ref _inHand);
        cell.EndAs(progress);
    }

    /// <summary>Takes back cells of an order that nobody has begun with: those at its end, and so many of them, rounded up.</summary>
    public IReadOnlyList<StockedCell> TakeBack(object order, double share)
    {
        List<StockedCell> back = [];
        lock (_gate)
        {
            int most = (int)Math.Ceiling(_waiting.Count(cell => cell.Order == order) * share);
            for (LinkedListNode<StockedCell>? last = _waiting.Last; last is not null && back.Count < most;)
            {
                LinkedListNode<StockedCell>? before = last.Previous;
                if (last.Value.Order == order)
                {
                    _waiting.Remove(last);
                    back.Add(last.Value);
                }

                last = before;
            }
        }

        back.Reverse();
        return back;
    }
}
