using Palimpsest.Steps;

namespace Palimpsest.Nats.Tests.Coordination;

/// <summary>How a worker and the sweep go about a cell; what is not as it should be is a bug that a search has to find.</summary>
internal sealed record Protocol
{
    public static readonly Protocol AsBuilt = new();

    /// <summary>A worker keeps what a cell gave before it says that it is done.</summary>
    public bool KeepsBeforeAck { get; init; } = true;

    /// <summary>The sweep commits a cell that it has already once.</summary>
    public bool CommitsOnce { get; init; } = true;

    /// <summary>A cell that nobody speaks for goes to somebody else.</summary>
    public bool Redelivers { get; init; } = true;

    /// <summary>The sweep reads all results from the start when it is started again, not only those that come.</summary>
    public bool ReadsFromStart { get; init; } = true;
}

/// <summary>
/// The queue, the results and the folder of a sweep as NatsEngine, NatsWorker and ResultFolder use them: what the server promises, that
/// anybody may die between any two calls, and that a cell may be given to a second worker while the first still has it.
/// </summary>
internal sealed class QueueModel(Interleaving machine, int cells, Protocol protocol)
{
    private enum Kind
    {
        Take,
        Look,
        Keep,
        Ack,
        Redeliver,
        Read,
        Commit,
        Die,
    }

    private readonly int[] _holder = [.. Enumerable.Repeat(InQueue, cells)];
    private readonly bool[] _isDead = new bool[Workers];
    private readonly List<int> _results = [];
    private readonly int[] _computed = new int[cells];
    private readonly int[] _committed = new int[cells];
    private int _seen;

    private const int InQueue = -1;
    private const int Acked = -2;

    public const int Workers = 2;

    /// <summary>A worker until nothing is left to take; dead, it does nothing any more.</summary>
    public async ValueTask Work(int worker)
    {
        while (true)
        {
            await machine.Until((int)Kind.Take, worker, () => _isDead[worker] || IsDone() || Offered() >= 0);
            if (_isDead[worker] || IsDone())
            {
                return;
            }

            int cell = Offered();
            _holder[cell] = worker;
            await machine.Point((int)Kind.Look, cell);
            bool isKnown = _results.Contains(cell);
            if (!isKnown && !_isDead[worker])
            {
                _computed[cell]++;
                await Finish(worker, cell);
            }
            else if (!_isDead[worker])
            {
                await machine.Point((int)Kind.Ack, cell);
                Ack(worker, cell);
            }
        }
    }

    /// <summary>Dies at any moment; whatever it held is not answered.</summary>
    public async ValueTask Die(int worker)
    {
        await machine.Point((int)Kind.Die, worker);
        _isDead[worker] = true;
    }

    /// <summary>A worker that is slow, or whose word did not arrive: its cell is offered again though it still has it.</summary>
    public async ValueTask LoseWord()
    {
        await machine.Point((int)Kind.Redeliver, 0);
        int cell = Array.FindIndex(_holder, holder => holder >= 0);
        if (cell >= 0 && protocol.Redelivers)
        {
            _holder[cell] = InQueue;
        }
    }

    /// <summary>The sweep, killed once after it has read and before it commits.</summary>
    public async ValueTask Sweep()
    {
        bool wasKilled = false;
        while (_committed.Any(times => times == 0))
        {
            await machine.Until((int)Kind.Read, 0, () => _seen < _results.Count);
            int cell = _results[_seen++];
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
            }
        }
    }

    /// <summary>Every cell is in the folder exactly once; null where that holds.</summary>
    public string? Broken() => Array.FindIndex(_committed, times => times != 1) is var cell and >= 0
        ? $"cell {cell} is in the folder {_committed[cell]} times" : null;

    private async ValueTask Finish(int worker, int cell)
    {
        if (!protocol.KeepsBeforeAck)
        {
            await machine.Point((int)Kind.Ack, cell);
            Ack(worker, cell);
        }

        await machine.Point((int)Kind.Keep, cell);
        Keep(worker, cell);
        if (protocol.KeepsBeforeAck)
        {
            await machine.Point((int)Kind.Ack, cell);
            Ack(worker, cell);
        }
    }

    // The server keeps the first that it is given under a key.
    private void Keep(int worker, int cell)
    {
        if (!_isDead[worker] && (!_results.Contains(cell) || !protocol.CommitsOnce))
        {
            _results.Add(cell);
        }
    }

    private void Ack(int worker, int cell)
    {
        if (!_isDead[worker])
        {
            _holder[cell] = Acked;
        }
    }

    private bool IsDone() => _holder.All(holder => holder == Acked);

    /// <summary>A cell in the queue, or of a worker that says nothing any more; -1 where there is none.</summary>
    private int Offered() => Array.FindIndex(_holder, holder =>
        holder == InQueue || (holder >= 0 && _isDead[holder] && protocol.Redelivers));
}
