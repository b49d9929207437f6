using NATS.Client.Core;
using NATS.Client.KeyValueStore;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>Looks at the sweeps of a server, from any machine: how far each says that it is.</summary>
public sealed class SweepWatch : IAsyncDisposable
{
    private const string OtherLetters = "-";

    private readonly SweepServer _server;

    private SweepWatch(SweepServer server) => _server = server;

    /// <exception cref="InputException">The server cannot be reached.</exception>
    public static async Task<SweepWatch> Open(NatsAddress address, CancellationToken cancellation = default) =>
        new(await SweepServer.Open(address, "palimpsest view", SweepServer.UsualAckWait, cancellation));

    /// <summary>Sweeps of the last hour by their names, with the time that each spoke last; none while the server is away.</summary>
    public async Task<IReadOnlyList<(string Name, DateTimeOffset Told, SweepProgress Progress)>> Look(CancellationToken cancellation)
    {
        List<(string, DateTimeOffset, SweepProgress)> sweeps = [];
        try
        {
            await foreach (string key in _server.Progress.GetKeysAsync(cancellationToken: cancellation))
            {
                NatsResult<NatsKVEntry<byte[]>> entry =
                    await _server.Progress.TryGetEntryAsync<byte[]>(key, cancellationToken: cancellation);
                if (entry.Success && SweepProgress.TryParse(entry.Value.Value) is { } progress)
                {
                    sweeps.Add((key, entry.Value.Created, progress));
                }
            }
        }
        catch (Exception exception) when (SweepServer.IsAway(exception))
        {
            // It is asked again.
        }

        return [.. sweeps.OrderBy(sweep => sweep.Item1, StringComparer.Ordinal)];
    }

    /// <summary>Ends the connection.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Name of a sweep on the server, in the letters that it takes.</summary>
    internal static string KeyOf(string name, string id) => string.Concat(name.Select(letter =>
        char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter.ToString() : OtherLetters)) + "-" + id;
}
