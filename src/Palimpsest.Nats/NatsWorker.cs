using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
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
    /// <summary>A cell that nobody speaks for goes to somebody else after so long; the first who comes to a server says it.</summary>
    public TimeSpan AckWait { get; init; } = SweepServer.UsualAckWait;
}

/// <summary>
/// Takes cells from the queue of a server, one a thread, computes them, keeps what they gave, and only then says that they are done.
/// </summary>
// Delivered three times and never answered: whoever had it died or lost it. Broken three times: its error is its result.
public sealed class NatsWorker : IAsyncDisposable
{
    private static readonly TimeSpan LongestPull = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SweepServer _server;
    private readonly WorkerOptions _options;
    private readonly Func<Cell, CancellationToken, CellOutcome> _run;
    private readonly CellThreads _threads;
    private int _done;

    private NatsWorker(SweepServer server, WorkerOptions options, Func<Cell, CancellationToken, CellOutcome> run)
    {
        (_server, _options, _run) = (server, options, run);
        _threads = new CellThreads(options.Threads);
    }

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

    /// <summary>Works until it is told to stop; what it has begun goes back to the queue then.</summary>
    public Task Run(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, _options.Threads).Select(_ => Work(cancellation)));

    /// <summary>Ends the connection; cells that it had go to others when the server misses it.</summary>
    public async ValueTask DisposeAsync()
    {
        _threads.Dispose();
        await _server.DisposeAsync();
    }

    private async Task Work(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                // Without a stock of its own: a cell that waits behind a slow one could be with another worker.
                INatsJSMsg<byte[]>? message = await _server.Cells.NextAsync<byte[]>(
                    opts: new NatsJSNextOpts { Expires = LongestPull }, cancellationToken: cancellation);
                if (message is not null)
                {
                    await Answer(message, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NatsException or IOException or OperationCanceledException or TimeoutException)
            {
                // The server is away: whatever was not answered comes again.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task Answer(INatsJSMsg<byte[]> message, CancellationToken cancellation)
    {
        CellOrder? order = CellOrder.Parse(message.Data);
        if (order is null)
        {
            await message.AckTerminateAsync(cancellationToken: CancellationToken.None);
            return;
        }

        if (!(await _server.Results.TryGetEntryAsync<byte[]>(order.Key, cancellationToken: cancellation)).Success)
        {
            CellOutcome? outcome = await OutcomeOf(message, order, cancellation);
            if (outcome is null)
            {
                return;
            }

            // Only the first counts; another worker may have been given the cell too.
            NatsResult<ulong> kept = await _server.Results.TryCreateAsync(order.Key, outcome.ToBytes(),
                cancellationToken: CancellationToken.None);
            if (!kept.Success && kept.Error is not NatsKVCreateException and not NatsKVWrongLastRevisionException)
            {
                throw kept.Error;
            }
        }

        await message.AckAsync(cancellationToken: CancellationToken.None);
        Interlocked.Increment(ref _done);
    }

    /// <returns>Null where the cell goes back to the queue.</returns>
    private async Task<CellOutcome?> OutcomeOf(INatsJSMsg<byte[]> message, CellOrder order, CancellationToken cancellation)
    {
        ulong delivered = message.Metadata?.NumDelivered ?? 1;
        if (delivered > CellTries.Most)
        {
            return CellOutcome.Failed(InvariantText.Of($"given to {delivered - 1} workers, none of which answered: it may kill them"));
        }

        using CancellationTokenSource done = new();
        Task alive = KeepAlive(message, done.Token);
        try
        {
            return await _threads.Run(() => _run(order.Cell, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await message.NakAsync(cancellationToken: CancellationToken.None);
            throw;
        }
        catch (Exception exception) when (exception is not NatsException)
        {
            if (delivered >= CellTries.Most)
            {
                return CellOutcome.Failed($"{exception.GetType().Name}: {exception.Message}");
            }

            await message.NakAsync(new AckOpts { NakDelay = Pause }, CancellationToken.None);
            return null;
        }
        finally
        {
            await done.CancelAsync();
            await alive;
        }
    }

    /// <summary>Says of a slow cell, in time and again and again, that somebody is at work on it.</summary>
    private async Task KeepAlive(INatsJSMsg<byte[]> message, CancellationToken done)
    {
        while (true)
        {
            try
            {
                await Task.Delay(_options.AckWait / 3, done);
                await message.AckProgressAsync(cancellationToken: done);
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NatsException or IOException or OperationCanceledException)
            {
                // The server is away; the cell may be given to another, and only the first answer counts.
            }
        }
    }
}
