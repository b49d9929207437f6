using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>A thread of the kernel that looks after active blocks.</summary>
internal interface IBlockThread
{
    /// <summary>Does what is due at a moment, in nanoseconds of a clock that never goes back.</summary>
    ValueTask Run(long nowNs, CpuId cpu);

    /// <summary>Does at once what it would do in a second, however short the time that there has been a reason.</summary>
    ValueTask PackNow(CpuId cpu);
}
