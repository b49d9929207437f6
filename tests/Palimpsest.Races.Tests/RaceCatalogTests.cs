using Palimpsest.Designs;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;
using Palimpsest.Races.Lists;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests;

/// <summary>The list of races: each has one id, one title, a design that it is told of, and what prevents it is known by name.</summary>
public sealed class RaceCatalogTests
{
    private static readonly Safeguards[] Single =
        [.. Enum.GetValues<Safeguards>().Where(safeguard => safeguard is not (Safeguards.None or Safeguards.All))];

    public static TheoryData<string> EveryId() => [.. RaceCatalog.All.Select(race => race.Id)];

    public static TheoryData<string, string> EveryUnexplored()
    {
        TheoryData<string, string> rows = [];
        foreach (UnexploredRace race in RaceCatalog.Unexplored)
        {
            rows.Add(race.Id, race.Reason);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EveryId))]
    public void ARaceIsFoundByItsIdInAnyCase(string id)
    {
        Assert.Equal(id, RaceCatalog.Find(id.ToLowerInvariant()).Id);
        Assert.Same(RaceCatalog.Find(id), RaceCatalog.Find(id.ToLowerInvariant()));
    }

    [Theory]
    [MemberData(nameof(EveryId))]
    public void ADesignOfARaceIsOneOfTheCatalog(string id) =>
        Assert.Contains(RaceCatalog.Find(id).Design, DesignCatalog.All.Select(design => design.Name));

    [Theory]
    [MemberData(nameof(EveryId))]
    public void ATitleIsAClauseWithoutCapitalOrFullStop(string id)
    {
        string title = RaceCatalog.Find(id).Title;

        Assert.InRange(title.Length, 10, 110);
        Assert.False(char.IsUpper(title[0]) && char.IsLower(title[1]), title);
        Assert.False(title.EndsWith('.'), title);
    }

    [Fact]
    public void NoTwoRacesHaveOneIdOrOneTitle()
    {
        Assert.Equal(RaceCatalog.All.Count, RaceCatalog.All.Select(race => race.Id.ToUpperInvariant()).Distinct().Count());
        Assert.Equal(RaceCatalog.All.Count, RaceCatalog.All.Select(race => race.Title).Distinct().Count());
    }

    [Fact]
    public void RacesStandInTheOrderOfTheirNumbers()
    {
        string[] ids = [.. RaceCatalog.All.Select(race => race.Id)];

        Assert.Equal(["R1", "R2", "R2b", "R3"], ids[..4]);
        Assert.True(Array.IndexOf(ids, "R9") < Array.IndexOf(ids, "R10"), "by number, not by letter");
        Assert.Equal(["R15", "R15+", "R16"], ids[Array.IndexOf(ids, "R15")..][..3]);
        Assert.True(Array.IndexOf(ids, "R38") < Array.IndexOf(ids, "T1") && Array.IndexOf(ids, "T5") < Array.IndexOf(ids, "V1")
            && Array.IndexOf(ids, "V5") < Array.IndexOf(ids, "W1") && Array.IndexOf(ids, "W6") < Array.IndexOf(ids, "X1"));
    }

    [Fact]
    public void WhatIsListedIsWhatIsRun()
    {
        Assert.Equal(RaceCatalog.Races.Select(race => (race.Id, race.Title, race.Design)),
            RaceCatalog.All.Select(entry => (entry.Id, entry.Title, entry.Design)));
        Assert.Equal(RaceCatalog.Races.Select(race => race.Safeguard),
            RaceCatalog.All.Select(entry => entry.Safeguard.Length == 0 ? Safeguards.None : RaceCatalog.Parse(entry.Safeguard)));
    }

    [Fact]
    public void NoListIsForgotten()
    {
        int races = CopyRaces.All.Count() + ReserveRaces.All.Count() + CacheRaces.All.Count() + PinRaces.All.Count() + LockRaces.All.Count()
            + AllocationRaces.All.Count() + CapacityRaces.All.Count() + CollapseRaces.All.Count() + ActivationRaces.All.Count()
            + TagCheckRaces.All.Count() + MailedRaces.All.Count() + PackingRaces.All.Count();

        Assert.Equal(races, RaceCatalog.All.Count);
    }

    [Fact]
    public void EverySafeguardIsWhatSomeRaceIsAbout() =>
        Assert.Equal(Safeguards.All, RaceCatalog.Races.Aggregate(Safeguards.None, (all, race) => all | race.Safeguard));

    [Fact]
    public void ARaceIsAboutOneSafeguard() =>
        Assert.All(RaceCatalog.Races, race => Assert.True(race.Safeguard == Safeguards.None || Single.Contains(race.Safeguard), race.Id));

    [Fact]
    public void SafeguardsAreNamedAsCommandsWriteThem()
    {
        Assert.Equal("fault-on-access", RaceCatalog.NameOf(Safeguards.FaultOnAccess));
        Assert.Equal("save-tags-by-pfn", RaceCatalog.NameOf(Safeguards.SaveTagsByPfn));
        Assert.Equal("length-of-range", RaceCatalog.NameOf(Safeguards.LengthOfRange));
    }

    [Fact]
    public void EverySafeguardIsReadBackByItsName()
    {
        Assert.Equal(36, Single.Length);
        Assert.All(Single, safeguard => Assert.Equal(safeguard, RaceCatalog.Parse(RaceCatalog.NameOf(safeguard))));
    }

    [Fact]
    public void NamesTogetherAreAllOfTheirSafeguards()
    {
        Assert.Equal(Safeguards.FaultOnAccess | Safeguards.StripTagged, RaceCatalog.Parse(["fault-on-access", "strip-tagged"]));
        Assert.Equal(Safeguards.FaultOnAccess, RaceCatalog.Parse(["fault-on-access", "fault-on-access"]));
        Assert.Equal(Safeguards.None, RaceCatalog.Parse([]));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("all")]
    [InlineData("FaultOnAccess")]
    [InlineData("fault-on-acces")]
    [InlineData("")]
    public void WhatIsNoSafeguardIsRefusedWithThoseThereAre(string name)
    {
        string message = Assert.Throws<UsageException>(() => RaceCatalog.Parse(name)).Message;

        Assert.StartsWith($"--without {name}: there is no such safeguard; choose from fault-on-access, ", message,
            StringComparison.Ordinal);
        Assert.Equal(Single.Length, message[message.IndexOf("from ", StringComparison.Ordinal)..].Split(", ").Length);
    }

    [Fact]
    public void OneBadNameAmongGoodOnesIsRefused() =>
        Assert.Throws<UsageException>(() => RaceCatalog.Parse(["fault-on-access", "luck"]));

    [Theory]
    [MemberData(nameof(EveryUnexplored))]
    public void ARaceThatIsNoScenarioSaysWhy(string id, string reason)
    {
        string message = Assert.Throws<UsageException>(() => RaceCatalog.Find(id.ToLowerInvariant())).Message;

        Assert.Equal($"{id} is no scenario: {reason}", message);
    }

    [Fact]
    public void AnUnknownRaceIsRefusedWithThoseThereAre()
    {
        string message = Assert.Throws<UsageException>(() => RaceCatalog.Find("R99")).Message;

        Assert.StartsWith("there is no race R99; choose from R1, R2, R2b, ", message, StringComparison.Ordinal);
        Assert.EndsWith(", or all", message, StringComparison.Ordinal);
        Assert.All(RaceCatalog.All, race => Assert.Contains($" {race.Id},", message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("R1", Safeguards.SaveTagsByPfn)]
    [InlineData("t3", Safeguards.ReadFaultsOnEntry)]
    [InlineData("R33", Safeguards.None)]
    [InlineData("beyond-7", Safeguards.None)]
    public void AScenarioKnowsItsSafeguard(string id, Safeguards safeguard) => Assert.Equal(safeguard, RaceCatalog.SafeguardOf(id));

    [Theory]
    [InlineData("beyond-0", true)]
    [InlineData("beyond-18446744073709551615", true)]
    [InlineData("beyond-18446744073709551616", false)]
    [InlineData("beyond-", false)]
    [InlineData("beyond--1", false)]
    [InlineData("beyond- 1", false)]
    [InlineData("beyond-1x", false)]
    [InlineData("Beyond-1", false)]
    [InlineData("R1", false)]
    public void ARandomProgramIsNamedByItsSeed(string name, bool isProgram) => Assert.Equal(
        isProgram, RandomProgram.Named(name) is not null);
}
