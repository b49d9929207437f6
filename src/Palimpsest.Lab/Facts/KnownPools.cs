using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Facts;

/// <summary>
/// CMA areas by all that tells of them: what the user asks for, where the kernel says that it put them, where the tree puts them, and
/// last where they are assumed to lie. /proc/zoneinfo has no places, but counts what is in use.
/// </summary>
internal sealed class KnownPools(MemoryBoard board, PageGeometry geometry, SnapshotFolder? snapshot)
{
    private readonly List<CmaPool> _pools = [];
    private readonly List<string> _notes = [];

    /// <summary>The board with the areas that are believed, and a note for each that is not.</summary>
    /// <exception cref="InputException">An area lies outside RAM: it is of another machine.</exception>
    public MemoryBoard Settle(IEnumerable<CmaPool> asked, FactBook facts)
    {
        foreach (CmaPool pool in asked)
        {
            AddTold(pool, "--cma");
        }

        foreach (CmaPool pool in snapshot?.Log?.CmaPools ?? [])
        {
            AddTold(pool, snapshot!.Log!.Place);
        }

        foreach (CmaPool pool in board.CmaPools)
        {
            AddOfTree(pool);
        }

        Count(facts);
        return board with { CmaPools = [.. _pools.OrderBy(pool => pool.Range)], Notes = [.. board.Notes, .. _notes] };
    }

    private ulong Bytes => Sum(_pools);

    private static ulong Sum(IEnumerable<CmaPool> pools) => pools.Aggregate(0UL, (sum, pool) => sum + pool.Range.Bytes);

    private void AddTold(CmaPool pool, string place)
    {
        if (!board.Banks.Any(bank => bank.Range.Contains(pool.Range)))
        {
            throw new InputException(
                $"the CMA area {pool.Range} ({pool.Name}) is not in the board's RAM; correct --cma, --board or --snapshot");
        }

        if (!IsKnown(pool, place) && !board.TagStorage.Any(span => span.Storage.Overlaps(pool.Range)))
        {
            _pools.Add(pool);
        }
    }

    /// <summary>Has a better source told of the area? Where it lies elsewhere by that, a note says so.</summary>
    private bool IsKnown(CmaPool pool, string place)
    {
        if (_pools.Find(other => other.Range.Overlaps(pool.Range)) is not { } known)
        {
            return false;
        }

        if (known.Range != pool.Range)
        {
            _notes.Add(
                $"Told twice: a CMA area lies at {known.Range} by {known.Name}, at {pool.Range} by {place}; the first is believed.");
        }

        return true;
    }

    private void AddOfTree(CmaPool pool)
    {
        string name = pool.Name[(pool.Name.LastIndexOf('/') + 1)..];
        if (snapshot?.Log is { } log && log.FailedPools.Contains(name))
        {
            _notes.Add($"CMA pool {pool.Name} {pool.Range}: {log.Place} says that it could not be set up; its memory is ordinary.");
        }
        else if (!IsKnown(pool, pool.Name))
        {
            if (pool.IsDynamic && _pools.Exists(other => other.Range.Bytes == pool.Range.Bytes))
            {
                _notes.Add($"CMA pool {pool.Name} has no place in the tree and lies where --cma says.");
            }
            else
            {
                _pools.Add(pool);
            }
        }
    }

    // A kernel without CMA has no such count.
    private void Count(FactBook facts)
    {
        if (snapshot?.CmaFrames is not { } frames)
        {
            return;
        }

        ulong counted = geometry.BytesOf((ulong)frames);
        DropAssumed(counted);
        ulong storage = board.TagStorage.Where(span => !span.IsAssumed).Aggregate(0UL, (sum, span) => sum + span.Storage.Bytes);
        bool isWithStorage = counted == Bytes + storage;
        facts.Add(FactKind.Cma, counted, FactSource.Snapshot, snapshot.ZoneInfoPlace);
        if (_pools.Count == 0 && !isWithStorage)
        {
            _notes.Add($"{snapshot.ZoneInfoPlace} counts {ByteText(counted)} of CMA, and nothing says where: its pages are taken for "
                + "ordinary ones; put the dmesg into the snapshot's folder, or give --cma SIZE@ADDRESS.");
        }
        else
        {
            bool isLogged = snapshot.Log is { CmaPools.Count: > 0 };
            FactSource source = _pools.Exists(pool => pool.IsDynamic) ? FactSource.Assumption
                : isLogged ? FactSource.KernelLog : FactSource.DeviceTree;
            facts.Add(FactKind.Cma, isWithStorage ? counted : Bytes, source, isLogged ? snapshot.Log!.Place : "the board");
        }
    }

    // What is only assumed gives way: the kernel gave it up, or never had it.
    private void DropAssumed(ulong counted)
    {
        List<CmaPool> dropped = counted == 0 ? [.. _pools.Where(pool => pool.Name != "--cma")] : [.. _pools.Where(pool => pool.IsDynamic)];
        if (dropped.Count > 0 && (counted == 0 || (Bytes != counted && Bytes - Sum(dropped) == counted)))
        {
            _pools.RemoveAll(dropped.Contains);
            _notes.AddRange(dropped.Select(pool =>
                $"CMA pool {pool.Name} {pool.Range}: {snapshot!.ZoneInfoPlace} counts {ByteText(counted)} of CMA without it; its "
                    + $"memory is ordinary."));
        }
    }

    private static string ByteText(ulong bytes) => new Fact(FactKind.Cma, bytes, FactSource.Snapshot, "").Text;
}
