using System.Text.RegularExpressions;
using NATS.Client.Core;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>Where a NATS server is, and what it wants to see.</summary>
/// <param name="Url">nats://HOST:PORT or tls://HOST:PORT, several with commas; a user and password in it count.</param>
public sealed partial record NatsAddress(string Url)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // A server of a busy machine is slow, and not away.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(15);

    /// <summary>File with a JWT and seed, as nsc writes it; null without one.</summary>
    public string? CredentialsPath { get; init; }

    /// <summary>Authority that signed the server's certificate, in PEM; the machine's own without it.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>This side's certificate and key, in PEM; null without one.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Key of <see cref="CertificatePath"/>, in PEM.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The address without a password, for messages.</summary>
    public override string ToString() => UserOfServer.Replace(Url, "");

    // To the last @ before the next server: a password may have commas and @ in it.
    [GeneratedRegex("(?<=//|^)(?:(?!//).)*@")]
    private static partial Regex UserOfServer { get; }

    internal NatsOpts Options(string name)
    {
        foreach (string one in Url.Split(','))
        {
            if (!Uri.TryCreate(one, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("nats" or "tls" or "ws" or "wss"))
            {
                throw new UsageException($"{this}: is no address of a NATS server; write nats://HOST:4222, or tls://HOST:4222");
            }
        }

        foreach (string path in new[] { CredentialsPath, AuthorityPath, CertificatePath, KeyPath }.OfType<string>())
        {
            if (!File.Exists(path))
            {
                throw new MissingInputException($"{path}: no such file; check the path");
            }
        }

        return NatsOpts.Default with
        {
            Url = Url,
            Name = name,
            AuthOpts = NatsAuthOpts.Default with { CredsFile = CredentialsPath },
            TlsOpts = NatsTlsOpts.Default with
            {
                CaFile = AuthorityPath, CertFile = CertificatePath, KeyFile = KeyPath,
                Mode = AuthorityPath is null && CertificatePath is null ? TlsMode.Auto : TlsMode.Require,
            },
            // A server that is started again is waited for, however long: cells are kept there.
            MaxReconnectRetry = -1,
            ConnectTimeout = LongestStart,
            ReconnectWaitMax = LongestWait,
        };
    }
}
