namespace Palimpsest.A64;

/// <summary>The local exclusive monitor, and time.</summary>
public sealed unsafe partial class Cpu
{
    internal ulong ExclusiveAddress;

    /// <summary>Bytes that are watched; 0 while nothing is.</summary>
    internal int ExclusiveBytes;

    /// <summary>CNTVCT_EL0: what the system says.</summary>
    public Func<long>? Clock { get; set; }

    internal long Now(Instruction* at) => Clock?.Invoke() ?? Retired;
}
