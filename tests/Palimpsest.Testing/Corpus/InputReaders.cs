using System.Text;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Corpus;

/// <summary>Every reader of bytes that come from outside, each under the name of its kept inputs.</summary>
public static class InputReaders
{
    private const string Name = "input";

    /// <summary>The machine that a recording, or a snapshot, is taken to come from.</summary>
    public static MemoryLayout Layout { get; } = MemoryLayout.For(MemoryBoard.Flat(64 << 20, PageGeometry.Page4K), PageGeometry.Page4K);

    // Recordings have one reader, which tells their format by content; a campaign for each keeps its inputs apart.
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } =
        new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["ftrace-text"] = bytes => ReadTrace(bytes),
        ["trace-dat"] = bytes => ReadTrace(bytes),
        ["perf-data"] = bytes => ReadTrace(bytes),
        ["perfetto"] = bytes => ReadTrace(bytes),
        ["wrapped"] = bytes => ReadTrace(bytes),
        ["pieces"] = ReadInPieces,
        ["workload"] = BuildWorkload,
        ["zoneinfo"] = bytes => ZoneInfo.Parse(Lines(bytes), Name),
        ["pagetypeinfo"] = bytes => _ = PageTypeInfo.Parse(Lines(bytes), Name).FreeFrames,
        ["meminfo"] = bytes => MemInfo.TotalBytes(Lines(bytes)),
        ["vmstat"] = bytes => VmStat.Read(Lines(bytes)),
        ["iomem"] = ReadIoMem,
        ["kernel-log"] = bytes => _ = KernelLog.Read(Lines(bytes), Name).CmaPools,
        ["kpageflags"] = ReadPageFlags,
        ["snapshot"] = SnapshotSections.Read,
        ["device-tree"] = ReadBoard,
        ["costs"] = bytes => CostFile.Parse(bytes, Name),
        ["schedule"] = bytes => _ = Schedule.Parse(Schedule.Parse(Encoding.UTF8.GetString(bytes)).ToString()),
    };

    /// <summary>The lines of a file with these bytes.</summary>
    public static IEnumerable<string> Lines(byte[] bytes)
    {
        using StreamReader reader = new(new MemoryStream(bytes));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static Trace ReadTrace(byte[] bytes, TraceReadOptions? options = null)
    {
        Trace trace = TraceFile.Read(new MemoryStream(bytes), Name, options);
        return trace.Notes.Append(trace.CutOff).FirstOrDefault(note => note?.Any(char.IsControl) == true) is { } note
            ? throw new InvalidOperationException($"a note is no line: {note}")
            : trace;
    }

    // A pipe gives few bytes at a time, and the same recording. How far a broken stream is unpacked depends on the pieces; what must be
    // read twice, or from its end, is refused.
    private static void ReadInPieces(byte[] bytes)
    {
        Trace whole = ReadTrace(bytes);
        bool needsFile = bytes.AsSpan().StartsWith("PK"u8) || whole.Notes.Any(note => note.StartsWith("Time goes back",
            StringComparison.Ordinal));
        if (whole.CutOff is not null || needsFile)
        {
            return;
        }

        string[] pieces = SummaryOfPieces(new PipedStream(bytes, 1 + (bytes.Length % 97)));
        if (!Summary(whole).SequenceEqual(pieces))
        {
            throw new InvalidOperationException($"read in pieces it differs: {string.Join(", ", pieces.Except(Summary(whole)))}");
        }
    }

    private static string[] SummaryOfPieces(PipedStream pieces)
    {
        try
        {
            return [.. Summary(TraceFile.Read(pieces, Name))];
        }
        catch (InputException refusal)
        {
            return [refusal.Message];
        }
    }

    private static IEnumerable<string> Summary(Trace trace) =>
    [
        $"{trace.Format} {trace.Clock} {trace.EventCount} events, {trace.LostEvents} lost, {trace.Cpus} CPUs, {trace.KernelRelease} "
            + $"{trace.PageBytes}",
        .. Enumerable.Range(0, (int)trace.Events.Count).Select(index => Text(trace.Events[index])),
        .. trace.Tasks.Select(task => task.ToString()),
        .. trace.EventsByType.Select(type => type.ToString()),
        .. trace.Notes,
    ];

    private static string Text(in TraceEvent item) =>
        $"{item.TimeNs} {item.Cpu} {item.Task} {item.Kind} {item.Pfn} {item.Order} {item.MigrateType} {item.Gfp} {item.Value}";

    private static void BuildWorkload(byte[] bytes)
    {
        TraceFilter filter = new() { FollowsPages = true, Processes = ["*a*", "pid=1"], Cpus = [0, 1], FromNs = 1 };
        WorkloadBuilder.Build(ReadTrace(bytes), Layout, new WorkloadOptions(TagSource.Flag));
        WorkloadBuilder.Build(ReadTrace(bytes, new TraceReadOptions { Filter = filter }), Layout,
            new WorkloadOptions(TagSource.Mapped, PinnedShare: 0.5));
    }

    private static void ReadIoMem(byte[] bytes)
    {
        IoMem.SetAside(Lines(bytes));
        IoMem.Ram(Lines(bytes), PageGeometry.Page4K, Name);
    }

    private static void ReadPageFlags(byte[] bytes)
    {
        PageFlagsSnapshot flags = new(bytes, Layout, Name);
        _ = flags.TaggedFrames(Layout).Count() + Enumerable.Range(0, Layout.Frames).Count(frame => flags.IsFree(Layout, new Frame(frame)));
    }

    private static void ReadBoard(byte[] bytes)
    {
        FlattenedDeviceTree tree = FlattenedDeviceTree.Parse(bytes, Name);
        BoardOptions options = new(PageGeometry.Page4K, RamBytes: 4UL << 30);
        MemoryBoard board = BoardReader.Read(tree, options);
        BoardDescription.Lines(board, options.Geometry);
        MemoryLayout.For(board, options.Geometry);
        BoardReader.Read(tree, new BoardOptions(PageGeometry.For(16384), DefaultCarveOut: false));
    }
}
