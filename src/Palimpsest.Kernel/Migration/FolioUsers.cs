using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Migration;

/// <summary>
/// Whoever has a folio mapped or cached. Migration asks them to let go of it and to take it up at its new place. The base
/// is nobody: in a replay pages have owners (<see cref="IOwnerMap"/>) but no mappings.
/// </summary>
internal class FolioUsers
{
    public static readonly FolioUsers Nobody = new();

    protected FolioUsers()
    {
    }

    /// <summary>More folios are isolated than half of those on the lists (too_many_isolated, mm/compaction.c, 6.1).</summary>
    public virtual bool AreTooManyIsolated => false;

    /// <summary>Pages off the LRU to be moved, as counted (NR_ISOLATED_ANON, NR_ISOLATED_FILE).</summary>
    public virtual int IsolatedPages => 0;

    /// <summary>The task that runs on a CPU is about to die (fatal_signal_pending).</summary>
    public virtual bool HasFatalSignal(CpuId cpu) => false;

    /// <summary>Takes the folio off the LRU (isolate_lru_page). False: it is not there, so somebody works on it.</summary>
    /// <param name="counts">Raises the counter of isolated pages, as whoever maps or puts back lowers it.</param>
    public virtual bool TryIsolate(Frame frame, bool counts = true) => true;

    /// <summary>Ends the isolation of a folio that did not move.</summary>
    public virtual void PutBack(Frame frame)
    {
    }

    /// <summary>
    /// Unmaps and frees a clean page of a file that nobody works on, in one step (remove_mapping). False: it is none, and all is as it was.
    /// </summary>
    public virtual bool TryDrop(Frame frame, CpuId cpu) => false;

    /// <summary>
    /// Replaces every mapping by a migration entry and hands flags and cache entries over to the destination, which stays
    /// locked (try_to_migrate, folio_migrate_mapping). False: somebody holds another reference, and all is as it was.
    /// </summary>
    public virtual ValueTask<bool> TryUnmap(Frame source, Frame destination) => new(true);

    /// <summary>Copies data and tags (folio_copy, copy_highpage).</summary>
    public virtual ValueTask MoveContents(Frame source, Frame destination) => default;

    /// <summary>Maps the folio where migration entries were (remove_migration_ptes).</summary>
    public virtual ValueTask Remap(Frame source, Frame destination) => default;
}
