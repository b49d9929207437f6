using Palimpsest.Kernel;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Trials;

/// <summary>A race of one's own is a trial like any other.</summary>
public sealed class OwnRaceTests
{
    private static readonly CancellationToken Enough = TestContext.Current.CancellationToken;

    private sealed record State(LinuxMachine Machine, Process Server, ulong Heap) : IRaceState;

    private static OwnRace Race(string id, Safeguards safeguard, string? broken = null) => OwnRace.Of(
        id, "two stores meet", "cma-no-tagged", safeguard,
        setting =>
        {
            LinuxMachine machine = setting.Machine();
            Process server = machine.Start("server");
            return new State(machine, server, server.Map(4096, Protection.Read | Protection.Write));
        },
        race => race
            .Actor("one", 0, async at => await at.Server.Main.Store(at.Heap, 1))
            .Actor("other", 1, async at => await at.Server.StartTask(new CpuId(1)).Store(at.Heap, 2))
            .AtEnd("ONE-FIRST", at => broken is not null && at.Server.Load(at.Heap) == 1 ? broken : null));

    [Fact]
    public void ItsOwnLawIsWhatAReportNames()
    {
        RaceOutcome outcome = new RaceTrial("q1") { OwnRaces = [Race("Q1", Safeguards.None, "the other came first")] }.Run(Enough);

        Assert.Equal(("Q1", "two stores meet", "cma-no-tagged", ""), (outcome.Id, outcome.Title, outcome.Design, outcome.Safeguard));
        Assert.Equal(("ONE-FIRST", "ONE-FIRST: the other came first"), (outcome.Failing!.Law, outcome.Failing.Failure));
        Assert.Equal(RaceVerdict.Broken, outcome.Verdict);
        Assert.Contains(outcome.Failing.Rows, row => row.ToString().Contains("take mmap_lock", StringComparison.Ordinal));
    }

    [Fact]
    public void ASafeguardThatPreventsNothingIsToldAsSuch()
    {
        RaceTrial trial = new("Q2") { OwnRaces = [Race("Q2", Safeguards.ReferencesFirst | Safeguards.FaultOnAccess)] };

        Assert.Equal((RaceVerdict.NotFound, "fault-on-access+references-first"), trial.Run(Enough) is var made
            ? (made.Verdict, string.Join('+', made.Safeguard.Split('+').Order(StringComparer.Ordinal))) : default);
        Assert.Equal(RaceVerdict.NotNeeded, (trial with { Design = "packed" }).Run(Enough).Verdict);
        Assert.True((trial with { Design = "packed" }).NamesAnotherDesign);
        Assert.False(trial.NamesAnotherDesign);
    }

    [Fact]
    public void AScheduleOfItRunsAgain()
    {
        OwnRace[] own = [Race("Q3", Safeguards.None, "the other came first")];
        string schedule = new RaceTrial("Q3") { OwnRaces = own }.Run(Enough).Failing!.Schedule;

        Assert.Equal("ONE-FIRST", new ScheduleTrial("kept", schedule) { OwnRaces = own }.Run().Law);
        Assert.Contains("there is no race Q3", Assert.Throws<InputException>(() => new ScheduleTrial("kept", schedule).Run()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheSearchTellsHowFarItIs()
    {
        List<RaceProgress> told = [];
        RaceOutcome outcome = new RaceTrial("R7") { Limits = new RaceLimits(Schedules: 1000) }.Run(told.Add, Enough);

        Assert.Equal(outcome.Without!.FoundAfter, told.Count(progress => progress.Without == "references-first"));
        Assert.InRange(told.Count(progress => progress.Without.Length == 0), outcome.With.Schedules, long.MaxValue);
        Assert.All(told, progress => Assert.InRange(progress.Schedules, 1, progress.Most));
    }
}
