using System.Runtime.CompilerServices;

namespace Palimpsest.Traces;

/// <summary>What a number of an event means.</summary>
internal enum EventRole : byte
{
    /// <summary>A pfn, or an entry of a page table.</summary>
    Page,
    Order,
    MigrateType,
    Gfp,

    /// <summary>How many pages; the end of a range, a reason, whether a refill was for a per-CPU list.</summary>
    Count,
    End,
}

/// <summary>Numbers of an event by their <see cref="EventRole"/>; 0 where it has none.</summary>
[InlineArray(Roles)]
internal struct EventValues
{
    public const int Roles = 6;

    private ulong _first;
}
