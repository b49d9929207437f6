using Palimpsest.Exploration;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Races;

/// <summary>Steps of the kernel in words.</summary>
internal static class StepWords
{
    public static string Of(Step step) => (StepKind)step.Kind switch
    {
        StepKind.UserAccess => $"access page 0x{step.Subject:x}",
        StepKind.WritePte => $"set_pte 0x{step.Subject:x}",
        StepKind.Unmap => $"unmap folio {step.Subject}",
        StepKind.CopyData => $"copy data of {step.Subject}",
        StepKind.CopyTags => $"copy tags of {step.Subject}",
        StepKind.Isolate => $"isolate {step.Subject}",
        StepKind.TestBlock => $"block of {step.Subject} present?",
        StepKind.MoveBlock => $"take or give block {step.Subject}",
        StepKind.TestReserved => $"{step.Subject} reserved?",
        StepKind.SetReserved => $"flag {step.Subject} reserved",
        StepKind.RestoreTags => $"restore tags of {step.Subject}",
        StepKind.SaveTags => $"save tags of {step.Subject}",
        StepKind.InvalidateLines => $"invalidate lines of {step.Subject}",
        StepKind.SwapInOut => $"swap {step.Subject}",
        StepKind.Wait => "try again",
        _ => $"step {step.Kind} {step.Subject}",
    };
}
