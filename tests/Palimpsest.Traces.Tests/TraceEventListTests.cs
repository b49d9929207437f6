using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Events come back in the order in which they were added, however many chunks they fill, and a sink gets each once.</summary>
public sealed class TraceEventListTests
{
    private const int Chunk = 1 << 15;

    public static TheoryData<int> Counts => [0, 1, 2, Chunk - 1, Chunk, Chunk + 1, (2 * Chunk) - 1, 2 * Chunk, (2 * Chunk) + 7];

    private static TraceEventList Filled(int count, Action<ReadOnlySpan<TraceEvent>>? sink = null)
    {
        TraceEventList events = new(sink);
        for (int number = 0; number < count; number++)
        {
            events.Add(new TraceEvent { TimeNs = number, Pfn = new Pfn((ulong)number + 7), Kind = TraceEventKind.Free });
        }

        return events;
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void AWalkMeetsEveryEventOnceInOrder(int count)
    {
        long next = 0;
        foreach (ref readonly TraceEvent at in Filled(count))
        {
            Assert.Equal((next, (ulong)next + 7), (at.TimeNs, at.Pfn.Value));
            next++;
        }

        Assert.Equal(count, next);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void EventsAreFoundByTheirNumber(int count)
    {
        TraceEventList events = Filled(count);

        Assert.Equal(count, events.Count);
        Assert.All(new[] { 0, Chunk - 1, Chunk, count - 1 }.Where(number => number >= 0 && number < count),
            number => Assert.Equal(number, events[number].TimeNs));
    }

    [Fact]
    public void AWalkGoesOverTheEventsThemselvesNotCopies()
    {
        TraceEventList events = Filled(3);
        int alike = 0;
        int number = 0;
        foreach (ref readonly TraceEvent at in events)
        {
            alike += System.Runtime.CompilerServices.Unsafe.AreSame(in at, in events[number++]) ? 1 : 0;
        }

        Assert.Equal(3, alike);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void ASinkGetsEveryEventOnceAndNothingIsKept(int count)
    {
        List<long> taken = [];
        TraceEventList events = Filled(count, span =>
        {
            foreach (TraceEvent at in span)
            {
                taken.Add(at.TimeNs);
            }
        });
        events.Flush();

        Assert.Equal(0, events.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(number => (long)number), taken);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0xffff_ffffUL)]
    [InlineData(0x1_0000_0000UL)]
    [InlineData(0xff_ffff_ffffUL)]
    public void APageNumberOfFortyBitsIsKeptWhole(ulong pfn) => Assert.Equal(pfn, new TraceEvent { Pfn = new Pfn(pfn) }.Pfn.Value);
}
