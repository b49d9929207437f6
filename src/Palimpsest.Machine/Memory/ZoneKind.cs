using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>Kinds of zone in ascending order of preference (include/linux/mmzone.h, 6.1, arm64).</summary>
public enum ZoneKind : byte
{
    Dma,
    Dma32,
    Normal,
    Movable,

    /// <summary>A zone of its own for tag storage: alternative (2) of the seed discussion.</summary>
    Metadata,
}

/// <summary>Facts about zone kinds.</summary>
public static class ZoneKinds
{
    public const int Count = 5;
}

/// <summary>The addresses that belong to a zone.</summary>
public sealed record ZoneSpan(ZoneKind Kind, PhysicalRange Range);
