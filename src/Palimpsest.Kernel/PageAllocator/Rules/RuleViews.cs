using Palimpsest.Kernel.Frames;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>Rights of a request to memory below the watermarks (ALLOC_* of mm/internal.h, 6.1).</summary>
[Flags]
internal enum ReserveRights : byte
{
    None = 0,

    /// <summary>__GFP_HIGH: half of the min reserve.</summary>
    MinReserve = 1,

    /// <summary>Cannot run direct reclaim: a further quarter.</summary>
    NonBlocking = 2,

    /// <summary>May take from, and make, high-order atomic pageblocks.</summary>
    HighAtomic = 4,

    /// <summary>Ignore watermarks: the last resort of a replay, where Linux would reclaim or kill.</summary>
    NoWatermarks = 8,
}

/// <summary>How much of another type's memory a request takes.</summary>
internal enum StealVerdict : byte
{
    /// <summary>The chunk that was found.</summary>
    Chunk,

    /// <summary>The chunk, all that is free in its pageblock, and the block itself if enough of it is.</summary>
    Block,

    /// <summary>A chunk, but the smallest that fits instead of the one found.</summary>
    SmallestChunk,
}

/// <summary>A zone as the rules see it, in frames.</summary>
internal readonly record struct ZoneView(ZoneKind Kind, int Node, int Managed, bool IsTagStorage, Watermarks Watermarks, int Boost)
{
    public static ZoneView Of(Zone zone) =>
        new(zone.Kind, zone.Node, zone.ManagedFrames, zone.IsTagStorage, zone.Watermarks, zone.WatermarkBoost);
}

/// <summary>What of a machine its zones' limits depend on.</summary>
internal readonly record struct SetUpView(PageGeometry Geometry, int Cpus, bool TransparentHugePages);

/// <summary>Limits that a zone has from boot on.</summary>
/// <param name="LowmemReserve">Frames kept from requests that could have used a higher zone, by the request's highest zone.</param>
/// <param name="AvoidsFragmentation">Requests that begin here try other zones before they take from another migratetype.</param>
internal sealed record ZoneLimits(Watermarks Watermarks, IReadOnlyList<int> LowmemReserve, int PerCpuBatch, int PerCpuHigh,
    bool AvoidsFragmentation)
{
    /// <summary>Frames up to which the limit of a CPU's lists may move.</summary>
    public int PerCpuHighMost { get; init; } = PerCpuHigh;

    /// <summary>Batches of frees that count for the next drain; 0 where drains count.</summary>
    public int FreeRunBatches { get; init; }

    /// <summary>Movable huge pages have a per-CPU list of their own.</summary>
    public bool PartsHugePages { get; init; }
}

/// <summary>Where releases do the same thing in other steps.</summary>
/// <param name="ClaimsThenSteals">A fallback claims a block or steals a chunk, and goes on as it succeeded; it moves nothing else.</param>
/// <param name="AsksBlockAtDrain">A page drained goes where its block belongs by then, not where it did when it was freed.</param>
/// <param name="CountsAtOnce">Each page of a refill leaves the count of free pages as it is taken, not all of them at the end.</param>
/// <param name="CountsFreeHighAtomic">Watermarks leave out the free pages of high-order atomic blocks, not whole blocks.</param>
/// <param name="HighMoves">The limits of per-CPU lists move with their use, and with what presses their zone.</param>
/// <param name="RetypesMerged">Blocks that merge become of one type.</param>
internal sealed record AllocatorSteps(bool ClaimsThenSteals = false, bool AsksBlockAtDrain = false, bool CountsAtOnce = false,
    bool CountsFreeHighAtomic = false, bool HighMoves = false, bool RetypesMerged = false);

/// <summary>A chunk of another type, found on the way from the largest order down.</summary>
internal readonly record struct StealView(MigrateType Type, int Wanted, int Found, int PageBlockOrder);

/// <summary>A pageblock out of which a chunk is stolen: frames that were free, frames in use by movable data, frames in all.</summary>
internal readonly record struct BlockView(MigrateType Type, MigrateType OldType, int Free, int Movable, int Frames);
