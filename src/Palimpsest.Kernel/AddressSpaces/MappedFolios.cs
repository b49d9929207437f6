using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Processes and caches let go of a folio and take it up again (try_to_migrate, move_to_new_folio, remove_migration_ptes,
/// 6.1).</summary>
internal sealed class MappedFolios(
    PhysicalMemory memory, FolioOwners owners, SpaceTables tables, FileMappings mapped, LoadedSpaces loaded, SwapDevice swap,
    FileCache files) : FolioUsers
{
    private readonly KernelRuntime _runtime = memory.Runtime;
    private int _isolated;

    public override int IsolatedPages => _isolated;

    public override bool AreTooManyIsolated => _isolated > owners.Lru.TotalPages / 2;

    public override bool HasFatalSignal(CpuId cpu) => loaded.On(cpu) is { IsDying: true };

    public override bool TryIsolate(Frame frame, bool counts = true)
    {
        if (!owners.Lru.Remove(frame))
        {
            return false;
        }

        _isolated += counts ? 1 << memory.Frames[frame].Order : 0;
        owners.Folios.Get(frame);
        return true;
    }

    public override void PutBack(Frame frame)
    {
        _isolated -= 1 << memory.Frames[frame].Order;
        owners.Lru.Add(frame);
        owners.Folios.Put(frame, _runtime.Interleaving.Current.Cpu);
    }

    public override bool TryDrop(Frame frame, CpuId cpu)
    {
        const FrameFlags inTheWay = FrameFlags.SwapBacked | FrameFlags.Dirty | FrameFlags.Locked | FrameFlags.SwapCached;
        PageFrame page = memory.Frames[frame];
        if (page.Order > 0 || !page.Has(FrameFlags.FileCached) || !page.Has(FrameFlags.Lru) || page.Has(inTheWay)
            || owners.Folios[frame].References != 1 + owners.Folios.MappingCount(frame) || mapped.IsDirty(frame))
        {
            return false;
        }

        mapped.Unmap(frame);
        FileObject file = files.FileOf(owners.Folios[frame].Object);
        int index = owners.Folios[frame].Index;
        file.Evicted[index] = owners.WorkingSet.Leave(frame);
        memory.Statistics.FilePagesDropped++;
        files.Drop(file, index, frame, cpu);
        return true;
    }

    public override async ValueTask<bool> TryUnmap(Frame source, Frame destination)
    {
        await _runtime.Point(StepKind.Unmap, source);

        // Only now: to find the destination may take tag_blocks_lock, which comes before folio locks.
        if (!owners.Locks.TryLock(source))
        {
            return false;
        }

        Frame end = source + (1 << memory.Frames[source].Order);
        int mappings = 0;
        for (Frame part = source; part < end; part++)
        {
            mappings += Unmap(part);
        }

        owners.Folios[source].References -= mappings;
        if (owners.Folios[source].References != 1 + owners.Folios.CacheReferences(source))
        {
            // Somebody else has a reference: all as it was.
            MapAgain(source, source);
            owners.Locks.Unlock(source);
            return false;
        }

        // In the same step as the count: whoever looks from now on finds the destination, and waits for its lock.
        owners.Locks.TryLock(destination);
        PassOn(source, destination);
        return true;
    }

    public override async ValueTask MoveContents(Frame source, Frame destination)
    {
        int count = 1 << memory.Frames[source].Order;
        await _runtime.Point(StepKind.CopyData, source);
        for (int part = 0; part < count; part++)
        {
            memory.Bytes.CopyPage((source + part).Index, (destination + part).Index);
        }

        await memory.Tags.Copy(source, destination);
    }

    public override async ValueTask Remap(Frame source, Frame destination)
    {
        await _runtime.Point(StepKind.WritePte, destination);
        MapAgain(source, destination);
        _isolated -= 1 << memory.Frames[destination].Order;
        owners.Lru.Add(destination);
        owners.Locks.Unlock(source);
        owners.Locks.Unlock(destination);
        owners.Folios.Put(destination, _runtime.Interleaving.Current.Cpu);
    }

    private int Unmap(Frame frame)
    {
        int count = 0;
        for (int node = owners.Folios[frame].Mappings; node != 0; node = owners.ReverseMap.Next(node), count++)
        {
            Mapping mapping = owners.ReverseMap[node];
            AddressSpace space = tables.Spaces.Of(mapping.Space);
            tables.Entries.Write(space, mapping.Page, Pte.Migration(space.Tables.Get(mapping.Page)));
        }

        return count;
    }

    /// <summary>Flags and places in caches go along; the destination has one reference for each, and the mover's.</summary>
    private void PassOn(Frame source, Frame destination)
    {
        const FrameFlags kept = FrameFlags.Active | FrameFlags.Referenced | FrameFlags.WorkingSet | FrameFlags.Dirty
            | FrameFlags.SwapBacked | FrameFlags.SwapCached | FrameFlags.FileCached;
        PageFrame old = memory.Frames[source];
        memory.Frames[destination].Set(old.Flags & kept);
        ref FolioState state = ref owners.Folios[destination];
        state = owners.Folios[source] with { References = 1 + owners.Folios.CacheReferences(source), Mappings = 0 };
        if (old.Has(FrameFlags.SwapCached))
        {
            swap.Moved(state.Object, destination);
        }
        else if (old.Has(FrameFlags.FileCached))
        {
            files.FileOf(state.Object).Insert(state.Index, destination);
        }

        memory.Frames[source].Clear(FrameFlags.SwapCached | FrameFlags.FileCached);
        owners.Folios[source].References = 1;
    }

    private void MapAgain(Frame source, Frame destination)
    {
        int count = 1 << memory.Frames[destination].Order;
        int mappings = 0;
        for (int part = 0; part < count; part++)
        {
            int first = owners.Folios[source + part].Mappings;
            owners.Folios[source + part].Mappings = 0;
            owners.Folios[destination + part].Mappings = first;
            for (int node = first; node != 0; node = owners.ReverseMap.Next(node), mappings++)
            {
                MapOne(owners.ReverseMap[node], destination + part, destination);
            }
        }

        owners.Folios[destination].References += mappings;
    }

    private void MapOne(in Mapping mapping, Frame frame, Frame folio)
    {
        AddressSpace space = tables.Spaces.Of(mapping.Space);
        Pte was = space.Tables.Get(mapping.Page);
        VmArea area = space.Areas.Find(mapping.Page)!;
        Pte entry = Pte.Present(frame, was.MappedAs);
        tables.Entries.Write(space, mapping.Page, tables.Ptes.Modify(area, entry, folio));
    }
}
