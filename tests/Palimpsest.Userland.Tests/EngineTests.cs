namespace Palimpsest.Userland.Tests;

/// <summary>A program in both engines: its output, its instructions and its faults are the same, and so is what each stop leaves.</summary>
public sealed class EngineTests
{
    [Theory]
    [InlineData("calls", "synchronous")]
    [InlineData("calls", "asynchronous")]
    [InlineData("calls", "children")]
    [InlineData("calls", "threads")]
    [InlineData("calls", "moved")]
    [InlineData("blocks", "all", "1", "100")]
    public void BothLeaveTheSame(params string[] arguments)
    {
        using Guest guest = new(arguments[0]);
        EngineWitness witness = new();
        GuestRun interpreted = guest.Run(arguments, seed: 3, adjust: options => options with
        {
            IsInterpreted = true, Witness = witness,
        });
        witness.Compare();
        GuestRun compiled = guest.Run(arguments, seed: 3, adjust: options => options with { HotBranches = 3, Witness = witness });

        Assert.Null(witness.Difference);
        Assert.Equal(
            (interpreted.Output, interpreted.Outcome.Instructions, interpreted.Outcome.PageFaults, interpreted.Outcome.ExitStatus),
            (compiled.Output, compiled.Outcome.Instructions, compiled.Outcome.PageFaults, compiled.Outcome.ExitStatus));
        Assert.Equal(interpreted.Outcome.TagFaults, compiled.Outcome.TagFaults);
        Assert.True(witness.Stops > 0);
    }

    [Fact]
    public void AnotherSeedIsSeen()
    {
        using Guest guest = new("calls");
        EngineWitness witness = new();
        guest.Run(["calls", "threads"], seed: 3, adjust: options => options with { Witness = witness });
        witness.Compare();
        guest.Run(["calls", "threads"], seed: 4, adjust: options => options with { Witness = witness });

        Assert.NotNull(witness.Difference);
    }
}
