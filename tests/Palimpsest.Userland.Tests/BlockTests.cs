namespace Palimpsest.Userland.Tests;

/// <summary>
/// Blocks of random instructions (Guests/blocks.c): a hash of registers, flags, memory, tags and faults of each. What is expected
/// is what QEMU 10.0.2 gives, which agrees with its system mode under Linux 6.12 in the first 18,000.
/// </summary>
public sealed class BlockTests
{
    [Theory]
    [InlineData("integer", "c0b09660495bea8a")]
    [InlineData("memory", "f141dacacbdaa629")]
    [InlineData("float", "3002c41613953808")]
    [InlineData("vector", "51b2049ee06564b1")]
    [InlineData("tags", "bd914cbeb342472c")]
    [InlineData("all", "f9096c72e51cb487")]
    public void FourHundredBlocksLeaveWhatTheyLeaveElsewhere(string kind, string sum)
    {
        using Guest guest = new("blocks");
        GuestRun run = guest.Run(["blocks", kind, "1", "400"]);

        Assert.Equal(0, run.Outcome.ExitStatus);
        Assert.EndsWith($"all {sum}\n", run.Output, StringComparison.Ordinal);
    }
}
