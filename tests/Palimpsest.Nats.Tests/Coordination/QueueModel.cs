using Palimpsest.Steps;

namespace Palimpsest.Nats.Tests.Coordination;

/// <summary>How a worker and the sweep go about orders; what is not as it should be is a bug that a search has to find.</summary>
internal sealed record Protocol
{
    public static readonly Protocol AsBuilt = new();

    /// <summary>A worker keeps what the cells of an order gave before it says that it is done.</summary>
    public bool KeepsBeforeAck { get; init; } = true;

    /// <summary>What a worker gives away, or sends on alone, is in the queue before its order is done.</summary>
    public bool SendsBeforeAck { get; init; } = true;

    /// <summary>The sweep commits a cell that it has already once.</summary>
    public bool CommitsOnce { get; init; } = true;

    /// <summary>An order that nobody speaks for goes to somebody else.</summary>
    public bool Redelivers { get; init; } = true;

    /// <summary>The sweep reads all results from the start when it is started again, not only those that come.</summary>
    public bool ReadsFromStart { get; init; } = true;

    /// <summary>The cells of an order that was lost with its worker go on alone.</summary>
    public bool TriesAlone { get; init; } = true;
}

/// <summary>
/// The queue of orders, the results and the folder of a sweep as NatsEngine, NatsWorker, OrderAtWork and ResultFolder use them: what the
/// server promises, that anybody may die between any two calls, that an order may be given to a second worker while the first still has it,
/// and that a worker may give half of an order away. Whoever dies of a cell is started again.
/// </summary>
/// <param name="cells">Of one order.</param>
/// <param name="killer">The cell that whoever computes it dies of; none for -1.</param>
internal sealed class QueueModel(Interleaving machine, int cells, Protocol protocol, int killer = -1)
{
    private const int MostTries = 3;
    private const int InQueue = -1;
    private const int Acked = -2;

    private enum Kind
    {
        Take,
        Look,
        Keep,
        Send,
        Ack,
        Redeliver,
        Read,
        Commit,
        Die,
    }

    private readonly List<Order> _orders = [new Order([.. Enumerable.Range(0, cells)], Tries: 0)];
    private readonly bool[] _isDead = new bool[Workers];
    private readonly List<(int Cell, bool IsFailed)> _results = [];
    private readonly int[] _committed = new int[cells];
    private readonly bool[] _isSetAside = new bool[cells];
    private int _seen;

    public const int Workers = 2;

    /// <summary>A worker until nothing is left to take; dead, it does nothing any more.</summary>
    public async ValueTask Work(int worker)
    {
        while (true)
        {
            await machine.Until((int)Kind.Take, worker, () => _isDead[worker] || IsDone() || Offered() is not null);
            if (_isDead[worker] || IsDone())
            {
                return;
            }

            Order order = Offered()!;
            order.Holder = worker;
            int tries = order.Tries + order.Deliveries++;
            if (order.Cells.Count > 1 && order.Deliveries > 1 && protocol.TriesAlone)
            {
                await Answer(worker, order, [.. order.Cells.Select(cell => new Order([cell], tries))]);
            }
            else if (tries >= MostTries)
            {
                foreach (int cell in order.Cells)
                {
                    await Keep(worker, cell, isFailed: true);
                }

                await Answer(worker, order, []);
            }
            else
            {
                await Compute(worker, order);
            }
        }
    }

    /// <summary>Dies at any moment; whatever it held is not answered.</summary>
    public async ValueTask Die(int worker)
    {
        await machine.Point((int)Kind.Die, worker);
        _isDead[worker] = true;
    }

    /// <summary>A worker that is slow, or whose word did not arrive: its order is offered again though it still has it.</summary>
    public async ValueTask LoseWord()
    {
        await machine.Point((int)Kind.Redeliver, 0);
        if (protocol.Redelivers && _orders.Find(order => order.Holder >= 0) is { } order)
        {
            order.Holder = InQueue;
        }
    }

