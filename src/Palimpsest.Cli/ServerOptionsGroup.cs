using System.CommandLine;
using Palimpsest.Nats;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that a server wants to see: who asks, and whom it is trusted to be.</summary>
internal sealed class ServerOptionsGroup
{
    private readonly Option<string?> _credentials = new("--creds") { Description = "file with a JWT and seed, for a server that wants one",
        HelpName = "FILE" };
    private readonly Option<string?> _authority = new("--tls-ca") { Description = "who signed the server's certificate, PEM",
        HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "certificate of this side, PEM", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "its key, PEM", HelpName = "FILE" };

    private Option<string?>[] All => [_credentials, _authority, _certificate, _key];

    public void AddTo(Command command)
    {
        foreach (Option<string?> option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What is for a server is refused where there is none.</summary>
    /// <param name="needs">What would name one.</param>
    public void RequireNone(ParseResult parsed, string needs)
    {
        if (All.FirstOrDefault(option => parsed.GetValue(option) is not null) is { } option)
        {
            throw new UsageException($"{option.Name}: is for a server; give {needs}, or leave it out");
        }
    }

    public NatsAddress Read(ParseResult parsed, string url) => new(url)
    {
        CredentialsPath = parsed.GetValue(_credentials),
        AuthorityPath = parsed.GetValue(_authority),
        CertificatePath = parsed.GetValue(_certificate),
        KeyPath = parsed.GetValue(_key),
    };
}
