using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats.Tests;

/// <summary>Over a real server every cell is in the results once: workers that are slow, cells that break, what comes twice.</summary>
public sealed class NatsEngineTests
{
    [Fact]
    public async Task ThreeWorkersGiveWhatOneProcessGives()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        using (await stage.Run(workers: 3))
        {
        }

        using (ResultFolder local = ResultFolder.Open(stage["local"], stage.Plan))
        {
            new LocalEngine(stage.Plan, local, (cell, _) => NatsStage.Figures(cell), threads: 1)
                .Run(cancellation: TestContext.Current.CancellationToken);
        }

        Assert.Equal(stage.FilesIn("local"), stage.FilesIn("out"));
        Assert.Equal(stage.Plan.Count, stage.Computed.Count);
    }

    [Fact]
    public async Task WhatComesTwiceIsComputedAndKeptOnce()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        using ResultFolder first = await stage.Run(workers: 1, meanwhile: async () =>
        {
            await stage.WaitForCells(1);
            await stage.SendTwice(0);
            await stage.SendTwice(stage.Plan.Count - 1);
            await stage.SendTwice(stage.Plan.Count - 1);
        });
        // Another sweep of the same cells: the server knows what they gave.
        using ResultFolder second = await stage.Run(workers: 1, folder: "again");

        Assert.Equal((stage.Plan.Count, stage.Plan.Count), (first.Count, second.Count));
        Assert.Equal(stage.Plan.Count, stage.Computed.Count);
        Assert.Equal(stage.FilesIn("out"), stage.FilesIn("again"));
    }

    [Fact]
    public async Task ASlowCellIsNotLostAndNotDoneTwice()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        CellKey slow = stage.Plan.KeyOf(3, BuildIdentity.Current);
        using ResultFolder results = await stage.Run(workers: 2, cell =>
        {
            if (cell.Key(BuildIdentity.Current) == slow)
            {
                Thread.Sleep(TimeSpan.FromSeconds(4));
            }
        }, ackWait: TimeSpan.FromSeconds(1));

        Assert.Equal(stage.Plan.Count, results.Count);
        Assert.Single(stage.Computed, cell => cell.Key(BuildIdentity.Current) == slow);
    }

    [Fact]
    public async Task ACellThatBreaksThreeTimesIsSetAsideWithItsError()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        CellKey broken = stage.Plan.KeyOf(5, BuildIdentity.Current);
        using ResultFolder results = await stage.Run(workers: 2, cell =>
        {
            if (cell.Key(BuildIdentity.Current) == broken)
            {
                throw new InvalidOperationException("it breaks");
            }
        });

        Assert.Equal(stage.Plan.Count, results.Count);
        Assert.Contains("InvalidOperationException: it breaks", Assert.Single(results.SetAside), StringComparison.Ordinal);
        Assert.Equal(CellTries.Most, stage.Computed.Count(cell => cell.Key(BuildIdentity.Current) == broken));
    }

    [Fact]
    public async Task AServerThatIsKilledInTheMiddleIsWaitedFor()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        using ResultFolder results = await stage.Run(workers: 2, _ => Thread.Sleep(60), meanwhile: async () =>
        {
            await stage.WaitForCells(stage.Plan.Count / 3);
            stage.Server.Restart(TimeSpan.FromSeconds(1));
        });

        Assert.Equal(stage.Plan.Count, results.Count);
        Assert.Single(stage.FilesIn("out"));
    }

    /// <summary>The sweep ends in a line that is true, and goes on with what came back.</summary>
    /// <param name="isMadeAgain">Somebody else comes, who makes anew what is not there.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AServerThatLosesItsDataEndsTheSweepAndNoCell(bool isMadeAgain)
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        InputException lost = await Assert.ThrowsAsync<InputException>(() => stage.Run(workers: 2, _ => Thread.Sleep(60),
            meanwhile: async () =>
            {
                await stage.WaitForCells(stage.Plan.Count / 3);
                stage.Server.Restart(TimeSpan.FromSeconds(1), isEmptied: true);
                await using SweepServer? other = isMadeAgain
                    ? await SweepServer.Open(stage.Address, "other", TimeSpan.FromSeconds(5), CancellationToken.None) : null;
            }, idle: TimeSpan.FromSeconds(1)));

        Assert.Equal($"{stage.Address}: has lost what it had of this sweep; all that came back is kept, and the same command goes on "
            + "with it", lost.Message);
        using ResultFolder results = await stage.Run(workers: 2);
        Assert.Equal(stage.Plan.Count, results.Count);
    }

    [Fact]
    public async Task ManyOpenAnEmptyServerAtOnce()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        using ResultFolder results = await stage.Run(workers: 8);

        Assert.Equal(stage.Plan.Count, results.Count);
    }
}
