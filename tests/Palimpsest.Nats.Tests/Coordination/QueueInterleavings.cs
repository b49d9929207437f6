using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;

namespace Palimpsest.Nats.Tests.Coordination;

/// <summary>
/// In every interleaving of two workers, one of which dies, and a sweep that is killed, each cell is in the folder once; and a cell that
/// kills workers is the only one that is set aside.
/// </summary>
public sealed class QueueInterleavings
{
    private const string Once = "ONCE";
    private const string Blame = "BLAME";

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void EveryCellIsInTheFolderOnce(int cells, int preemptions) => Holds(Mortal(Protocol.AsBuilt, cells), preemptions);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void OnlyTheCellThatKillsIsSetAside(int cells, int preemptions)
    {
        for (int killer = 0; killer < cells; killer++)
        {
            Holds(Deadly(Protocol.AsBuilt, cells, killer), preemptions);
        }
    }

    public static TheoryData<string> Bugs() =>
        ["ack first", "ack before sending", "commit twice", "no redelivery", "read what comes", "never alone"];

    /// <summary>What each part of the protocol is for: without it, a search finds the cell that is lost, there twice, or blamed.</summary>
    [Theory]
    [MemberData(nameof(Bugs))]
    public void WithoutAPartOfItACellIsLostTwiceOrBlamed(string bug)
    {
        Protocol protocol = bug switch
        {
            "ack first" => Protocol.AsBuilt with { KeepsBeforeAck = false },
            "ack before sending" => Protocol.AsBuilt with { SendsBeforeAck = false },
            "commit twice" => Protocol.AsBuilt with { CommitsOnce = false },
            "no redelivery" => Protocol.AsBuilt with { Redelivers = false },
            "never alone" => Protocol.AsBuilt with { TriesAlone = false },
            _ => Protocol.AsBuilt with { ReadsFromStart = false },
        };

        SearchResult mortal = new Explorer(Mortal(protocol, cells: 2)).Search(new RandomWalk(1), new SearchLimits(50_000),
            TestContext.Current.CancellationToken);
        SearchResult deadly = new Explorer(Deadly(protocol, cells: 2, killer: 0)).Search(new RandomWalk(1), new SearchLimits(5_000),
            TestContext.Current.CancellationToken);

        Assert.False(mortal.Held && deadly.Held, bug);
        Assert.Equal(bug == "never alone", mortal.Held);
    }

    private static void Holds(Scenario<QueueModel> scenario, int preemptions)
    {
        SearchResult all = new Explorer(scenario).Search(new DepthFirst(preemptions), new SearchLimits(2_000_000),
            TestContext.Current.CancellationToken);
        SearchResult random = new Explorer(scenario).Search(new RandomWalk(1), new SearchLimits(50_000),
            TestContext.Current.CancellationToken);

        Assert.True(all.Held, all.ToString());
        Assert.True(all.IsExhaustive, all.ToString());
        Assert.True(random.Held, random.ToString());
    }

    private static Scenario<QueueModel> Mortal(Protocol protocol, int cells) => Working(protocol, cells, killer: -1)
        .Actor("death", 3, async model => await model.Die(0))
        .Actor("lost-word", 4, async model => await model.LoseWord());

    private static Scenario<QueueModel> Deadly(Protocol protocol, int cells, int killer) => Working(protocol, cells, killer)
        .AtEnd(Blame, model => model.Blamed());

    private static Scenario<QueueModel> Working(Protocol protocol, int cells, int killer) =>
        new Scenario<QueueModel>("sweep-queue", steps => new QueueModel(steps, cells, protocol, killer))
            .Actor("worker0", 0, async model => await model.Work(0))
            .Actor("worker1", 1, async model => await model.Work(1))
            .Actor("sweep", 2, async model => await model.Sweep())
            .AtEnd(Once, model => model.Broken());
}
