using Palimpsest.Userland;

namespace Palimpsest.Lab.Trials;

/// <summary>What a program met under one design.</summary>
/// <param name="Figures">As of a closed loop; a nanosecond is an instruction.</param>
/// <param name="CanTag">PROT_MTE can be had; where it cannot, a program may well do something else.</param>
/// <param name="OutputHash">Of all that it wrote to standard output.</param>
public sealed record ExecDesignResult(LoopDesignResult Figures, GuestOutcome Outcome, bool CanTag, ulong OutputHash);

/// <summary>What a program met: all that its reports show, in whatever form.</summary>
/// <param name="Designs">In the order asked.</param>
public sealed record ExecResult(
    IReadOnlyList<string> Arguments, ulong Seed, BoardFacts Board, int SwapPages, IReadOnlyList<ExecDesignResult> Designs)
{
    /// <summary>Places where two engines were compared; null where there was one.</summary>
    public int? EngineStops { get; init; }

    /// <summary>Where they were first seen to differ.</summary>
    public EngineDifference? EngineDifference { get; init; }

    /// <summary>Writes what the machine did as a trace.dat; null where it was not written down.</summary>
    public Action<Stream>? WriteRecording { get; init; }

    /// <summary>In all designs; 0 unless the program has a mistake.</summary>
    public long LawViolations => Designs.Sum(design => (long)design.Figures.Violations.Count);

    /// <summary>Designs under which the program wrote something else, or ended otherwise, than under the first one.</summary>
    public IReadOnlyList<ExecDesignResult> Others =>
    [
        .. Designs.Where(design => design.CanTag == Designs[0].CanTag
            && (design.OutputHash != Designs[0].OutputHash || Status(design) != Status(Designs[0]))),
    ];

    /// <summary>What a shell is told of the first run: the exit status, or 128 and the signal.</summary>
    public int ExitStatus => Status(Designs[0]);

    private static int Status(ExecDesignResult design) => design.Outcome.ExitStatus ?? 128 + design.Outcome.Signal!.Value;
}
