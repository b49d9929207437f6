using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;

namespace Palimpsest.Nats.Tests.Coordination;

/// <summary>In every interleaving of two workers, one of which dies, and a sweep that is killed, each cell is in the folder once.</summary>
public sealed class QueueInterleavings
{
    private const string Law = "ONCE";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EveryCellIsInTheFolderOnce(int cells)
    {
        SearchResult all = new Explorer(Of(Protocol.AsBuilt, cells)).Search(new DepthFirst(3), new SearchLimits(2_000_000),
            TestContext.Current.CancellationToken);
        SearchResult random = new Explorer(Of(Protocol.AsBuilt, cells)).Search(new RandomWalk(1), new SearchLimits(50_000),
            TestContext.Current.CancellationToken);

        Assert.True(all.Held, all.ToString());
        Assert.True(all.IsExhaustive, all.ToString());
        Assert.True(random.Held, random.ToString());
    }

    public static TheoryData<string> Bugs() => ["ack first", "commit twice", "no redelivery", "read what comes"];

    /// <summary>What each part of the protocol is for: without it, a search finds the cell that is lost, or there twice.</summary>
    [Theory]
    [MemberData(nameof(Bugs))]
    public void WithoutAPartOfItACellIsLostOrTwice(string bug)
    {
        Protocol protocol = bug switch
        {
            "ack first" => Protocol.AsBuilt with { KeepsBeforeAck = false },
            "commit twice" => Protocol.AsBuilt with { CommitsOnce = false },
            "no redelivery" => Protocol.AsBuilt with { Redelivers = false },
            _ => Protocol.AsBuilt with { ReadsFromStart = false },
        };

        SearchResult result = new Explorer(Of(protocol, cells: 2)).Search(new RandomWalk(1), new SearchLimits(50_000),
            TestContext.Current.CancellationToken);

        Assert.False(result.Held, bug);
    }

    private static Scenario<QueueModel> Of(Protocol protocol, int cells) =>
        new Scenario<QueueModel>("sweep-queue", steps => new QueueModel(steps, cells, protocol))
            .Actor("worker0", 0, async model => await model.Work(0))
            .Actor("worker1", 1, async model => await model.Work(1))
            .Actor("death", 2, async model => await model.Die(0))
            .Actor("lost-word", 3, async model => await model.LoseWord())
            .Actor("sweep", 4, async model => await model.Sweep())
            .AtEnd(Law, model => model.Broken());
}
