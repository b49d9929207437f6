using System.CommandLine;
using Palimpsest.Nats;

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

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _credentials, _authority, _certificate, _key })
        {
            command.Add(option);
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
