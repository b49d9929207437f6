using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Which release's rules the allocator of a trial followed, and for which kernel.</summary>
/// <param name="Kernel">Release of the recorded kernel, as "6.6"; null where nothing tells.</param>
/// <param name="Rules">Release whose rules were followed.</param>
/// <param name="IsVerified">They are those of that kernel, and recordings of it were held against them; else the nearest.</param>
public sealed record RulesUsed(string? Kernel, string Rules, bool IsVerified)
{
    /// <summary>Of a recording that tells nothing.</summary>
    public static readonly RulesUsed Unknown = For(null);

    /// <summary>In a sentence.</summary>
    public string Sentence => Kernel is null
        ? $"Allocator: the rules of Linux {Rules}, since nothing tells the release of the recorded kernel (--kernel RELEASE): unverified."
        : IsVerified ? $"Allocator: the rules of Linux {Rules}, the recorded kernel's."
        : $"Allocator: the rules of Linux {Rules}, the nearest that are modelled to the recorded kernel's, {Kernel}: unverified.";

    /// <summary>Rules of the release, or of the nearest before it; null takes those of 6.1.</summary>
    public static RulesUsed For(KernelRelease? kernel)
    {
        KernelRelease rules = MachineOptions.RulesFor(kernel ?? KernelRelease.Linux61);
        return new RulesUsed(kernel?.ToString(), rules.ToString(), rules == kernel);
    }
}
