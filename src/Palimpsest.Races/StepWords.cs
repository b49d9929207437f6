using Palimpsest.Exploration;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;

namespace Palimpsest.Races;

/// <summary>Steps of the kernel in words.</summary>
internal static class StepWords
{
    public static string Of(Step step) => (StepKind)step.Kind switch
    {
        StepKind.UserAccess => $"access {Address(step.Subject)}",
        StepKind.WritePte => $"set_pte {Entry(step.Subject)}",
        StepKind.Unmap => $"unmap frame {step.Subject}",
        StepKind.CopyData => $"copy data of frame {step.Subject}",
        StepKind.CopyTags => $"copy tags of frame {step.Subject}",
        StepKind.Isolate => $"isolate frame {step.Subject}",
        StepKind.TestBlock => $"block of frame {step.Subject} present?",
        StepKind.MoveBlock => $"take or give frame {step.Subject}",
        StepKind.TestReserved => $"frame {step.Subject} reserved?",
        StepKind.SetReserved => $"flag frame {step.Subject} reserved",
        StepKind.RestoreTags => $"restore tags of frame {step.Subject}",
        StepKind.SaveTags => $"save tags of frame {step.Subject}",
        StepKind.InvalidateLines => step.Subject == 0 ? "write a dirty line back" : $"invalidate lines of frame {step.Subject}",
        StepKind.SwapInOut => $"swap frame {step.Subject}",
        StepKind.Locked => $"locked, for frame {step.Subject}",
        StepKind.Wait => "try again",
        StepKind.Begin => "begin",
        StepKind.Execute => $"at 0x{(ulong)(uint)step.Subject << 2:x}",
        StepKind.SystemCall => $"system call {step.Subject}",
        _ => $"step {step.Kind} {step.Subject}",
    };

    /// <summary>Migration names the frame that it maps, everybody else the page.</summary>
    private static string Entry(int subject) => (ulong)subject >= Mappings.FirstPage ? Address(subject) : $"of frame {subject}";

    private static string Address(int page) => $"0x{(ulong)page * RaceWorld.Page:x}";
}
