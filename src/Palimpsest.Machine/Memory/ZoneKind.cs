using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>Kinds of zone in ascending order of preference (include/linux/mmzone.h, 6.1, arm64).</summary>
public enum ZoneKind : byte
{
    /// <summary>What the device with the fewest address bits can reach.</summary>
    Dma,

    /// <summary>What devices with 32 address bits can reach.</summary>
    Dma32,

    /// <summary>All other memory.</summary>
    Normal,

    /// <summary>Movable allocations alone.</summary>
    Movable,

    /// <summary>A zone of its own for tag storage: alternative (2) of the seed discussion.</summary>
    Metadata,
}

/// <summary>Facts about zone kinds.</summary>
public static class ZoneKinds
{
    /// <summary>Kinds that there are.</summary>
    public const int Count = 5;
}

/// <summary>The addresses that belong to a zone.</summary>
public sealed record ZoneSpan(ZoneKind Kind, PhysicalRange Range);
