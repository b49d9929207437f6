using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Testing;
using Palimpsest.Testing.Programs;
using Palimpsest.Testing.Scripts;

namespace Palimpsest.Laws.Tests;

/// <summary>Whatever the design: every byte and tag that a program reads is the one last written, and the laws hold.</summary>
public sealed class ProcessContract
{
    /// <summary>A million steps a design, over all boards; more where <see cref="Law"/> draws more.</summary>
    private static readonly int Steps = Law.Cases(1_000_000);

    private static readonly string[] Boards = ["flat 8 MiB, small blocks", "flat 34 MiB", "two nodes", "blocks of 4", "16K pages",
        "CMA pool"];

    public static TheoryData<string, string> EveryDesignAndBoard() =>
        [.. DesignCatalog.All.SelectMany(entry => Boards.Select(board => (entry.Name, board)))];

    [Theory]
    [MemberData(nameof(EveryDesignAndBoard))]
    public void RandomProgramsReadWhatTheyWrote(string name, string board)
    {
        ProgramRun run = new(TestBoards.Layout(board), DesignCatalog.Parse(name)
            .Create(), new LinuxMachineOptions { Cpus = 2, SwapPages = 600, HugePagesByDefault = true });

        run.Play(Enumerable.Range(0, Steps / Boards.Length).Select(step => ProgramStep.Number(1, (ulong)step)));

        // Cells lend what they hold page by page: no chunk is left that a collapse could use.
        Assert.True(board != "flat 34 MiB" || name == "cells" || Steps < 1_000_000 || run.Machine.Statistics.Collapses > 0);
    }
}
