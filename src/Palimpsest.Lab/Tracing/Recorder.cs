using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Palimpsest.Lab.Census;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tracing;

/// <summary>How a recording is made.</summary>
/// <param name="Folder">New or empty.</param>
/// <param name="Longest">It ends after this time at the latest.</param>
/// <param name="MostBytes">It ends when its events have this size.</param>
/// <param name="BufferKibibytes">Ring buffer of each CPU.</param>
public sealed record RecordingOptions(string Folder, TimeSpan Longest, long MostBytes, int BufferKibibytes)
{
    /// <summary>Where tracefs is mounted.</summary>
    public string Tracefs { get; init; } = "/sys/kernel/tracing";

    /// <summary>Where procfs is mounted.</summary>
    public string Procfs { get; init; } = "/proc";

    /// <summary>The device tree that the kernel booted with.</summary>
    public string DeviceTree { get; init; } = "/sys/firmware/fdt";

    /// <summary>Command that prints the kernel log; empty for none.</summary>
    public string LogCommand { get; init; } = "dmesg";
}

/// <summary>What was recorded.</summary>
/// <param name="Bytes">Of events.</param>
/// <param name="Lost">Events lost, by CPU.</param>
/// <param name="Missing">Events that this kernel does not have.</param>
/// <param name="HasProbe">Pages mapped tagged are in it.</param>
/// <param name="HasBoard">The device tree is in the folder.</param>
/// <param name="IsFull">It ended because it had its size.</param>
public sealed record RecordingSummary(
    TimeSpan Time, long Bytes, IReadOnlyList<long> Lost, IReadOnlyList<string> Missing, bool HasProbe, bool HasBoard, bool IsFull)
{
    /// <summary>How anonymous memory lay before and after; null where the kernel does not show it.</summary>
    public CensusResult? StartCensus { get; init; }

    /// <summary>Scatter of all anonymous memory at the end; null where kpageflags could not be read.</summary>
    public CensusResult? EndCensus { get; init; }
}

/// <summary>Records the running kernel through tracefs: trace.dat, and what /proc said before and after.</summary>
public static class Recorder
{
    /// <summary>Name of the recording in its folder.</summary>
    public const string TraceName = "trace.dat";

    /// <summary>Name of the folder with files of /proc from the start.</summary>
    public const string StartName = "start";

    /// <summary>Name of the folder with the same from the end.</summary>
    public const string EndName = "end";

    /// <summary>Name of the device tree, where the machine has one.</summary>
    public const string BoardName = "board.dtb";

    /// <summary>Name of the kernel log within those folders.</summary>
    public const string LogName = "dmesg";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="InputException">The folder has files or cannot be made, or tracefs cannot be used.</exception>
    public static RecordingSummary Run(RecordingOptions options, CancellationToken enough)
    {
        if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
        {
            throw new InputException($"{options.Folder}: has files already; give a new folder");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(options.Folder)) is { } parent && !Directory.Exists(parent))
        {
            throw new InputException($"{options.Folder}: the folder {parent} does not exist; make it first");
        }

