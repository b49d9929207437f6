using System.Diagnostics;
using System.Threading.Channels;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>Computes the cells of a plan over workers: sends inputs and orders, and keeps each result once as it comes.</summary>
public sealed class NatsEngine(SweepPlan plan, ResultFolder results, NatsAddress address)
{
    /// <summary>Cells that are sent and not yet done: as many as keep workers busy, not as many as fill a server.</summary>
    private const int MostSent = 1 << 16;

    private const int SentAtOnce = 16;
    private const int MostUnread = 64;

    private static readonly TimeSpan ToldEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _id = $"{Guid.NewGuid():N}"[..10];
    private int _sentNow;
    private int _round;

    /// <summary>An order that nobody speaks for goes to somebody else after so long.</summary>
    public TimeSpan AckWait { get; init; } = SweepServer.UsualAckWait;

    /// <summary>Nothing came for so long: it is looked whether something is amiss.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What others call the sweep who look at its progress on the server.</summary>
    public string Name { get; init; } = "sweep";

    /// <summary>Told in a sentence what seems to be amiss while nothing comes back.</summary>
    public Action<string>? Note { get; init; }

    /// <param name="progress">Told how far it is, a few times a second.</param>
    /// <exception cref="InputException">The server cannot be reached, or lost its data; or an input has changed.</exception>
    /// <exception cref="IOException">A result cannot be kept; those before it are.</exception>
    public async Task Run(Action<SweepProgress>? progress = null, CancellationToken cancellation = default)
    {
        results.Finish();
        await using SweepServer server = await SweepServer.Open(address, "palimpsest sweep", AckWait, cancellation);
        try
        {
            await InputStore.Send(server.Inputs, plan.Inputs, cancellation);
        }
        catch (InvalidDataException exception)
        {
            throw new InputException(exception.Message, exception);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<IReadOnlyList<int>> open = Channel.CreateUnbounded<IReadOnlyList<int>>();
        Order(open.Writer);
        Channel<(CellKey, CellOutcome)> came = Channel.CreateBounded<(CellKey, CellOutcome)>(MostUnread);
        Task[] others = [Send(server, open.Reader, stop.Token), Watch(server, came.Writer, stop.Token)];
        try
        {
            await Keep(server, came.Reader, open.Writer, progress, cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Order(ChannelWriter<IReadOnlyList<int>> open)
    {
        int[] left = [.. Enumerable.Range(0, plan.Count).Where(index => !results.Has(index))];
        foreach (IReadOnlyList<int> order in OrderCuts.Of(plan, left))
        {
            open.TryWrite(order);
        }
    }

    private async Task Keep(SweepServer server, ChannelReader<(CellKey Key, CellOutcome Outcome)> came,
        ChannelWriter<IReadOnlyList<int>> again, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        (int before, long start, long told, long last) = (results.Count, Stopwatch.GetTimestamp(), 0, Stopwatch.GetTimestamp());
        while (results.Count < plan.Count)
        {
            using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            quiet.CancelAfter(ToldEvery);
            try
            {
                await came.WaitToReadAsync(quiet.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Nothing came: it is told how far it is all the same.
            }

            while (came.TryRead(out (CellKey Key, CellOutcome Outcome) one))
            {
                if (results.IndexOf(one.Key) is { } index && results.Commit(index, one.Outcome))
                {
                    Interlocked.Decrement(ref _sentNow);
                    last = Stopwatch.GetTimestamp();
                    await Forget(server, one.Key, one.Outcome);
                }
            }

            if (Stopwatch.GetElapsedTime(told) > ToldEvery)
            {
                told = Stopwatch.GetTimestamp();
                await Tell(server, Now(before, start), progress);
            }

            if (Stopwatch.GetElapsedTime(last) > Idle)
            {
                await LookAfter(server, again, cancellation);
                last = Stopwatch.GetTimestamp();
            }
        }

        await Tell(server, Now(before, start), progress);
    }

    private SweepProgress Now(int before, long start) => SweepProgress.Of(plan, results, before,
        inFlight: Math.Max(0, Volatile.Read(ref _sentNow)), Stopwatch.GetElapsedTime(start).TotalSeconds);

    /// <summary>What broke is for the folder alone to know: who has it tried again there is to have it tried.</summary>
    private static async Task Forget(SweepServer server, CellKey key, CellOutcome outcome)
    {
        if (outcome.Status == CellStatus.Failed)
        {
            try
            {
                await server.Results.PurgeAsync(key.ToString());
            }
            catch (Exception exception) when (SweepServer.IsAway(exception))
            {
                // It stays until it is too old.
            }
        }
    }

    /// <summary>Nothing has come for a while: are there workers, and does the server still know of the cells?</summary>
    private async Task LookAfter(SweepServer server, ChannelWriter<IReadOnlyList<int>> again, CancellationToken cancellation)
    {
        try
        {
            if (await server.IsEmptied(cancellation))
            {
                throw new InputException($"{address}: has lost what it had of this sweep; all that came back is kept, and the same command "
                    + "goes on with it");
            }

            await server.Cells.RefreshAsync(cancellation);
            ConsumerInfo queue = server.Cells.Info;
            if (queue.NumAckPending > 0)
            {
                return;
            }

            if (queue.NumPending > 0)
            {
                Note?.Invoke($"{address}: no worker of this program takes cells; start palimpsest worker {address}");
                return;
            }

            // A server that lost its queue, and perhaps all that it had: what is open goes there again, under other names.
            await InputStore.Send(server.Inputs, plan.Inputs, cancellation);
            _round++;
            _sentNow = 0;
            Order(again);
        }
        catch (Exception exception) when (SweepServer.IsAway(exception))
        {
            Note?.Invoke($"{address}: does not answer; waiting for it");
        }
    }

    private async Task Send(SweepServer server, ChannelReader<IReadOnlyList<int>> open, CancellationToken stop)
    {
        List<Task> sending = [];
        await foreach (IReadOnlyList<int> order in open.ReadAllAsync(stop))
        {
            while (Volatile.Read(ref _sentNow) + order.Count > MostSent)
            {
                await Task.Delay(20, stop);
            }

            Interlocked.Add(ref _sentNow, order.Count);
            sending.Add(Send(server, order, stop));
            if (sending.Count == SentAtOnce || open.Count == 0)
            {
                await Task.WhenAll(sending);
                sending.Clear();
            }
        }
    }

    private async Task Send(SweepServer server, IReadOnlyList<int> indices, CancellationToken stop)
    {
        CellOrder order = CellOrder.Of([.. indices.Select(index => plan[index])]);
        byte[] bytes = order.ToBytes();
        // The server drops what it was told twice in two minutes; later, a worker finds that the cells are done.
        NatsJSPubOpts named = new() { MsgId = InvariantText.Of($"{_id} {_round} {order.Check}") };
        while (true)
        {
            try
            {
                PubAckResponse answer = await server.Stream.PublishAsync(SweepServer.Subject, bytes, opts: named, cancellationToken: stop);
                answer.EnsureSuccess();
                return;
            }
            catch (Exception exception) when (SweepServer.IsAway(exception))
            {
                await Task.Delay(Pause, stop);
            }
        }
    }

    private static async Task Watch(SweepServer server, ChannelWriter<(CellKey, CellOutcome)> came, CancellationToken stop)
    {
        ulong seen = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                NatsKVWatchOpts options = new() { ResumeAtRevision = seen == 0 ? 0 : seen + 1 };
                await foreach (NatsKVEntry<byte[]> entry in server.Results.WatchAsync<byte[]>(opts: options, cancellationToken: stop))
                {
                    seen = Math.Max(seen, entry.Revision);
                    if (entry.Value is { } bytes && CellKey.TryParse(entry.Key, out CellKey key)
                        && CellOutcome.TryParse(bytes, out CellOutcome outcome))
                    {
                        await came.WriteAsync((key, outcome), stop);
                    }
                }
            }
            catch (Exception exception) when (SweepServer.IsAway(exception))
            {
                await Task.Delay(Pause, stop);
            }
        }
    }

    private async Task Tell(SweepServer server, SweepProgress now, Action<SweepProgress>? progress)
    {
        progress?.Invoke(now);
        try
        {
            await server.Progress.PutAsync(SweepWatch.KeyOf(Name, _id), now.ToBytes());
        }
        catch (Exception exception) when (SweepServer.IsAway(exception) || exception is OperationCanceledException)
        {
            // Nobody's result depends on it.
        }
    }
}
