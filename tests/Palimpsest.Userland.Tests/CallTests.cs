using Palimpsest.Designs;
using Palimpsest.Userland.Tests.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Tests;

/// <summary>What a program asks of Linux (Guests/calls.c), and what comes of it.</summary>
public sealed class CallTests
{
    public static TheoryData<string> TaggingDesigns() => [.. DesignCatalog.All.Select(entry => entry.Name).Where(name => name != "no-mte")];

    [Theory]
    [InlineData("synchronous", "tag 5, next 0\nsignal 11 code 9 address 20\nkept 1\nwrite -1\n")]
    [InlineData("asynchronous", "signal 11 code 8 address 0\nwritten 7\n")]
    [InlineData("children", "child 4, parent 9, status 42\n")]
    [InlineData("threads", "sum 20000\n")]
    [InlineData("moved", "right 8, after mprotect 1, new 0\n")]
    [InlineData("files", "00123\noutside -1\n")]
    public void ItDoesAsLinuxDoes(string name, string expected)
    {
        using Guest guest = new("calls");
        GuestRun run = guest.Run(["calls", name]);

        Assert.Equal((expected, 0), (run.Output, run.Outcome.ExitStatus));
        Assert.Empty(run.Machine.Audit());
        Assert.Empty(run.Outcome.UnknownCalls);
    }

    [Theory]
    [MemberData(nameof(TaggingDesigns))]
    public void NoDesignShowsInTheOutput(string design)
    {
        using Guest guest = new("calls");
        foreach (string name in (string[])["synchronous", "children", "moved"])
        {
            GuestRun today = guest.Run(["calls", name]);
            GuestRun run = guest.Run(["calls", name], design);

            Assert.Equal((today.Output, today.Outcome.Instructions), (run.Output, run.Outcome.Instructions));
            Assert.Empty(run.Machine.Audit());
        }
    }

    [Theory]
    [InlineData("static")]
    [InlineData("cma-no-tagged")]
    [InlineData("packed")]
    [InlineData("cells")]
    public void TagsComeBackFromSwap(string design)
    {
        using Guest guest = new("calls");
        GuestRun run = guest.Run(["calls", "pressure"], design, ramMebibytes: 16);

        Assert.Equal("wrong 0 of 6000\n", run.Output);
        Assert.True(run.Machine.Statistics.SwapOuts > 1000);
        Assert.Empty(run.Machine.Audit());
    }

    [Fact]
    public void AProgramAndASeedHaveOneOutcome()
    {
        using Guest guest = new("calls");
        GuestRun first = guest.Run(["calls", "threads"], seed: 3);
        GuestRun second = guest.Run(["calls", "threads"], seed: 3);
        GuestRun other = guest.Run(["calls", "threads"], seed: 4);

        Assert.Equal(
            (first.Outcome.Instructions, first.Outcome.PageFaults), (second.Outcome.Instructions, second.Outcome.PageFaults));
        Assert.NotEqual(first.Outcome.Instructions, other.Outcome.Instructions);
        Assert.Equal(first.Output, other.Output);
    }

    [Fact]
    public void ATagFaultIsToldWithItsAddressAndInstruction()
    {
        using Guest guest = new("calls");
        GuestTagFault fault = Assert.Single(guest.Run(["calls", "synchronous"]).Outcome.TagFaults);

        Assert.Equal(("SEGV_MTESERR", 0x20UL), (fault.Code, fault.Address & 0xFFF));
        Assert.InRange(fault.Pc, 0x400000UL, 0x500000UL);
    }

    [Fact]
    public void AProgramThatNeverEndsIsEnded()
    {
        using Guest guest = new("calls");
        GuestOutcome outcome = guest.Run(["calls", "loop"], limit: 1_000_000).Outcome;

        Assert.Equal((true, (int?)9), (outcome.WasLimited, outcome.Signal));
        Assert.InRange(outcome.Instructions, 1_000_000, 1_100_000);
    }

    [Fact]
    public void AProgramThatTakesMoreMemoryThanItMayIsEnded()
    {
        using Guest guest = new("calls");
        GuestOutcome limited = guest.Run(["calls", "pressure"], adjust: options => options with { MostResidentPages = 2000 }).Outcome;
        GuestOutcome free = guest.Run(["calls", "pressure"], adjust: options => options with { MostResidentPages = 8000 }).Outcome;

        Assert.Equal((GuestLimit.Memory, (int?)9, (int?)null), (limited.Limit, limited.Signal, limited.ExitStatus));
        Assert.Equal((null, (int?)0), (free.Limit, free.ExitStatus));
        Assert.InRange(limited.PageFaults, 1900, 2100);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, GuestLimit.Memory)]
    public void ProcessesHaveTheLimitOfMemoryTogether(bool hasChild, GuestLimit? expected)
    {
        const int getRandom = 278;
        ScriptRun run = ScriptGuest.Run(
            s =>
            {
                Result area = s.Call(222, 0, 100 * GuestOptions.PageBytes, 3, 0x22, -1, 0);
                s.Call(getRandom, area, 100 * GuestOptions.PageBytes, 0);
                if (hasChild)
                {
                    s.Fork(0, () => s.Call(172));
                    s.Call(260, -1, 0, 0, 0);
                }
            },
            options => options with { MostResidentPages = 160 });

        Assert.Equal(expected, run.Outcome.Limit);
    }

    [Fact]
    public void TheHostKeepsWhatItHad()
    {
        using Guest guest = new("calls");
        guest.Run(["calls", "files"]);

        Assert.Equal(["calls"], Directory.EnumerateFiles(guest.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("text")]
    [InlineData("../calls")]
    public void WhatCannotBeRunIsSaidInOneLine(string program)
    {
        using Guest guest = new("calls");
        File.WriteAllText(Path.Combine(guest.Folder, "text"), "no program");

        InputException exception = Assert.Throws<InputException>(() => guest.Run([program]));
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void PagesThatAreSwappedOutCountForTheLimitOfMemory()
    {
        using Guest guest = new("calls");
        GuestRun run = guest.Run(["calls", "pressure"], ramMebibytes: 16, adjust: options => options with { MostResidentPages = 5000 });

        Assert.Equal(GuestLimit.Memory, run.Outcome.Limit);
        Assert.True(run.Machine.Statistics.SwapOuts > 0);
    }
}
