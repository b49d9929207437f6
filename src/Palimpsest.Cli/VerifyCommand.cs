using System.CommandLine;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Reports;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>palimpsest verify: how often the model decides as the recorded kernel did.</summary>
internal sealed class VerifyCommand
{
    private readonly Argument<string?> _trace = new("TRACE") { Description = "recording with the kmem events, mm_page_alloc_zone_locked and mm_page_pcpu_drain among them; the bundled boot without one", Arity = ArgumentArity.ZeroOrOne };
    private readonly BoardOptionsGroup _board = new();
    private readonly Option<string?> _snapshot = new("--snapshot") { Description = "folder with copies of /proc/zoneinfo, pagetypeinfo, kpageflags at the end", HelpName = "DIR" };
    private readonly Option<string?> _start = new("--start") { Description = "the same from the start; without it, the last of the folders beside the other that was taken before the first event", HelpName = "DIR" };
    private readonly TraceOptionsGroup _traceOptions = new(from: 1);
    private readonly Option<int?> _explain = new("--explain") { Description = "show the lists before this miss, from 1", HelpName = "N" };
    private readonly Option<bool> _noThp = new("--no-thp") { Description = "the kernel ran with transparent_hugepage=never" };
    private readonly Option<string?> _json = new("--json") { Description = "write palimpsest.verify version 1", HelpName = "FILE" };
    private readonly Option<string?> _html = new("--html") { Description = "write a self-contained report", HelpName = "FILE" };
    private readonly Option<bool> _truncated = new("--allow-truncated") { Description = "use what there is of a file that was cut off" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "print nothing but errors" };

    public static Command Create() => new VerifyCommand().Build();

    private Command Build()
    {
        Command command = new("verify", "How often the model decides as the recorded kernel did.") { _trace };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _snapshot, _start, _explain, _noThp, _json, _html, _truncated, _quiet })
        {
            command.Add(option);
        }

        _traceOptions.AddTo(command);
        OptionalTrace.RefuseOptions(_trace);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool isSample = parsed.GetValue(_trace) is null;
        string tracePath = parsed.GetValue(_trace) ?? Samples.BootTrace;
        // All events are followed, else the lists would not be the kernel's; those that are meant are tallied.
        TraceFilter tallied = _traceOptions.Filter(parsed) ?? new TraceFilter();
        foreach (string path in new[] { parsed.GetValue(_json), parsed.GetValue(_html) }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        string? endPath = parsed.GetValue(_snapshot) ?? (isSample ? Samples.BootSnapshot : null);
        SnapshotFolder? end = endPath is null ? null : SnapshotFolder.Read(endPath);
        SnapshotFolder? start = parsed.GetValue(_start) is { } startPath ? SnapshotFolder.Read(startPath) : null;
        (MemoryBoard board, PageGeometry geometry, string boardName) = _board.Read(parsed, isSample ? Samples.BootBoard : null, end ?? start);
        MemoryLayout layout = MemoryLayout.For(board, geometry);
        using ProgressLine progress = new(isOn: !parsed.GetValue(_quiet));
        Trace trace = TraceFile.Read(tracePath, new TraceReadOptions { Progress = progress.Reading(tracePath), KernelRelease = parsed.GetValue(_traceOptions.Kernel) });
        progress.Dispose();
        OptionalTrace.RequireWhole(trace, tracePath, parsed.GetValue(_truncated));

        MachineOptions machine = new(Math.Max(trace.Cpus, end?.Cpus ?? 1), TransparentHugePages: !parsed.GetValue(_noThp) && !isSample) { Unmanaged = end?.Unmanaged ?? [] };
        RecordedMoments moments = parsed.GetValue(_snapshot) is null || end is null ? new RecordedMoments() : RecordedMoments.Find(trace, end, end.Siblings());
        VerificationOptions options = new(start ?? moments.Start, end, machine, tallied) { Moments = moments.All };
        Verification verification = new(trace, layout, options);
        GuidedRun? guided = verification.CanGuide ? verification.Guide() : null;
        if (parsed.GetValue(_explain) is { } number)
        {
            Explain(verification, guided, trace, number);
            return ExitCode.Holds;
        }

        FreeRun free = verification.RunFree();
        // Without kpageflags the guided run takes every page that no event names as in use: its end says nothing.
        Agreement? guidedEnd = guided is null || end?.PageFlags(layout) is null ? null : Agreement.Of(guided.System, trace, end);
        VerifyReport report = new(isSample ? Samples.BootName : tracePath, isSample ? "samples/boot.dtb" : boardName, trace, tallied, guided, guidedEnd, free);
        Write(parsed, report);
        return free.Violations.Count == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private void Write(ParseResult parsed, VerifyReport report)
    {
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => VerifyJson.Write(stream, report));
        }

        if (parsed.GetValue(_html) is { } html)
        {
            OutputFile.WriteText(html, writer => VerifyHtml.Write(writer, report));
        }

        if (!parsed.GetValue(_quiet))
        {
            VerifyTable.Print(AnsiConsole.Console, report);
        }
    }

    private static void Explain(Verification verification, GuidedRun? guided, Trace trace, int number)
    {
        if (guided is null)
        {
            throw new UsageException("--explain: the recording has no refills (mm_page_alloc_zone_locked), so there is no page-by-page run to explain");
        }

        IReadOnlyList<Miss> misses = guided.Tallies.Misses;
        if (number < 1 || number > misses.Count)
        {
            throw new UsageException($"--explain {number}: the run has {misses.Count:N0} misses; give a number from 1");
        }

        Miss miss = misses[number - 1];
        GuidedRun before = verification.Guide(stopBefore: miss.Event);
        foreach (string line in MissExplanation.Lines(before, miss, number, trace.Events[miss.Event].Cpu))
        {
            Console.WriteLine(line);
        }
    }
}
