using CsCheck;

namespace Palimpsest.Traces.Tests;

/// <summary>
/// Records come out in the order of time, those of one time in the order of the file, each once, as soon as that is certain.
/// </summary>
public sealed class TimeOrderLaws
{
    private static List<(ulong Time, int Number)> Ordered(IReadOnlyList<ulong[]> rounds)
    {
        List<(ulong Time, int Number)> released = [];
        TimeOrder<(ulong Time, int Number)> order = new((items, places, count) => released.AddRange(places.Take(count)
            .Select(place => items[place])));
        int number = 0;
        foreach (ulong[] round in rounds)
        {
            foreach (ulong time in round)
            {
                order.Add(time, (time, number++));
            }

            order.EndRound();
        }

        order.End();
        return released;
    }

    [Fact]
    public void OneRoundIsSortedAndStable() => Law.Holds(Gen.ULong[0, 30].Array[0, 200], 300, times =>
        Assert.Equal(times.Select((time, number) => (time, number)).OrderBy(item => item.time), Ordered([times])));

    [Fact]
    public void RoundsThatOverlapByOneComeOutSorted() => Law.Holds(Gen.ULong[0, 99].Array[0, 40].Array[1, 12], 300, drawn =>
    {
        // What a round holds is later than all that came before the end of the round before the last.
        ulong[][] rounds = [.. drawn.Select((round, number) => round.Select(time => time + ((ulong)number * 100)).ToArray())];
        List<(ulong Time, int Number)> released = Ordered(rounds);

        Assert.Equal(rounds.Sum(round => round.Length), released.Count);
        Assert.Equal(released.OrderBy(item => item.Time).ThenBy(item => item.Number), released);
    });

    [Fact]
    public void NothingIsReleasedBeforeTheRoundAfterItsOwn()
    {
        List<int> released = [];
        TimeOrder<int> order = new((items, places, count) => released.AddRange(places.Take(count).Select(place => items[place])));
        order.Add(5, 1);
        order.EndRound();
        Assert.Empty(released);

        order.Add(9, 2);
        order.EndRound();
        Assert.Equal([1], released);

        order.End();
        Assert.Equal([1, 2], released);
    }

    [Fact]
    public void ATimeThatIsKnownToBeCompleteIsTheBound()
    {
        List<int> released = [];
        TimeOrder<int> order = new((items, places, count) => released.AddRange(places.Take(count).Select(place => items[place])));
        order.Add(5, 1);
        order.Add(9, 2);
        order.EndRound();
        order.EndRound(complete: 7);

        Assert.Equal([1], released);
    }
}
