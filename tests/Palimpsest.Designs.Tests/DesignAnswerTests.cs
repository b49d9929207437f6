using CsCheck;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Designs.Tests;

/// <summary>What each design answers to each question, as the mail that proposed it says.</summary>
public sealed class DesignAnswerTests
{
    private static readonly AllocationView Movable = new(MigrateType.Movable, Order.Zero, IsTagged: false, GfpFlags.HighUserMovable);

    private static readonly TaggedView NewPage = new(Order.Zero, IsAllocation: true, ActiveBlocks: 0);

    public static TheoryData<string> Designs() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [InlineData("static", typeof(Hidden))]
    [InlineData("no-mte", typeof(Ordinary))]
    [InlineData("separate-free-area", typeof(OwnFreeArea))]
    [InlineData("zone-metadata", typeof(OwnZone))]
    [InlineData("numa-node", typeof(OwnNode))]
    [InlineData("migrate-metadata", typeof(OwnMigrateType))]
    [InlineData("cma-untagged-only", typeof(Cma))]
    [InlineData("cma-page-granular", typeof(Cma))]
    [InlineData("cma-no-tagged", typeof(Cma))]
    [InlineData("first-use", typeof(Cma))]
    [InlineData("tag-blocks", typeof(Groups))]
    public void StorageIsLentIn(string design, Type home) => Assert.IsType(home, Design(design).Home);

    [Theory]
    [InlineData("static", ReservationVerdict.AlwaysActive)]
    [InlineData("no-mte", ReservationVerdict.Refuse)]
    [InlineData("separate-free-area", ReservationVerdict.Required)]
    [InlineData("zone-metadata", ReservationVerdict.Required)]
    [InlineData("numa-node", ReservationVerdict.Required)]
    [InlineData("migrate-metadata", ReservationVerdict.Required)]
    [InlineData("cma-untagged-only", ReservationVerdict.Required)]
    [InlineData("cma-page-granular", ReservationVerdict.Required)]
    [InlineData("cma-no-tagged", ReservationVerdict.BestEffort)]
    [InlineData("first-use", ReservationVerdict.TakeEverything)]
    [InlineData("tag-blocks", ReservationVerdict.OnlyActive)]
    public void StorageIsTaken(string design, ReservationVerdict verdict) => Assert.Equal(verdict, Design(design).OnTagged(NewPage));

    // "u": untagged movable, "t": tagged movable, "k": unmovable. C: may draw from CMA, S: from storage with lists of its own.
    [Theory]
    [InlineData("separate-free-area", "uCS tC kS")]
    [InlineData("zone-metadata", "uCS tC kS")]
    [InlineData("numa-node", "uCS tC kS")]
    [InlineData("migrate-metadata", "uCS tC kS")]
    [InlineData("cma-page-granular", "uCS tC kS")]
    [InlineData("first-use", "uCS tC kS")]
    [InlineData("cma-untagged-only", "uCS t kS")]
    [InlineData("cma-no-tagged", "uCS t kS")]
    [InlineData("tag-blocks", "uCS t kS")]
    [InlineData("static", "uCS tC kS")]
    [InlineData("no-mte", "uCS tC kS")]
    public void WhoMayDrawFromWhatIsLent(string name, string answers)
    {
        Design design = Design(name);
        (string Who, AllocationView View)[] requests =
        [
            ("u", Movable), ("t", Movable with { IsTagged = true }), (
                "k", Movable with { Type = MigrateType.Unmovable, Gfp = GfpFlags.KernelDefault }),
        ];

        Assert.Equal(answers, string.Join(' ', requests.Select(request => request.Who
            + (design.OnAllocation(request.View).UseCma ? "C" : "") + (design.OnAllocation(request.View).UseStorage ? "S" : ""))));
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void OnlyVersionTwoFaultsAgain(string design) => Assert.Equal(
        design == "cma-untagged-only" ? BusyVerdict.FaultAgain : BusyVerdict.MoveData, Design(design).OnStorageBusy(NewPage));

    // RFC v1 tries five times and has no fast path, v3 makes three replacements; the others are ours.
    [Theory]
    [InlineData("migrate-metadata", 5, false, 5)]
    [InlineData("cma-no-tagged", 3, true, 3)]
    [InlineData("cma-untagged-only", 3, true, 5)]
    [InlineData("cma-page-granular", 3, true, 5)]
    [InlineData("separate-free-area", 3, true, 5)]
    [InlineData("zone-metadata", 3, true, 5)]
    [InlineData("numa-node", 3, true, 5)]
    [InlineData("first-use", 3, true, 5)]
    [InlineData("tag-blocks", 3, true, 5)]
    public void ABlockIsRecalled(string design, int attempts, bool fastPath, int pages) =>
        Assert.Equal(
            new RecallRule(attempts, fastPath, pages) { MostFastPages = design == "cma-untagged-only" ? 1 : int.MaxValue },
            Design(design).Recall);

    [Theory]
    [MemberData(nameof(Designs))]
    public void ParametersReachTheAnswers(string name)
    {
        DesignEntry entry = DesignCatalog.All.First(one => one.Name == name);
        DesignParameters parameters = new() { Attempts = 17, FastPath = false, PageAttempts = 19, BlockBytes = 8192 };
        Design design = entry.Create(parameters);
        bool IsSet(string parameter) => entry.Settable.Contains(parameter);

        Assert.Equal(IsSet("attempts") ? 17 : 3, design.Recall.Attempts);
        Assert.Equal(!IsSet("fast-path"), design.Recall.FastPath);
        Assert.Equal(IsSet("block") ? 8192 : 0, design.BlockBytes);
        Assert.True(!IsSet("pages") || design.Recall.PageAttempts == 19);
        Assert.True(!IsSet("block-loop") || !entry.Create(new() { LoopsToLastBlock = false }).Recall.LoopsToLastBlock);
        Assert.Equal(name == "cma-no-tagged", IsSet("block-loop"));
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void AnAnswerDependsOnItsViewAlone(string name) => Law.Holds(
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 10], Gen.Bool, Gen.UInt, Gen.Int[0, 1_000]), 200, drawn =>
        {
            (int type, int order, bool isTagged, uint gfp, int active) = drawn;
            Design asked = Design(name);
            Design fresh = Design(name);
            AllocationView view = new((MigrateType)type, new Order(order), isTagged, (GfpFlags)gfp);
            TaggedView tagged = new(new Order(order), isTagged, active);
            asked.OnAllocation(view with { IsTagged = !isTagged });
            asked.OnTagged(tagged with { ActiveBlocks = 0 });

            Assert.Equal(fresh.OnAllocation(view), asked.OnAllocation(view));
            Assert.Equal(fresh.OnTagged(tagged), asked.OnTagged(tagged));
            Assert.Equal(fresh.OnStorageBusy(tagged), asked.OnStorageBusy(tagged));
            Assert.Same(asked.Home, asked.Home);
            Assert.NotSame(fresh.Home, asked.Home);
        });

    [Theory]
    [MemberData(nameof(Designs))]
    public void NobodyUnmovableMayDrawFromCma(string name) => Assert.All(
        Enum.GetValues<MigrateType>().Where(type => type != MigrateType.Movable),
        type => Assert.False(Design(name).OnAllocation(Movable with { Type = type }).UseCma));

    private static Design Design(string name) => DesignCatalog.Parse(name).Create();
}
