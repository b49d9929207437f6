using Palimpsest.Lab.Tests.Facts;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>A result says whose rules its allocator followed, and whether anybody held them against such a kernel.</summary>
public sealed class RulesUsedTests
{
    [Theory]
    [InlineData("5.15", "6.1", false)]
    [InlineData("6.1", "6.1", true)]
    [InlineData("6.6", "6.1", false)]
    [InlineData("6.12", "6.12", true)]
    [InlineData("6.18", "6.12", false)]
    [InlineData(null, "6.1", false)]
    public void TheNearestRulesAreUnverified(string? kernel, string rules, bool isVerified)
    {
        RulesUsed used = RulesUsed.For(KernelRelease.Of(kernel));

        Assert.Equal(new RulesUsed(kernel, rules, isVerified), used);
        Assert.Contains($"Linux {rules}", used.Sentence, StringComparison.Ordinal);
        Assert.Equal(!isVerified, used.Sentence.Contains("unverified", StringComparison.Ordinal));
        Assert.Contains(kernel ?? "--kernel", used.Sentence.Replace("the recorded kernel's.", kernel, StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "6.12")]
    [InlineData("6.1", "6.1")]
    public void TheRecordingsOwnReleaseCountsUnlessTheUserSaysOtherwise(string? option, string rules)
    {
        using MachineSketch sketch = new();
        RecordedMachine machine = sketch.Zone().File("dmesg", "[    0.000000] Linux version 6.12.95+deb12-arm64 (gcc) #1 SMP\n")
            .Machine(new BoardInput { RamBytes = 64 << 20 }, option);

        Assert.Equal(rules, machine.Rules.Rules);
    }
}
