using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Machine.Caches;

namespace Palimpsest.Kernel.Supply;

/// <summary>The memory of a running machine: frames with bytes and tags in them, and the way to more of them.</summary>
/// <param name="System">The door to it.</param>
/// <param name="Supply">Allocations that may wait.</param>
/// <param name="Bytes">What the frames hold.</param>
/// <param name="Tags">How their tags go from frame to frame.</param>
/// <param name="Statistics">What was done with it for processes.</param>
internal sealed record PhysicalMemory(
    MemorySystem System, PageSupply Supply, TaggedMemory Bytes, TagCopy Tags, KernelRuntime Runtime, VmStatistics Statistics)
{
    public FrameTable Frames { get; } = System.Frames;

    /// <summary>PROT_MTE means something on this machine.</summary>
    public bool CanTag => System.Tagged.CanTag(0);
}
