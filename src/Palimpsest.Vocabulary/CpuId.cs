using System.Globalization;

namespace Palimpsest.Vocabulary;

/// <summary>Number of a CPU, as Linux has it (smp_processor_id).</summary>
public readonly record struct CpuId(int Index)
{
    /// <summary>The CPU that boots the machine.</summary>
    public static CpuId Boot => new(0);

    /// <summary>No CPU is named.</summary>
    public static CpuId None => new(-1);

    /// <summary>No CPU: what -1 stands for.</summary>
    public bool IsNone => Index < 0;

    /// <summary>The next.</summary>
    public static CpuId operator ++(CpuId cpu) => new(cpu.Index + 1);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Index.ToString(CultureInfo.InvariantCulture);
}
