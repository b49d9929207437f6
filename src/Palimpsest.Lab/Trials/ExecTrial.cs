using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Machine.Memory;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>An arm64 Linux program to run on the system, under each design.</summary>
/// <param name="Guest">The program, and what it sees of the host; its output is that of the first design.</param>
public sealed record ExecTrial(GuestOptions Guest)
{
    private const ulong DefaultRam = 512UL << 20;
    private const int LeastPages = 1024;

    /// <summary>The machine that the program runs on.</summary>
    public BoardInput Board { get; set; } = new() { RamBytes = DefaultRam };

    /// <summary>NAME or NAME:PARAMETER=VALUE,...</summary>
    public IReadOnlyList<string> Designs { get; set; } = [];

    /// <summary>Designs of one's own, which can be named like those of the catalog.</summary>
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <summary>Compressed swap in memory; half of RAM without it.</summary>
    public ulong? SwapBytes { get; init; }

    /// <summary>Run in both engines, under the first design: the interpreter's run is what the compiler's is held against.</summary>
    public bool VerifiesCompiler { get; init; }

    /// <summary>What the machine does is written down, under one design.</summary>
    public bool IsRecorded { get; init; }

    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">The board or the program cannot be used.</exception>
    public ExecResult Run(CancellationToken cancellation = default)
    {
        IReadOnlyList<DesignChoice> designs = DesignFacts.Chosen(Designs, Own);
        if (IsRecorded && designs.Count != 1)
        {
            throw new UsageException("--record: a recording is of one machine; name one --design");
        }

        (MemoryBoard board, PageGeometry geometry, string name, _) = Board.Read();
        if (geometry.PageBytes != PageGeometry.Page4K.PageBytes || board.DataBytes >> geometry.PageShift < LeastPages)
        {
            throw new UsageException("exec: programs run on pages of 4 KiB, with at least 4 MiB of them");
        }

        int swapPages = (int)Math.Min((SwapBytes ?? board.DataBytes / 2) >> geometry.PageShift, int.MaxValue / 4);
        LinuxMachineOptions options = new() { Geometry = geometry, SwapPages = swapPages };
        GuestRecorder? recorder = IsRecorded ? new(MemoryLayout.For(board, geometry), options.Cpus) : null;
        List<ExecDesignResult> results = [];
        foreach (DesignChoice choice in designs)
        {
            using HashedStream output = new(results.Count == 0 ? Guest.Output : null);
            GuestOptions guest = Guest with { Output = output, Error = results.Count == 0 ? Guest.Error : Stream.Null };
            if (VerifiesCompiler)
            {
                LinuxMachine machine = new(board, choice.Create(), options);
                guest = guest with { Witness = Interpreted(machine, guest, choice, cancellation) };
            }

            ExecDesignResult result = Run(
                new LinuxMachine(board, choice.Create(), options with { Listener = recorder }), guest, choice, cancellation, recorder);
            results.Add(result with { OutputHash = output.Hash });
            if (VerifiesCompiler)
            {
                return new ExecResult(Guest.Arguments, Guest.Seed, BoardFacts.Of(name, board, geometry), swapPages, results)
                {
                    EngineStops = guest.Witness!.Stops, EngineDifference = guest.Witness.Difference,
                    WriteRecording = recorder is null ? null : recorder.WriteTo,
                };
            }
        }

        return new ExecResult(Guest.Arguments, Guest.Seed, BoardFacts.Of(name, board, geometry), swapPages, results)
        {
            WriteRecording = recorder is null ? null : recorder.WriteTo,
        };
    }

    /// <summary>What the interpreter leaves at each stop; it has no input and its output is dropped.</summary>
    private static EngineWitness Interpreted(
        LinuxMachine machine, GuestOptions guest, DesignChoice choice, CancellationToken cancellation)
    {
        EngineWitness witness = new();
        GuestOptions alone = guest with
        {
            Input = Stream.Null, Output = Stream.Null, Error = Stream.Null, IsInterpreted = true, Witness = witness,
        };
        Run(machine, alone, choice, cancellation);
        witness.Compare();
        return witness;
    }

    private static ExecDesignResult Run(LinuxMachine machine, GuestOptions guest, DesignChoice choice, CancellationToken cancellation,
        GuestRecorder? recorder = null)
    {
        StorageGauge gauge = new(machine.Memory);
        gauge.Observe();
        GuestSystem system = new(machine, guest)
        {
            Progress = now =>
            {
                machine.Memory.RunThreads(now);
                gauge.Observe();
                gauge.Advance(now);
                cancellation.ThrowIfCancellationRequested();
            },
        };
        recorder?.System = system;
        GuestOutcome outcome = system.Run();
        gauge.Advance(Math.Max(1, outcome.Instructions));
        LoopDesignResult figures = new(
            DesignFacts.Of(choice), GuestOptions.PageBytes, gauge.Figures, DesignCounts.Of(machine.Counters),
            LoopCounts.Of(machine.Statistics), Restarts: 0, machine.Audit());
        return new ExecDesignResult(figures, outcome, machine.CanTag, OutputHash: 0);
    }
}
