using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Tracing;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Tracing;

/// <summary>A recording of a folder that looks like tracefs is a trace.dat with its events, and a snapshot before and after.</summary>
public sealed class RecorderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Tracefs => Path.Combine(_folder.FullName, "tracing");

    private string Own => Path.Combine(Tracefs, "instances", $"palimpsest-{Environment.ProcessId}");

    private string Procfs => Path.Combine(_folder.FullName, "proc");

    private string Out => Path.Combine(_folder.FullName, "out");

    [Fact]
    public void WhatTheRingBuffersHoldIsReadFromTheFile()
    {
        PretendKernel(Events(0x100, 3), Events(0x200, 300));
        RecordingSummary summary = Run();
        Trace trace = TraceFile.Read(Path.Combine(Out, Recorder.TraceName));

        Assert.Equal(303, trace.Events.Count);
        Assert.Equal(2, trace.Cpus);
        Assert.Contains(new TraceTask(12, "some thread"), trace.Tasks);
        Assert.Equal(TraceClock.Time, trace.Clock);
        Assert.NotNull(trace.KernelRelease);
        Assert.Equal([7L, 0L], summary.Lost);
        Assert.DoesNotContain("kmem:mm_page_free", summary.Missing);
        Assert.Contains("cma:cma_release", summary.Missing);
        Assert.Equal([Recorder.EndName, Recorder.StartName, Recorder.TraceName], Directory.GetFileSystemEntries(Out)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheKernelIsLeftAsItWas()
    {
        PretendKernel(Events(0x100, 3));
        Run();

        Assert.Equal("1", File.ReadAllText(Path.Combine(Own, "events", "kmem", "mm_page_free", "enable")));
        Assert.Equal("0", File.ReadAllText(Path.Combine(Own, "tracing_on")));
        Assert.Equal("mono", File.ReadAllText(Path.Combine(Own, "trace_clock")));
        Assert.Equal("64", File.ReadAllText(Path.Combine(Own, "buffer_size_kb")));
        Assert.Equal("128", File.ReadAllText(Path.Combine(Tracefs, "saved_cmdlines_size")));
    }

    [Fact]
    public void ItsSnapshotsAreThoseThatOtherVerbsTake()
    {
        PretendKernel(Events(0x100, 3));
        Run();
        SnapshotFolder start = SnapshotFolder.Read(Path.Combine(Out, Recorder.StartName));

        Assert.Equal(1000, start.PagesAllocated);
        Assert.Equal([0x4000_0000UL], start.Ram(PageGeometry.Page4K).Select(range => range.Start.Value));
        Assert.NotNull(start.PageFlags(Recording.Layout));
        Assert.Equal([Recorder.EndName], start.Siblings().Select(folder => folder.Name));
    }

    [Fact]
    public void BothEndsAreCountedWhereTheKernelShowsItsPages()
    {
        PretendKernel(Events(0x100, 3));
        byte[] flags = new byte[8 * 16384];
        flags.AsSpan().Fill(4);
        File.WriteAllBytes(Path.Combine(Procfs, "kpageflags"), flags);
        Assert.Null(Run().StartCensus);

        Directory.Delete(Out, recursive: true);
        File.WriteAllBytes(Path.Combine(Procfs, "kpageflags"),
            [.. Enumerable.Range(0, 16384).SelectMany(frame => BitConverter.GetBytes(frame % 64 == 0 ? 1UL << 12 : 1UL << 10))]);
        RecordingSummary summary = Run();

        Assert.Equal((256, 256), (summary.StartCensus!.All.Pages, summary.EndCensus!.All.TagPages));
    }

    [Theory]
    [InlineData("uname", true)]
    [InlineData("false", false)]
    [InlineData("no-such-command", false)]
    public void TheKernelLogLiesBesideTheSnapshotsWhereItCanBeHad(string command, bool isThere)
    {
        PretendKernel(Events(0x100, 3));
        Recorder.Run(Options with { LogCommand = command }, CancellationToken.None);

        Assert.Equal(isThere, File.Exists(Path.Combine(Out, Recorder.LogName)));
        Assert.Equal(isThere ? "out/dmesg" : null, SnapshotFolder.Read(Path.Combine(Out, Recorder.EndName)).Log?.Place);
    }

    [Fact]
    public void ItEndsWhenItHasItsSize()
    {
        PretendKernel(Events(0x100, 2_000));

        Assert.True(Recorder.Run(Options with { Longest = TimeSpan.FromHours(1), MostBytes = 4096 }, CancellationToken.None).IsFull);
    }

    [Fact]
    public void AFolderWithFilesIsNotWrittenInto()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "mine"), "");

        Assert.Contains("give a new folder", Assert.Throws<InputException>(Run).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public void NoFolderIsMadeButItsOwn()
    {
        PretendKernel(Events(0x100, 3));
        string nowhere = Path.Combine(_folder.FullName, "no", "such");
        InputException refused = Assert.Throws<InputException>(
            () => Recorder.Run(Options with { Folder = nowhere }, CancellationToken.None));

        Assert.EndsWith("no does not exist; make it first", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(nowhere)));
    }

    [Fact]
    public void WithoutTracefsNothingIsWritten()
    {
        Assert.Contains("no tracefs", Assert.Throws<InputException>(Run).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    private RecordingOptions Options =>
        new(Out, TimeSpan.FromMilliseconds(1), 1 << 30, 64) { Tracefs = Tracefs, Procfs = Procfs,
        DeviceTree = Path.Combine(_folder.FullName, "none"), LogCommand = "" };

    private RecordingSummary Run() => Recorder.Run(Options, CancellationToken.None);

    private static RingEvent[] Events(ulong pfn, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(index => new RingEvent(pfn + (ulong)index, Order: 0, Pid: 12, Delta: 100, RingPrefix.None, HasLongHeader: false))];

    private void PretendKernel(params RingEvent[][] cpus)
    {
        Write(Tracefs, "events/header_page", RawTraceDat.Page);
        Write(Tracefs, "events/header_event", "");
        Write(Tracefs, "events/kmem/mm_page_free/format", RawTraceDat.Free);
        Write(Tracefs, "saved_cmdlines", "12 some thread\n");
        Write(Tracefs, "saved_cmdlines_size", "128\n");
        Write(Own, "events/kmem/mm_page_free/enable", "0");
        for (CpuId cpu = CpuId.Boot; cpu.Index < cpus.Length; cpu++)
        {
            Write(Own, $"per_cpu/cpu{cpu}/stats",
                $"entries: 5\noverrun: {(cpu.Index == 0 ? 4 : 0)}\ncommit overrun: 0\ndropped events: {(cpu.Index == 0 ? 3 : 0)}\n");
            File.WriteAllBytes(Path.Combine(Own, "per_cpu", $"cpu{cpu}", "trace_pipe_raw"),
                RawTraceDat.Pages(cpus[cpu.Index], 5_000_000, out _));
        }

        Write(Procfs, "zoneinfo", "Node 0, zone   Normal\n  pages free     100\n        present  16384\n        managed  16384\n  "
            + "pagesets\n    cpu: 0\n              count: 0\n");
        Write(Procfs, "vmstat", "pgalloc_normal 1000\n");
        Write(Procfs, "iomem", "00000000-3fffffff : Device\n40000000-43ffffff : System RAM\n  40080000-400fffff : Kernel code\n");
        File.WriteAllBytes(Path.Combine(Procfs, "kpageflags"), new byte[8 * 16384]);
    }

    private static void Write(string root, string path, string text)
    {
        string file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
