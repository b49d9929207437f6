using Palimpsest.Vocabulary;

namespace Palimpsest.Nats.Tests;

/// <summary>An address is told without its password, and what is none is refused in a line.</summary>
public sealed class NatsAddressTests
{
    [Theory]
    [InlineData("nats://host:4222", "nats://host:4222")]
    [InlineData("nats://user:pass@host:4222,tls://a:b@other", "nats://host:4222,tls://other")]
    [InlineData("nats://u:pa,ssw0rd@host:1", "nats://host:1")]
    [InlineData("u:p@host", "host")]
    [InlineData("nats://u:p@ss@host,nats://u:p@other", "nats://host,nats://other")]
    public void APasswordIsNotTold(string url, string told) => Assert.Equal(told, new NatsAddress(url).ToString());

    [Theory]
    [InlineData("host")]
    [InlineData("http://user:pass@host")]
    [InlineData("nats://host,")]
    public void WhatIsNoAddressIsRefused(string url)
    {
        string message = Assert.Throws<UsageException>(() => new NatsAddress(url).Options("test")).Message;

        Assert.Contains("is no address of a NATS server", message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed() => Assert.Contains("none.pem: no such file",
        Assert.Throws<MissingInputException>(() => new NatsAddress("nats://host") { AuthorityPath = "none.pem" }.Options("test")).Message,
        StringComparison.Ordinal);
}
