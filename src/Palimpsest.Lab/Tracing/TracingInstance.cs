using System.Globalization;
using System.Runtime.InteropServices;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tracing;

/// <summary>
/// A ring buffer of its own in tracefs (Documentation/trace/ftrace.rst, Instances): what others trace goes on undisturbed.
/// Gone when disposed, with the probe that it added.
/// </summary>
internal sealed class TracingInstance : IDisposable
{
    private const string ProbeName = "k_mte_sync_tags";

    // PID_MAX_DEFAULT: the kernel takes no more.
    private const string MostCommands = "32768";

    private readonly string _root;
    private readonly string _own;
    private readonly FileStream[] _pages;
    private string? _commandsBefore;
    private bool _hasProbe;

    private TracingInstance(string root, string name)
    {
        _root = root;
        _own = Path.Combine(root, "instances", name);
        Directory.CreateDirectory(_own);
        Cpus = Directory.GetDirectories(Path.Combine(_own, "per_cpu")).Length;
        _pages = [.. Enumerable.Range(0, Cpus)
            .Select(cpu => new FileStream(Path.Combine(_own, "per_cpu", $"cpu{cpu}", "trace_pipe_raw"), FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite, bufferSize: 0))];
    }

    public int Cpus { get; }

    /// <param name="root">Where tracefs is mounted.</param>
    /// <exception cref="InputException">There is no tracefs, or it may not be used.</exception>
    public static TracingInstance Create(string root, string name)
    {
        if (!Directory.Exists(Path.Combine(root, "instances")))
        {
            throw new InputException($"{root}: no tracefs; mount it with: mount -t tracefs nodev {root} (Linux alone has it)");
        }

        try
        {
            return new TracingInstance(root, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{root}: {exception.Message}", exception);
        }
    }

    /// <summary>The names of more tasks than the last 128 are kept meanwhile.</summary>
    public void KeepNames()
    {
        string file = Path.Combine(_root, "saved_cmdlines_size");
        if (File.Exists(file))
        {
            _commandsBefore = File.ReadAllText(file).Trim();
            File.WriteAllText(file, MostCommands);
        }
    }

    /// <summary>Ring buffer of each CPU, in KiB.</summary>
    public void SetBuffer(int kibibytes) => Write("buffer_size_kb", kibibytes.ToString(CultureInfo.InvariantCulture));

    /// <summary>mono goes on with the same time on all CPUs.</summary>
    public void SetClock(string clock) => Write("trace_clock", clock);

    /// <summary>Switches events on; those that this kernel does not have.</summary>
    public IReadOnlyList<string> Enable(IEnumerable<string> events)
    {
        List<string> missing = [];
        foreach (string item in events)
        {
            string file = Path.Combine(_own, "events", item.Replace(':', '/'), "enable");
            if (File.Exists(file))
            {
                File.WriteAllText(file, "1");
            }
            else
            {
                missing.Add(item);
            }
        }

        return missing;
    }

    /// <summary>Adds the probe on mte_sync_tags; false where the machine is not arm64 or its kernel does not let it.</summary>
    public bool TryAddProbe()
    {
        string probes = Path.Combine(_root, "kprobe_events");
        if (RuntimeInformation.OSArchitecture != Architecture.Arm64 || !File.Exists(probes))
        {
            return false;
        }

        try
        {
            File.AppendAllText(probes, RecordedEvents.Probe + "\n");
            _hasProbe = true;
            return Enable([$"kprobes:{ProbeName}"]).Count == 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Switch(bool isOn) => Write("tracing_on", isOn ? "1" : "0");

    /// <summary>A sub-buffer of a CPU with at least one event; false when it has none now.</summary>
    public bool TryRead(CpuId cpu, Span<byte> page) => Stat(cpu, "entries") > 0 && _pages[cpu.Index].Read(page) == page.Length;

    /// <summary>Events of a CPU that were overwritten or never got in.</summary>
    public long Lost(CpuId cpu) => Stat(cpu, "overrun") + Stat(cpu, "dropped events");

    /// <summary>A file of tracefs, for the head of a trace.dat; empty where the kernel has none.</summary>
    public byte[] Bytes(params string[] path)
    {
        string file = Path.Combine([_root, .. path]);
        return File.Exists(file) ? File.ReadAllBytes(file) : [];
    }

    /// <summary>The clocks, the chosen one in brackets.</summary>
    public byte[] Clocks() => File.ReadAllBytes(Path.Combine(_own, "trace_clock"));

    public void Dispose()
    {
        Switch(isOn: false);
        foreach (FileStream pages in _pages)
        {
            pages.Dispose();
        }

        if (_hasProbe)
        {
            Write($"events/kprobes/{ProbeName}/enable", "0");
        }

        if (_commandsBefore is not null)
        {
            File.WriteAllText(Path.Combine(_root, "saved_cmdlines_size"), _commandsBefore);
        }

        try
        {
            Directory.Delete(_own);
            if (_hasProbe)
            {
                File.AppendAllText(Path.Combine(_root, "kprobe_events"), $"-:{ProbeName}\n");
            }
        }
        catch (IOException)
        {
            // Somebody looks into it: it stays, switched off.
        }
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_own, file), text);

    // "entries: 12"
    private long Stat(CpuId cpu, string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(_own, "per_cpu", $"cpu{cpu}", "stats")))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.AsSpan(name.Length).StartsWith(": ", StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(name.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }
        }

        return 0;
    }
}
