namespace Palimpsest.Userland.Tests.Processes;

/// <summary>
/// What Guests/traces.c tells of its children. Every line of traces.txt is what Linux 6.18 tells of the same source, built for x86-64;
/// the program leaves out what differs by architecture.
/// </summary>
public sealed class TracerTests
{
    [Theory]
    [InlineData("exec")]
    [InlineData("execthread")]
    [InlineData("read")]
    [InlineData("restart")]
    [InlineData("nap")]
    [InlineData("left")]
    [InlineData("step")]
    [InlineData("events")]
    [InlineData("listen")]
    [InlineData("attach")]
    [InlineData("exitkill")]
    [InlineData("words")]
    [InlineData("registers")]
    [InlineData("jobs")]
    [InlineData("waits")]
    public void ATracerIsToldWhatLinuxTells(string name)
    {
        string[] parts = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Guests", "traces.txt")).Split("== ");
        string expected = Assert.Single(parts, part => part.StartsWith($"{name}\n", StringComparison.Ordinal));
        using Guest guest = new("traces");
        GuestRun run = guest.Run(["traces", name], limit: 20_000_000);

        Assert.Equal(expected[(name.Length + 1)..], run.Output);
        Assert.Equal((0, null), (run.Outcome.ExitStatus, run.Outcome.Limit));
        Assert.Empty(run.Machine.Audit());
    }

    [Theory]
    [InlineData("step")]
    [InlineData("read")]
    public void ItTellsTheSameWhetherCodeIsCompiledOrNot(string name)
    {
        using Guest guest = new("traces");
        GuestRun interpreted = guest.Run(["traces", name], adjust: options => options with { IsInterpreted = true });
        GuestRun compiled = guest.Run(["traces", name], adjust: options => options with { HotBranches = 1 });

        Assert.Equal((interpreted.Output, interpreted.Outcome.Instructions), (compiled.Output, compiled.Outcome.Instructions));
    }
}
