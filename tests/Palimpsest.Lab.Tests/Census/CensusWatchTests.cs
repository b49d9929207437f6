using System.Text.Json;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;
using static Palimpsest.Lab.Tests.Census.CensusFolder;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>A machine that is counted again and again.</summary>
public sealed class CensusWatchTests
{
    [Fact]
    public void EachCensusIsToldAndTheLastIsKeptWhole()
    {
        using CensusFolder folder = Of(Frames(64, (0, Anonymous)));
        using CancellationTokenSource enough = new();
        List<CensusMoment> told = [];
        CensusCourse course = new CensusWatch(new CensusTrial { Path = folder.Path }, 0.001).Run(moment =>
        {
            told.Add(moment);
            File.WriteAllBytes(folder["kpageflags"], Bytes(Frames(64, (0, Anonymous), (40, Anonymous))));
            if (told.Count == 3)
            {
                enough.Cancel();
            }
        }, enough.Token);

        Assert.Equal([1L, 2L, 2L], course.Moments.Select(moment => moment.All.TagPages));
        Assert.Equal(course.Moments, told);
        Assert.Equal(2, course.Last.All.TagPages);
    }

    [Fact]
    public void TheFirstIsDoneWhateverTheTime()
    {
        using CensusFolder folder = Of(Frames(64));
        CensusWatch watch = new(new CensusTrial { Path = folder.Path }, 3600) { ForSeconds = 1e-9 };

        Assert.Single(JsonSerializer.Deserialize(JsonSerializer.Serialize(watch, TrialJson.Default.CensusWatch),
            TrialJson.Default.CensusWatch)!.Run(cancellation: TestContext.Current.CancellationToken).Moments);
    }

    [Fact]
    public void BetweenTwoLiesTheTimeThatWasAskedFor()
    {
        using CensusFolder folder = Of(Frames(64));
        CensusWatch watch = new(new CensusTrial { Path = folder.Path }, 0.3) { ForSeconds = 0.7 };
        double[] times = [.. watch.Run(cancellation: TestContext.Current.CancellationToken).Moments.Select(moment => moment.Seconds)];

        Assert.InRange(times.Length, 1, 3);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.25, double.MaxValue));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(2e6, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 2e6)]
    public void TimesThatCannotBeAreRefused(double every, double longest)
    {
        CensusWatch watch = new(new CensusTrial(), every) { ForSeconds = longest };

        Assert.Throws<UsageException>(() => watch.Run(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void WhoCancelsBeforeTheFirstGetsNone()
    {
        using CensusFolder folder = Of(Frames(64));

        Assert.Throws<OperationCanceledException>(() =>
            new CensusWatch(new CensusTrial { Path = folder.Path }, 1).Run(cancellation: new CancellationToken(canceled: true)));
    }
}