        using TracingInstance tracing = TracingInstance.Create(options.Tracefs, $"palimpsest-{Environment.ProcessId}");
        // A new instance is on: what is copied of /proc before the start would be recorded too, seconds of it.
        tracing.Switch(isOn: false);
        tracing.SetBuffer(options.BufferKibibytes);
        tracing.SetClock("mono");
        tracing.KeepNames();
        IReadOnlyList<string> missing = tracing.Enable([.. RecordedEvents.Allocator, .. RecordedEvents.Moves]);
        bool hasProbe = tracing.TryAddProbe();
        SnapshotCopy.Take(options.Procfs, Path.Combine(options.Folder, StartName));
        FileStream[] cpus = [.. Enumerable.Range(0, tracing.Cpus).Select(cpu => Scratch(options.Folder, new CpuId(cpu)))];
        try
        {
            int pageBytes = PageBytes(tracing);
            long start = Stopwatch.GetTimestamp();
            tracing.Switch(isOn: true);
            Follow(tracing, cpus, pageBytes, options, start, enough);
            tracing.Switch(isOn: false);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            Drain(tracing, cpus, new byte[pageBytes]);
            SnapshotCopy.Take(options.Procfs, Path.Combine(options.Folder, EndName));
            SnapshotCopy.TakeLog(options.LogCommand, Path.Combine(options.Folder, LogName));
            using FileStream file = File.Create(Path.Combine(options.Folder, TraceName));
            Head(tracing, pageBytes).Write(file, cpus);
            long bytes = cpus.Sum(pages => pages.Length);
            long[] lost = [.. Enumerable.Range(0, tracing.Cpus).Select(cpu => tracing.Lost(new CpuId(cpu)))];
            return new RecordingSummary(time, bytes, lost, missing, hasProbe, CopyBoard(options), bytes >= options.MostBytes)
            {
                StartCensus = CensusOf(options, StartName),
                EndCensus = CensusOf(options, EndName),
            };
        }
        finally
        {
            foreach (FileStream pages in cpus)
            {
                pages.Dispose();
            }
        }
    }

    // Of the copy, once the trace is written: counting is not what shall be recorded.
    private static CensusResult? CensusOf(RecordingOptions options, string snapshot)
    {
        try
        {
            return new CensusTrial { Path = Path.Combine(options.Folder, snapshot), PageBytes = PageBytesOf(options) }.Run();
        }
        catch (InputException)
        {
            return null;
        }
    }

    // A kernel that is running tells it better than its files.
    private static int? PageBytesOf(RecordingOptions options) =>
        options.Procfs == CensusTrial.OwnMachine ? Environment.SystemPageSize : null;

    private static FileStream Scratch(string folder, CpuId cpu) => new(
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"cpu{cpu}.raw")),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 20,
            Options = FileOptions.DeleteOnClose });

    private static void Follow(TracingInstance tracing, FileStream[] cpus, int pageBytes, RecordingOptions options, long start,
        CancellationToken enough)
    {
        byte[] page = new byte[pageBytes];
        while (!enough.IsCancellationRequested && Stopwatch.GetElapsedTime(start) < options.Longest
            && cpus.Sum(pages => pages.Length) < options.MostBytes)
        {
            Drain(tracing, cpus, page);
            enough.WaitHandle.WaitOne(Pause);
        }
    }

    /// <summary>Takes what there was when it came, no more: events of its own writing must not keep it here.</summary>
    private static void Drain(TracingInstance tracing, FileStream[] cpus, byte[] page)
    {
        const int MostPages = 1 << 14;
        for (CpuId cpu = CpuId.Boot; cpu.Index < cpus.Length; cpu++)
        {
            for (int count = 0; count < MostPages && tracing.TryRead(cpu, page); count++)
            {
                cpus[cpu.Index].Write(page);
            }
        }
    }

    /// <summary>Size of a sub-buffer: where its data begin and how much they are.</summary>
    private static int PageBytes(TracingInstance tracing)
    {
        string header = System.Text.Encoding.ASCII.GetString(tracing.Bytes("events", "header_page"));
        Match data = Regex.Match(header, @"field: char data;\s*offset:(\d+);\s*size:(\d+);");
        return data.Success ? int.Parse(data.Groups[1].Value, CultureInfo.InvariantCulture)
            + int.Parse(data.Groups[2].Value, CultureInfo.InvariantCulture) : Environment.SystemPageSize;
    }

    private static TraceDatHead Head(TracingInstance tracing, int pageBytes)
    {
        KeyValuePair<string, IReadOnlyList<byte[]>>[] formats =
        [
            .. RecordedEvents.Allocator.Concat(RecordedEvents.Moves).Append("kprobes:k_mte_sync_tags")
                .Select(item => item.Split(':'))
                .GroupBy(name => name[0], name => tracing.Bytes("events", name[0], name[1], "format"))
                .Select(system => KeyValuePair.Create(system.Key, (IReadOnlyList<byte[]>)[.. system.Where(format => format.Length > 0)]))
                .Where(system => system.Value.Count > 0),
        ];
        string release = File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : "unknown";
        return new TraceDatHead(
            tracing.Bytes("events", "header_page"), tracing.Bytes("events", "header_event"), formats, tracing.Bytes("saved_cmdlines"),
                tracing.Clocks(), $"Linux localhost {release}", pageBytes);
    }

    private static bool CopyBoard(RecordingOptions options)
    {
        if (!File.Exists(options.DeviceTree))
        {
            return false;
        }

        File.WriteAllBytes(Path.Combine(options.Folder, BoardName), File.ReadAllBytes(options.DeviceTree));
        return true;
    }
}
