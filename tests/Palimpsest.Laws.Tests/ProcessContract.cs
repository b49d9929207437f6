using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Testing;
using Palimpsest.Testing.Programs;
using Palimpsest.Testing.Scripts;

namespace Palimpsest.Laws.Tests;

/// <summary>Whatever the design: every byte and tag that a program reads is the one last written, and the laws hold.</summary>
// Two classes, because the tests of one run one after the other.
public abstract class ProcessContract
{
    private const int Boards = 6;

    /// <summary>A million steps a design, over all boards; more where <see cref="Law"/> draws more.</summary>
    private static readonly int Steps = Law.Cases(1_000_000);

    protected static TheoryData<string, string> EveryDesignOn(params string[] boards) =>
        [.. DesignCatalog.All.SelectMany(entry => boards.Select(board => (entry.Name, board)))];

    protected static void ReadsWhatItWrote(string name, string board)
    {
        ProgramRun run = new(TestBoards.Layout(board), DesignCatalog.Parse(name)
            .Create(), new LinuxMachineOptions { Cpus = 2, SwapPages = 600, HugePagesByDefault = true });

        run.Play(Enumerable.Range(0, Steps / Boards).Select(step => ProgramStep.Number(1, (ulong)step)));

        // Cells lend what they hold page by page: no chunk is left that a collapse could use.
        Assert.True(board != "flat 34 MiB" || name == "cells" || Steps < 1_000_000 || run.Machine.Statistics.Collapses > 0);
    }
}

/// <summary>On one bank and on two, with and without a driver's pool.</summary>
public sealed class ProcessContractOnBanks : ProcessContract
{
    public static TheoryData<string, string> EveryDesign() => EveryDesignOn("flat 34 MiB", "two nodes", "CMA pool");

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void RandomProgramsReadWhatTheyWrote(string name, string board) => ReadsWhatItWrote(name, board);
}

/// <summary>With blocks and pages of other sizes.</summary>
public sealed class ProcessContractOnBlocks : ProcessContract
{
    public static TheoryData<string, string> EveryDesign() => EveryDesignOn("flat 8 MiB, small blocks", "blocks of 4", "16K pages");

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void RandomProgramsReadWhatTheyWrote(string name, string board) => ReadsWhatItWrote(name, board);
}
