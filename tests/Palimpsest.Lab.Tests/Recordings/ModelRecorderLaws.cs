using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Recordings;

/// <summary>Replaying what the model recorded gives the model: the same frames to the same requests, one by one.</summary>
public sealed class ModelRecorderLaws
{
    private const int Cpus = 2;
    private const int Steps = 300;

    private static readonly MemoryBoard _board = Described(MemoryBoard.Flat(32 << 20, PageGeometry.Page4K));

    private static readonly MemoryLayout _layout = MemoryLayout.For(_board, PageGeometry.Page4K);

    // The thread of cells goes by a clock that no loop has here, and cannot be switched off.
    public static TheoryData<string, string> EveryLoopAndDesign() =>
        [.. LoopCatalog.All.SelectMany(loop => DesignCatalog.All.Where(design => design.Name != "cells")
            .Select(design => (loop.Name, design.Name)))];

    [Theory]
    [MemberData(nameof(EveryLoopAndDesign))]
    public void ARunningSystemThatWasRecordedIsTheReplayOfItsRecording(string loop, string design)
    {
        // The worker goes by a clock that no loop has here.
        design = design == "packed" ? "packed:pack=off,ready=0" : design;
        DemandOfOthers first = new(tagsCost: design != "static");
        byte[] recording = Recorded(loop, design, first);

        Demand second = new();
        Replay(recording, design, second);

        Assert.True(first.Lines.Count > 20, $"{first.Lines.Count} events");
        Assert.True(design is not ("static" or "no-mte") || !first.IsOver);
        Assert.Equal(first.Lines, first.IsOver ? second.Lines.Take(first.Lines.Count) : second.Lines);
    }

    /// <summary>A board whose tree tells of its tag storage: then the recorded kernel may have lent it.</summary>
    private static MemoryBoard Described(MemoryBoard board) =>
        board with { TagStorage = [.. board.TagStorage.Select(span => span with { IsAssumed = false })] };

    private static byte[] Recorded(string loop, string design, IKernelListener demand)
    {
        ModelRecorder recorder = new(_layout, Cpus);
        LinuxMachine machine = new(_board, DesignCatalog.Parse(design).Create(), new LinuxMachineOptions
        {
            Cpus = Cpus,
            SwapPages = 4096,
            Listener = new Pair(recorder, demand),
        });
        ClosedLoop running = LoopCatalog.All.First(entry => entry.Name == loop)
            .Create(machine, new LoopParameters(Pages: 6000, Steps, TaggedFrom: 0.2, TaggedTo: 0.5, Seed: 1));
        for (int step = 0; step < Steps; step++)
        {
            recorder.NowNs = step * 1_000_000L;
            running.Step(step);
        }

        MemoryStream file = new();
        recorder.WriteTo(file);
        return file.ToArray();
    }

    private static void Replay(byte[] recording, string design, IKernelListener listener)
    {
        Trace trace = TraceFile.Read(new MemoryStream(recording), "model");
        Workload workload = WorkloadBuilder.Build(trace, _layout, new WorkloadOptions(TagSource.Flag));
        MachineOptions options = new(Cpus, TransparentHugePages: false) { Listener = listener };
        new WorkloadReplay(workload, _layout, DesignCatalog.Parse(design).Create(), options, CostTable.Default).Run(null, null, default);
    }

    /// <summary>What is asked of the kernel, and the frames that it answers with.</summary>
    private sealed class Demand : IKernelListener
    {
        public List<string> Lines { get; } = [];

        public void Happened(in KernelEvent what)
        {
            if (what.Kind is KernelEventKind.PageAllocated or KernelEventKind.PageFreed)
            {
                Lines.Add($"{what.Kind} cpu {what.Cpu} frame {what.Frame} order {what.Order} {what.Type} {what.Gfp}");
            }
        }
    }

    /// <summary>
    /// Demand until the model does what its own recording takes for demand or does not tell: it moves a page, which begins with
    /// an allocation; a page turns tagged that was not allocated so; a request reclaims, and drains the per-CPU lists for it.
    /// </summary>
    private sealed class DemandOfOthers(bool tagsCost) : IKernelListener
    {
        private readonly Demand _all = new();

        public bool IsOver { get; private set; }

        public List<string> Lines => _all.Lines;

        public void Happened(in KernelEvent what)
        {
            if (IsOver)
            {
                return;
            }

            _all.Happened(what);
            IsOver = what.Kind == KernelEventKind.DirectReclaim;
            if (what.Kind is not (KernelEventKind.FolioMoved or KernelEventKind.PageTagged))
            {
                return;
            }

            int last = LastOf(what.Frame);
            IsOver = what.Kind == KernelEventKind.FolioMoved
                || (tagsCost && last >= 0 && !Lines[last].Contains(nameof(GfpFlags.ZeroTags), StringComparison.Ordinal));
            if (what.Kind == KernelEventKind.FolioMoved && last >= 0)
            {
                Lines.RemoveRange(last, Lines.Count - last);
            }
        }

        private int LastOf(Frame frame) => Lines.FindLastIndex(line => line.StartsWith("PageA", StringComparison.Ordinal)
            && line.Contains($" frame {frame} ", StringComparison.Ordinal));
    }

    private sealed class Pair(IKernelListener first, IKernelListener second) : IKernelListener
    {
        public void Happened(in KernelEvent what)
        {
            first.Happened(what);
            second.Happened(what);
        }
    }
}
