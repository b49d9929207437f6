using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>Things that run side by side give their results in the order asked, and one exception of theirs.</summary>
public sealed class SideBySideTests
{
    [Fact]
    public void ResultsAreInTheOrderAskedWhoeverEndsFirst()
    {
        int[] items = [.. Enumerable.Range(0, 60)];
        // The first ones have more to do.
        int[] results = SideBySide.Run(items, (item, _) =>
        {
            long sum = 0;
            for (int step = 0; step < (60 - item) * 2000; step++)
            {
                sum += step ^ item;
            }

            return sum >= 0 ? item * item : -1;
        }, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(items.Select(item => item * item), results);
    }

    [Fact]
    public void ProgressIsToldWithThePlaceInTheList()
    {
        System.Collections.Concurrent.ConcurrentBag<(int Index, double Share)> told = [];
        SideBySide.Run<string, int>(["a", "b", "c"], (item, tell) =>
        {
            tell(0.25);
            tell(1);
            return item[0];
        }, (index, share) => told.Add((index, share)), TestContext.Current.CancellationToken);

        Assert.Equal(
            [(0, 0.25), (0, 1), (1, 0.25), (1, 1), (2, 0.25), (2, 1)], told.Order().Select(entry => (entry.Index, entry.Share)));
    }

    [Fact]
    public void WhatAnInputIsRefusedForIsTheExceptionItself()
    {
        InputException exception = Assert.Throws<InputException>(() => SideBySide.Run<int, int>(
            [1, 2, 3, 4], (item, _) => item == 3 ? throw new InputException("three") : item, null, TestContext.Current.CancellationToken));

        Assert.Equal("three", exception.Message);
    }

    [Fact]
    public void AnyOtherExceptionIsNotWrappedEither() => Assert.Equal(
        "ours", Assert.Throws<InvalidOperationException>(() => SideBySide.Run<int, int>(
            [1], (_, _) => throw new InvalidOperationException("ours"), null, TestContext.Current.CancellationToken)).Message);

    [Fact]
    public void WhatIsCancelledDoesNotBegin()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => SideBySide.Run<int, int>([1, 2], (item, _) => item, null, source.Token));
    }

    [Fact]
    public void OfNothingThereIsNothing() =>
        Assert.Empty(SideBySide.Run<int, int>([], (item, _) => item, null, TestContext.Current.CancellationToken));
}
