using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>What the user says about a machine that its device tree does not.</summary>
/// <param name="RamBytes">Total RAM, for trees whose memory node has size 0 because a bootloader fills it in.</param>
/// <param name="DefaultCarveOut">Where the tree has no tag storage, place some above each bank.</param>
public sealed record BoardOptions(PageGeometry Geometry, ulong? RamBytes = null, bool DefaultCarveOut = true)
{
    /// <summary>The command line as the kernel log has it, which counts before the tree's; null without.</summary>
    public string? CommandLine { get; init; }

    /// <summary>False where the kernel log says where CMA areas lie: those that the tree gives no place are not assumed anywhere.</summary>
    public bool AssumesPools { get; init; } = true;

    /// <summary>Release whose way of placing what has no address is followed.</summary>
    public KernelRelease Release { get; init; } = KernelRelease.Linux61;
}
