using Palimpsest.Vocabulary;

namespace Palimpsest.Nats.Tests;

/// <summary>A server with TLS on both sides and users by JWT: who shows what it wants is served, and nobody else.</summary>
public sealed class SecureServerTests
{
    [Fact]
    public async Task WhoShowsAllIsServed()
    {
        using NatsStage stage = new(ServerSecrets.Make);
        if (stage.Server is null)
        {
            return;
        }

        stage.Address = Shown(stage);
        using Sweeps.Results.ResultFolder results = await stage.Run(workers: 2);

        Assert.Equal(stage.Plan.Count, results.Count);
        Assert.Equal(stage.Plan.Count, stage.Computed.Count);
    }

    [Theory]
    [InlineData("no credentials")]
    [InlineData("credentials of nobody")]
    [InlineData("no certificate")]
    [InlineData("another authority")]
    public async Task WhoLacksAPartIsToldInALine(string lack)
    {
        using NatsStage stage = new(ServerSecrets.Make);
        if (stage.Server is null)
        {
            return;
        }

        NatsAddress shown = Shown(stage);
        if (lack == "credentials of nobody")
        {
            using NatsStage other = new(ServerSecrets.Make);
            File.Copy(other["user.creds"], stage["user.creds"], overwrite: true);
        }

        NatsAddress lacking = lack switch
        {
            "no credentials" => shown with { CredentialsPath = null },
            "no certificate" => shown with { CertificatePath = null, KeyPath = null },
            "another authority" => shown with { AuthorityPath = stage["other-ca.pem"] },
            _ => shown,
        };
        InputException refused = await Assert.ThrowsAsync<InputException>(() => NatsWorker.Open(lacking,
            new WorkerOptions(1, stage["cache"], 1 << 20), TestContext.Current.CancellationToken));

        Assert.StartsWith($"{stage.Server.Url}: cannot be reached (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("or check address and credentials", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static NatsAddress Shown(NatsStage stage) => new(stage.Server!.Url)
    {
        CredentialsPath = stage["user.creds"], AuthorityPath = stage["ca.pem"], CertificatePath = stage["client.pem"],
        KeyPath = stage["client-key.pem"],
    };
}
