using System.Globalization;

namespace Palimpsest.Lab.Facts;

/// <summary>What more than one input may tell of the recorded machine.</summary>
public enum FactKind
{
    /// <summary>Bytes of a page.</summary>
    PageSize,

    /// <summary>Order of a pageblock.</summary>
    PageBlockOrder,

    /// <summary>Release of Linux: major * 65536 + minor.</summary>
    Release,

    /// <summary>Bytes of RAM that the kernel knew, reserved or not.</summary>
    Ram,

    /// <summary>Lowest address of RAM.</summary>
    RamStart,

    /// <summary>Bytes of CMA areas.</summary>
    Cma,

    /// <summary>CPUs that were online.</summary>
    Cpus,
}

/// <summary>Who tells it; who comes later is believed before who comes earlier.</summary>
public enum FactSource
{
    /// <summary>What is taken where nobody tells.</summary>
    Assumption,

    /// <summary>Firmware, by its device tree: what it gave the kernel, not what the kernel made of it.</summary>
    DeviceTree,

    /// <summary>The recording itself.</summary>
    Recording,

    /// <summary>Files of /proc.</summary>
    Snapshot,

    /// <summary>dmesg of the recorded machine.</summary>
    KernelLog,

    /// <summary>The user, who may ask for another machine than the recorded one.</summary>
    Option,
}

/// <summary>What one input tells.</summary>
/// <param name="Place">The file or option that tells it, for messages.</param>
/// <param name="Least">It is at least so much, where the input leaves room; the value itself without.</param>
public sealed record Fact(FactKind Kind, ulong Value, FactSource Source, string Place, ulong? Least = null)
{
    /// <summary>The value as people write it.</summary>
    public string Text => Kind switch
    {
        FactKind.Release => string.Create(CultureInfo.InvariantCulture, $"{Value >> 16}.{Value & 0xffff}"),
        FactKind.RamStart => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}"),
        FactKind.PageBlockOrder or FactKind.Cpus => Value.ToString("N0", CultureInfo.InvariantCulture),
        _ when Value % (1 << 20) == 0 => string.Create(CultureInfo.InvariantCulture, $"{Value >> 20:N0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value / 1024.0:N0} KiB"),
    };

    /// <summary>Can both be true?</summary>
    public bool AgreesWith(Fact other) => Value >= (other.Least ?? other.Value) && other.Value >= (Least ?? Value);
}
