using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Collects what a reader finds, whatever the format.</summary>
internal sealed class TraceBuilder
{
    public const int MostCpus = 4096;

    private readonly List<string> _notes = [];
    private readonly FilterVerdicts? _filter;
    private readonly string? _otherRelease;
    private int _highestCpu;
    private readonly bool _hasSink;
    private readonly List<TaggedMapping> _taggedMappings = [];
    private bool _hasMigration;

    public TraceBuilder(TraceReadOptions? options)
    {
        _hasSink = options?.Sink is not null;
        KernelRelease = options?.KernelRelease;
        _otherRelease = options?.OtherRelease;
        GfpSets = new GfpSetTable(GfpBits.Of(KernelRelease ?? _otherRelease, []));
        Events = new TraceEventList(options?.Sink is { } sink ? events => sink(events, GfpSets.Sets) : null);
        if (options?.Filter is { } filter)
        {
            _filter = new FilterVerdicts(filter, Tally, Tasks);
            Note(filter.Sentence());
        }
    }

    public TraceEventList Events { get; }

    public GfpSetTable GfpSets { get; }

    /// <summary>As uname -r prints it; null while unknown.</summary>
    public string? KernelRelease { get; set; }

    /// <summary>Page size of the recorded kernel; null while unknown.</summary>
    public int? PageBytes { get; set; }

    /// <summary>Does the filter look at tasks, or the event: then every event needs its task.</summary>
    public bool HasFilter => _filter is not null;

    public long FirstTimeNs { get; private set; }

    public long LastTimeNs { get; private set; }

    public TaskTable Tasks { get; } = new();

    public EventTally Tally { get; } = new();

    public TraceClock Clock { get; set; } = TraceClock.Time;

    public long LostEvents { get; set; }

    public string? CutOff { get; private set; }

    /// <summary>What of the file was not understood, for a refusal; null where all of it was.</summary>
    public string? NotUnderstood { get; set; }

    /// <summary>Counts an event under its name's number in <see cref="Tally"/>, and keeps it if it says something about pages.</summary>
    public void Record(int slot, bool isKept, in TraceEvent item)
    {
        if (_filter is not null && !_filter.Lets(slot, item))
        {
            return;
        }

        if (Tally.Total == 0)
        {
            FirstTimeNs = item.TimeNs;
        }

        LastTimeNs = item.TimeNs;
        Tally.Count(slot);
        if (isKept && item.Kind == TraceEventKind.TaggedMapping && !_hasSink)
        {
            _taggedMappings.Add(new TaggedMapping(Events.Count, item.Pfn, item.Value, item.TimeNs, item.Cpu));
        }
        else if (isKept)
        {
            _highestCpu = Math.Max(_highestCpu, item.Cpu);
            Events.Add(item);
            _hasMigration |= item.Kind is TraceEventKind.MigrationSource or TraceEventKind.MigrationTarget;
        }
    }

    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Notes that the recording ends too early; the first such sentence is the one that counts.</summary>
    public void NoteCutOff(string sentence)
    {
        CutOff ??= sentence;
        Note(sentence);
    }

    /// <summary>Notes what the events themselves leave to assume.</summary>
    public void NoteEvents()
    {
        if (_taggedMappings.Count > 0)
        {
            Note("Arguments of mte_sync_tags were decoded as page table entries of arm64 with 4 KiB pages.");
        }

        if (_hasMigration)
        {
            Note("Entries of set_migration_pte and remove_migration_pte were decoded as those of arm64 with 4 KiB pages.");
        }

        bool hasAllocations = Tally.CountOf(Tally.SlotOf("mm_page_alloc"u8)) > 0;
        bool hasFrees = Tally.CountOf(Tally.SlotOf("mm_page_free"u8)) + Tally.CountOf(Tally.SlotOf("mm_page_free_direct"u8)) > 0;
        if (hasAllocations != hasFrees)
        {
            Note($"The file has no {(hasFrees ? "mm_page_alloc" : "mm_page_free")} event.");
        }
    }

    /// <summary>The trace; throws if it says nothing about the page allocator.</summary>
    public Trace Build(string name, string format)
    {
        KeyValuePair<string, long>[] eventsByType = Tally.ByName();
        RefuseWithoutPages(name, eventsByType);
        Events.Flush();
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
            TaggedMappings = _taggedMappings,
            Cpus = _highestCpu + 1,
            KernelRelease = KernelRelease ?? _otherRelease,
            PageBytes = PageBytes,
            FirstTimeNs = FirstTimeNs,
            LastTimeNs = LastTimeNs,
            Notes = [.. _notes, .. GfpSets.Notes()],
        };
    }

    private void RefuseWithoutPages(string name, KeyValuePair<string, long>[] eventsByType)
    {
        if (_filter is not null || eventsByType.Any(type => type.Key is "mm_page_alloc" or "mm_page_free" or "mm_page_free_direct"))
        {
            return;
        }

        const string Record = "record kmem:mm_page_alloc and kmem:mm_page_free (echo 1 > /sys/kernel/tracing/events/kmem/enable)";
        string has = eventsByType.Length > 0
            ? "it only has " + string.Join(", ", eventsByType.OrderByDescending(type => type.Value).Take(8)
                .Select(type => $"{type.Key} ({type.Value})"))
            : NotUnderstood is null ? "it has no events at all" : "and no other event either";
        string rest = NotUnderstood is { } lines ? $"; {lines}" : "";
        throw new InputException($"{name}: no mm_page_alloc or mm_page_free event, {has}{rest}; {Record}");
    }
}
