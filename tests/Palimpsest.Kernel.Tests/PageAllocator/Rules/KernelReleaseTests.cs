using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator.Rules;

/// <summary>A release is what uname -r begins with, and releases follow each other by number, not by letter.</summary>
public sealed class KernelReleaseTests
{
    [Theory]
    [InlineData("6.1.0-18-arm64", "6.1")]
    [InlineData("6.12", "6.12")]
    [InlineData("5.15-generic", "5.15")]
    [InlineData("6", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("v6.1", null)]
    [InlineData("6.-1", null)]
    [InlineData("6.99999999999", null)]
    public void ItIsReadFromWhatUnamePrints(string? text, string? release) =>
        Assert.Equal(release, KernelRelease.Of(text)?.ToString());

    [Fact]
    public void TwelveComesAfterOne()
    {
        KernelRelease[] releases = [new(6, 12), new(6, 1), new(5, 15)];

        Assert.Equal("5.15 6.1 6.12", string.Join(' ', releases.Order()));
        Assert.True(new KernelRelease(6, 12) > new KernelRelease(6, 6) && new KernelRelease(6, 6) >= new KernelRelease(6, 6));
        Assert.True(new KernelRelease(5, 19) < KernelRelease.Linux61 && new KernelRelease(6, 0) <= KernelRelease.Linux61);
    }
}
