using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>How a worker works.</summary>
/// <param name="Threads">Cells at a time.</param>
/// <param name="CacheFolder">Where inputs are kept that it was sent.</param>
/// <param name="MostCacheBytes">Of inputs that are kept.</param>
public sealed record WorkerOptions(int Threads, string CacheFolder, long MostCacheBytes)
{
    /// <summary>An order that nobody speaks for goes to somebody else after so long; the first who comes to a server says it.</summary>
    public TimeSpan AckWait { get; init; } = SweepServer.UsualAckWait;
}

/// <summary>
/// Takes orders from the queue of a server, computes their cells on threads of its own, keeps what each gave, and says that an order is
/// done when all of it is kept or sent on.
/// </summary>
public sealed class NatsWorker : IAsyncDisposable
{
    private static readonly TimeSpan LongestPull = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Cells for each thread that wait while the next recording is fetched and read, in the time of a few cells.</summary>
    private const int Ahead = 4;

    /// <summary>Times that a cell waits for a server that is away, a pause each, before that counts as a try of it.</summary>
    private const int MostPauses = 300;

    private readonly SweepServer _server;
    private readonly WorkerOptions _options;
    private readonly Func<Cell, CancellationToken, CellOutcome> _run;
    private readonly CellStock _stock = new();
    private readonly List<Task> _orders = [];
    private int _done;
    // An order of several cells keeps threads at work while the next is fetched; one of a single cell is better off with who is idle.
    private bool _isOfMany;

    private NatsWorker(SweepServer server, WorkerOptions options, Func<Cell, CancellationToken, CellOutcome> run) =>
        (_server, _options, _run) = (server, options, run);

    /// <summary>Cells that it has answered.</summary>
    public int Done => _done;

    /// <exception cref="InputException">The server cannot be reached.</exception>
    public static Task<NatsWorker> Open(NatsAddress address, WorkerOptions options, CancellationToken cancellation = default) =>
        Open(address, options, inputs => new CellRunner(inputs).Run, cancellation);

    /// <param name="runner">Makes what computes a cell, from what knows where inputs are.</param>
    internal static async Task<NatsWorker> Open(NatsAddress address, WorkerOptions options,
        Func<IInputPlaces, Func<Cell, CancellationToken, CellOutcome>> runner, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(options.CacheFolder);
        SweepServer server = await SweepServer.Open(address, "palimpsest worker", options.AckWait, cancellation);
        InputCache inputs = InputCache.Of(server.Inputs, options.CacheFolder, options.MostCacheBytes);
        return new NatsWorker(server, options, runner(inputs));
    }

    /// <summary>Works until it is told to stop; what it has not computed then goes back to the queue.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        for (int number = 1; number <= _options.Threads; number++)
        {
            new Thread(() => Compute(cancellation)) { IsBackground = true, Name = $"cells {number}" }.Start();
        }

        await Take(cancellation);
        await Task.WhenAll(_orders);
    }

    /// <summary>Ends the connection; cells that it had go to others when the server misses it.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Take(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await Next(cancellation) is { } message)
                {
                    _orders.RemoveAll(order => order.IsCompleted);
                    _orders.Add(Answer(message, cancellation));
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (SweepServer.IsAway(exception) || exception is OperationCanceledException)
            {
                // The server is away: whatever was not answered comes again.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    /// <summary>An order, when there is use for one: threads are idle, or will be soon.</summary>
    private async Task<INatsJSMsg<byte[]>?> Next(CancellationToken cancellation)
    {
        if (_stock.Waiting == 0 && _stock.InHand < _options.Threads)
        {
            return await _server.Cells.NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = LongestPull },
                cancellationToken: cancellation);
        }

        if (_isOfMany && _stock.Waiting < Ahead * _options.Threads)
        {
            // Without waiting for one: who waits is taken to be idle by those who have too much.
            NatsJSFetchOpts one = new() { MaxMsgs = 1 };
            await foreach (INatsJSMsg<byte[]> message in _server.Cells.FetchNoWaitAsync<byte[]>(one, cancellationToken: cancellation))
            {
                return message;
            }
        }

        await Task.Delay(Look, cancellation);
        return null;
    }

    private async Task Answer(INatsJSMsg<byte[]> message, CancellationToken cancellation)
    {
        if (CellOrder.Parse(message.Data) is not { } order)
        {
            await message.AckTerminateAsync(cancellationToken: CancellationToken.None);
            return;
        }

        OrderAtWork work = new(_server, _stock, message, order, _options.AckWait);
        _isOfMany = order.Cells.Count > 1;
        try
        {
            Interlocked.Add(ref _done, await work.Answer(cancellation));
        }
        catch (Exception exception) when (SweepServer.IsAway(exception) || exception is OperationCanceledException)
        {
            // It was not answered: it comes again, to whoever is there.
        }
    }

    private void Compute(CancellationToken cancellation)
    {
        while (_stock.Take(cancellation) is { } cell)
        {
            _stock.End(cell, Computed(cell, cancellation));
        }
    }

    private CellProgress Computed(StockedCell cell, CancellationToken cancellation)
    {
        for (int pauses = 0; ; pauses++)
        {
            try
            {
                return _server.Has(cell.Cell, cancellation) || _server.Keep(cell.Cell, _run(cell.Cell, cancellation), cancellation)
                    ? CellProgress.Kept : CellProgress.Stopped;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return CellProgress.Stopped;
            }
            catch (Exception exception) when (IsOfServer(exception) && pauses < MostPauses)
            {
                // Nothing is wrong with the cell: its recording, or what it gave, has to come or go over the server.
                cancellation.WaitHandle.WaitOne(Pause);
            }
            catch (Exception exception)
            {
                cell.Error = $"{exception.GetType().Name}: {exception.Message}";
                return CellProgress.Broken;
            }
        }
    }

    private static bool IsOfServer(Exception exception) => exception is NatsException and not NatsObjException;
}
