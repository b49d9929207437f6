using Palimpsest.Userland.Tests.Scripts;

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

    [Fact]
    public void AWrongRegisterIsToldWithItsInstruction()
    {
        EngineDifference difference = DifferenceOf(s => s.Code(Move20 | 1 << 5), s => s.Code(Move20 | 2 << 5));

        Assert.Contains("X20=2 ", difference.State, StringComparison.Ordinal);
        Assert.InRange(difference.Instructions, 1, 500);
        Assert.InRange(difference.From, GuestScript.CodeStart, difference.Pc);
        Assert.NotEqual(0u, difference.Encoding);
    }

    [Fact]
    public void AWrongByteThatNoRegisterHoldsIsTold()
    {
        EngineDifference difference = DifferenceOf(s => Touch(s, s.Words(1)), s => Touch(s, s.Words(2)));

        Assert.Equal("memory", difference.State);

        static void Touch(GuestScript s, ulong other) => s.Repeat(600, () => s.Load(other + 8));
    }

    private const uint Move20 = 0xD2800000 | 20;

    /// <summary>Two programs for two runs of one, the second of which has something wrong in it.</summary>
    private static EngineDifference DifferenceOf(Action<GuestScript> right, Action<GuestScript> wrong)
    {
        EngineWitness witness = new();
        ScriptGuest.Run(With(right), options => options with { Witness = witness });
        Assert.Null(witness.Difference);
        witness.Compare();
        ScriptGuest.Run(With(wrong), options => options with { Witness = witness, HotBranches = 1 });
        return Assert.IsType<EngineDifference>(witness.Difference);

        static Action<GuestScript> With(Action<GuestScript> part) => s =>
        {
            part(s);
            s.Repeat(600, () => s.Call(Number.GetPid));
        };
    }
}
