using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Traces;

/// <summary>Collects what a reader finds, whatever the format.</summary>
internal sealed class TraceBuilder
{
    public const int MostCpus = 4096;

    private readonly List<string> _notes = [];
    private int _highestCpu;

    public TraceEventList Events { get; } = new();

    public GfpSetTable GfpSets { get; } = new();

    public TaskTable Tasks { get; } = new();

    public EventTally Tally { get; } = new();

    public TraceClock Clock { get; set; } = TraceClock.Time;

    public long LostEvents { get; set; }

    public string? CutOff { get; set; }

    public void Add(in TraceEvent item)
    {
        Events.Add(item);
        _highestCpu = Math.Max(_highestCpu, item.Cpu);
    }

    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>The trace; throws if it says nothing about the page allocator.</summary>
    public Trace Build(string name, string format)
    {
        KeyValuePair<string, long>[] eventsByType = Tally.ByName();
        RefuseWithoutPages(name, eventsByType);
        return new Trace
        {
            Format = format,
            Events = Events,
            GfpSets = GfpSets.Sets,
            Tasks = Tasks.Tasks,
            Clock = Clock,
            EventsByType = eventsByType,
            EventCount = Tally.Total,
            LostEvents = LostEvents,
            CutOff = CutOff,
            Cpus = _highestCpu + 1,
            Notes = [.. _notes, .. GfpSets.Notes()],
        };
    }

    private static void RefuseWithoutPages(string name, KeyValuePair<string, long>[] eventsByType)
    {
        if (eventsByType.Any(type => type.Key is "mm_page_alloc" or "mm_page_free"))
        {
            return;
        }

        const string Record = "record kmem:mm_page_alloc and kmem:mm_page_free (echo 1 > /sys/kernel/tracing/events/kmem/enable)";
        string has = eventsByType.Length == 0
            ? "it has no lines of ftrace text at all"
            : "it only has " + string.Join(", ", eventsByType.OrderByDescending(type => type.Value).Take(8).Select(type => $"{type.Key} ({type.Value})"));
        throw new InputException($"{name}: no mm_page_alloc or mm_page_free event, {has}; {Record}");
    }
}
