using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using NATS.Client.ObjectStore;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>
/// What a sweep has on a NATS server: a queue of orders for each build, results by the keys of cells, inputs by their hashes, and
/// progress. Made where it is not there yet; shared by all sweeps of the server.
/// </summary>
internal sealed class SweepServer : IAsyncDisposable
{
    private const string CellStream = "palimpsest-cells";
    private const string CellSubject = "palimpsest.cells";
    private const string InputBucket = "palimpsest-inputs";
    private const string ResultBucket = "palimpsest-results";
    private const string ProgressBucket = "palimpsest-progress";

    /// <summary>An order that nobody speaks for any longer goes to somebody else after so long.</summary>
    public static readonly TimeSpan UsualAckWait = TimeSpan.FromSeconds(10);

    private const int NotFound = 404;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ResultsKept = TimeSpan.FromDays(30);
    private static readonly TimeSpan ProgressKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan Duplicates = TimeSpan.FromMinutes(2);

    private readonly NatsConnection _connection;

    private SweepServer(NatsConnection connection) => (_connection, Stream) = (connection, new NatsJSContext(connection));

    public NatsJSContext Stream { get; }

    public required INatsJSConsumer Cells { get; init; }

    public required INatsKVStore Results { get; init; }

    public required INatsKVStore Progress { get; init; }

    public required INatsObjStore Inputs { get; init; }

    /// <summary>When the store of results was made, by the server's clock.</summary>
    public required DateTimeOffset ResultsMade { get; init; }

    /// <summary>The subject of orders that this program may work at.</summary>
    public static string Subject => $"{CellSubject}.{BuildIdentity.Digest}";

    /// <exception cref="InputException">Nobody answers there, or it is no server with JetStream.</exception>
    public static async Task<SweepServer> Open(NatsAddress address, string name, TimeSpan ackWait, CancellationToken cancellation)
    {
        NatsConnection connection = new(address.Options(name));
        try
        {
            await connection.ConnectAsync();
            NatsJSContext stream = new(connection);
            await MadeByOne(() => stream.CreateOrUpdateStreamAsync(new StreamConfig(CellStream, [$"{CellSubject}.>"])
            {
                Retention = StreamConfigRetention.Workqueue, Storage = StreamConfigStorage.File, DuplicateWindow = Duplicates,
            }, cancellation), cancellation);
            NatsKVContext values = new(stream);
            return new SweepServer(connection)
            {
                Cells = await MadeByOne(() => stream.CreateOrUpdateConsumerAsync(CellStream, Queue(ackWait), cancellation), cancellation),
                Results = await MadeByOne(() => values.CreateOrUpdateStoreAsync(
                    new NatsKVConfig(ResultBucket) { MaxAge = ResultsKept }, cancellation), cancellation),
                Progress = await MadeByOne(() => values.CreateOrUpdateStoreAsync(
                    new NatsKVConfig(ProgressBucket) { MaxAge = ProgressKept }, cancellation), cancellation),
                Inputs = await InputsOf(stream, cancellation),
                ResultsMade = await MadeAt(stream, cancellation),
            };
        }
        catch (Exception exception) when (exception is NatsException or System.Net.Sockets.SocketException or IOException)
        {
            await connection.DisposeAsync();
            throw new InputException(exception is NatsJSException
                ? $"{address}: has no JetStream ({exception.Message.TrimEnd('.')}); start it with nats-server -js"
                : $"{address}: cannot be reached ({Innermost(exception)}); start nats-server -js there, or check address and credentials",
                exception);
        }
    }

    /// <summary>It does not answer now; it may again.</summary>
    public static bool IsAway(Exception exception) => exception is NatsException or IOException or TimeoutException;

    /// <summary>Has it lost its data since it was opened? Somebody else may have made all anew meanwhile.</summary>
    /// <exception cref="NatsException">The server is away.</exception>
    public async Task<bool> IsEmptied(CancellationToken cancellation)
    {
        try
        {
            return await MadeAt(Stream, cancellation) != ResultsMade;
        }
        catch (NatsJSApiException exception) when (exception.Error.Code == NotFound)
        {
            return true;
        }
    }

    /// <summary>Is there a result of a cell?</summary>
    /// <exception cref="NatsException">The server is away.</exception>
    public bool Has(Cell cell, CancellationToken cancellation) =>
        Results.TryGetEntryAsync<byte[]>(KeyOf(cell), cancellationToken: cancellation).AsTask().GetAwaiter().GetResult().Success;

    /// <summary>Keeps what a cell gave, where nobody has before: another worker may have been given it too.</summary>
    /// <returns>False where the server is away and nobody is to wait for it.</returns>
    public bool Keep(Cell cell, CellOutcome outcome, CancellationToken cancellation)
    {
        string key = KeyOf(cell);
        byte[] bytes = outcome.ToBytes();
        while (true)
        {
            NatsResult<ulong> kept = TryKeep(key, bytes);
            if (kept.Success || kept.Error is NatsKVCreateException or NatsKVWrongLastRevisionException)
            {
                return true;
            }

            if (cancellation.WaitHandle.WaitOne(Pause))
            {
                return false;
            }
        }
    }

    /// <summary>Puts an order at the end of the queue.</summary>
    /// <exception cref="NatsException">The server did not say that it has it.</exception>
    public async Task Send(CellOrder order) => (await Stream.PublishAsync(Subject, order.ToBytes())).EnsureSuccess();

    /// <summary>Is there a worker that waits for an order, and none in the queue?</summary>
    public async Task<bool> HasIdleWorkers(CancellationToken cancellation)
    {
        await Cells.RefreshAsync(cancellation);
        return Cells.Info is { NumPending: 0, NumWaiting: > 0 };
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string KeyOf(Cell cell) => cell.Key(BuildIdentity.Current).ToString();

    private NatsResult<ulong> TryKeep(string key, byte[] bytes)
    {
        try
        {
            return Results.TryCreateAsync(key, bytes).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (IsAway(exception) || exception is OperationCanceledException)
        {
            return exception;
        }
    }

    private static async Task<DateTimeOffset> MadeAt(INatsJSContext stream, CancellationToken cancellation) =>
        (await stream.GetStreamAsync($"KV_{ResultBucket}", cancellationToken: cancellation)).Info.Created;

    private static ConsumerConfig Queue(TimeSpan ackWait) => new($"workers-{BuildIdentity.Digest}")
    {
        FilterSubject = Subject, AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = ackWait, MaxDeliver = -1, MaxAckPending = -1,
    };

    // Two that open a server at once may both find nothing there, and the server refuses the slower one, who then finds what is made.
    private static async ValueTask<T> MadeByOne<T>(Func<ValueTask<T>> make, CancellationToken cancellation)
    {
        try
        {
            return await make();
        }
        catch (NatsJSApiException)
        {
            await Task.Delay(Pause, cancellation);
            return await make();
        }
    }

    private static async ValueTask<INatsObjStore> InputsOf(NatsJSContext stream, CancellationToken cancellation)
    {
        NatsObjContext objects = new(stream);
        try
        {
            return await objects.CreateObjectStoreAsync(new NatsObjConfig(InputBucket), cancellation);
        }
        catch (NatsJSApiException)
        {
            return await objects.GetObjectStoreAsync(InputBucket, cancellation);
        }
    }

    private static string Innermost(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');
}