    /// <summary>The sweep, killed once after it has read and before it commits.</summary>
    public async ValueTask Sweep()
    {
        bool wasKilled = false;
        while (_committed.Any(times => times == 0))
        {
            await machine.Until((int)Kind.Read, 0, () => _seen < _results.Count);
            (int cell, bool isFailed) = _results[_seen++];
            if (!wasKilled && machine.Choose(2) == 1)
            {
                wasKilled = true;
                _seen = protocol.ReadsFromStart ? 0 : _seen;
                continue;
            }

            await machine.Point((int)Kind.Commit, cell);
            if (!protocol.CommitsOnce || _committed[cell] == 0)
            {
                _committed[cell]++;
                _isSetAside[cell] = isFailed;
            }
        }
    }

    /// <summary>Every cell is in the folder exactly once; null where that holds.</summary>
    public string? Broken() => Array.FindIndex(_committed, times => times != 1) is var cell and >= 0
        ? $"cell {cell} is in the folder {_committed[cell]} times" : null;

    /// <summary>Only what kills is set aside; null where that holds. For searches in which nobody dies of anything else.</summary>
    public string? Blamed() => Enumerable.Range(0, cells).Any(cell => _isSetAside[cell] && cell != killer)
        ? $"a cell other than {killer}, which kills, is set aside" : null;

    private async ValueTask Compute(int worker, Order order)
    {
        List<Order> away = [];
        Queue<int> left = new(order.Cells);
        while (left.TryDequeue(out int cell))
        {
            await machine.Point((int)Kind.Look, cell);
            if (cell == killer && !_isDead[worker] && _results.TrueForAll(result => result.Cell != cell))
            {
                order.Holder = order.Holder == worker && protocol.Redelivers ? InQueue : order.Holder;
                return;
            }

            if (protocol.KeepsBeforeAck)
            {
                await Keep(worker, cell, isFailed: false);
            }

            if (left.Count > 0 && away.Count == 0 && machine.Choose(2) == 1)
            {
                away.Add(new Order([.. left], order.Tries));
                left.Clear();
            }
        }

        await Answer(worker, order, away);
        foreach (int cell in protocol.KeepsBeforeAck ? [] : order.Cells)
        {
            await Keep(worker, cell, isFailed: false);
        }
    }

    /// <summary>Puts what goes to others into the queue, each by itself, and says that the order is done.</summary>
    private async ValueTask Answer(int worker, Order order, IReadOnlyList<Order> away)
    {
        if (!protocol.SendsBeforeAck)
        {
            await Ack(worker, order);
        }

        foreach (Order one in away)
        {
            await machine.Point((int)Kind.Send, one.Cells[0]);
            if (!_isDead[worker])
            {
                _orders.Add(one);
            }
        }

        if (protocol.SendsBeforeAck)
        {
            await Ack(worker, order);
        }
    }

    // The server keeps the first that it is given under a key.
    private async ValueTask Keep(int worker, int cell, bool isFailed)
    {
        await machine.Point((int)Kind.Keep, cell);
        if (!_isDead[worker] && (!protocol.CommitsOnce || _results.TrueForAll(result => result.Cell != cell)))
        {
            _results.Add((cell, isFailed));
        }
    }

    private async ValueTask Ack(int worker, Order order)
    {
        await machine.Point((int)Kind.Ack, order.Cells[0]);
        if (!_isDead[worker])
        {
            order.Holder = Acked;
        }
    }

    private bool IsDone() => _orders.TrueForAll(order => order.Holder == Acked);

    /// <summary>An order in the queue, or of a worker that says nothing any more; null where there is none.</summary>
    private Order? Offered() => _orders.Find(order =>
        order.Holder == InQueue || (order.Holder >= 0 && _isDead[order.Holder] && protocol.Redelivers));

    private sealed record Order(IReadOnlyList<int> Cells, int Tries)
    {
        public int Holder { get; set; } = InQueue;

        public int Deliveries { get; set; }
    }
}
