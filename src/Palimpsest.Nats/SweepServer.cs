using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using NATS.Client.ObjectStore;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>
/// What a sweep has on a NATS server: a queue of cells for each build, results by the keys of cells, inputs by their hashes, and
/// progress. Made where it is not there yet; shared by all sweeps of the server.
/// </summary>
internal sealed class SweepServer : IAsyncDisposable
{
    private const string CellStream = "palimpsest-cells";
    private const string CellSubject = "palimpsest.cells";
    private const string InputBucket = "palimpsest-inputs";
    private const string ResultBucket = "palimpsest-results";
    private const string ProgressBucket = "palimpsest-progress";

    /// <summary>A cell that nobody speaks for any longer goes to somebody else after so long.</summary>
    public static readonly TimeSpan UsualAckWait = TimeSpan.FromSeconds(10);

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

    /// <summary>The subject of cells that this program may compute.</summary>
    public static string Subject => $"{CellSubject}.{BuildIdentity.Digest}";

    /// <exception cref="InputException">Nobody answers there, or it is no server with JetStream.</exception>
    public static async Task<SweepServer> Open(NatsAddress address, string name, TimeSpan ackWait, CancellationToken cancellation)
    {
        NatsConnection connection = new(address.Options(name));
        try
        {
            await connection.ConnectAsync();
            NatsJSContext stream = new(connection);
            await stream.CreateOrUpdateStreamAsync(new StreamConfig(CellStream, [$"{CellSubject}.>"])
            {
                Retention = StreamConfigRetention.Workqueue, Storage = StreamConfigStorage.File, DuplicateWindow = Duplicates,
            }, cancellation);
            NatsKVContext values = new(stream);
            return new SweepServer(connection)
            {
                Cells = await stream.CreateOrUpdateConsumerAsync(CellStream, new ConsumerConfig($"workers-{BuildIdentity.Digest}")
                {
                    FilterSubject = Subject, AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = ackWait, MaxDeliver = -1,
                    MaxAckPending = -1,
                }, cancellation),
                Results = await values.CreateOrUpdateStoreAsync(new NatsKVConfig(ResultBucket) { MaxAge = ResultsKept }, cancellation),
                Progress = await values.CreateOrUpdateStoreAsync(new NatsKVConfig(ProgressBucket) { MaxAge = ProgressKept }, cancellation),
                Inputs = await InputsOf(stream, cancellation),
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

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Two that open a server at once may both find no store there: the slower one takes that of the other.
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
