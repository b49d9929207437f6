using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Kernel.Folios;

/// <summary>Processes and caches let go of a folio and take it up again (try_to_migrate, move_to_new_folio, remove_migration_ptes, 6.1).</summary>
internal sealed class MappedFolios(RunningKernel kernel) : FolioUsers
{
    private readonly KernelRuntime _runtime = kernel.Runtime;
    private int _isolated;

    public override bool AreTooManyIsolated => _isolated > kernel.Lru.TotalPages / 2;

    public override bool HasFatalSignal(int cpu) => kernel.Processors.SpaceOn(cpu) is { IsDying: true };

    public override bool TryIsolate(int frame)
    {
        if (!kernel.Lru.Remove(frame))
        {
            return false;
        }

        _isolated += 1 << kernel.Memory.Frames[frame].Order;
        kernel.Folios.Get(frame);
        return true;
    }

    public override void PutBack(int frame)
    {
        _isolated -= 1 << kernel.Memory.Frames[frame].Order;
        kernel.Lru.Add(frame);
        kernel.Folios.Put(frame, _runtime.Interleaving.Current.Cpu);
    }

    public override async ValueTask<bool> TryUnmap(int source, int destination)
    {
        await _runtime.Point(StepKind.Unmap, source);

        // Only now: to find the destination may take tag_blocks_lock, which comes before folio locks.
        if (!kernel.FolioLocks.TryLock(source))
        {
            return false;
        }

        int end = source + (1 << kernel.Memory.Frames[source].Order);
        int mappings = 0;
        for (int part = source; part < end; part++)
        {
            mappings += Unmap(part);
        }

        kernel.Folios[source].References -= mappings;
        if (kernel.Folios[source].References != 1 + kernel.Folios.CacheReferences(source))
        {
            // Somebody else has a reference: all as it was.
            MapAgain(source, source);
            kernel.FolioLocks.Unlock(source);
            return false;
        }

        // In the same step as the count: whoever looks from now on finds the destination, and waits for its lock.
        kernel.FolioLocks.TryLock(destination);
        PassOn(source, destination);
        return true;
    }

    public override async ValueTask MoveContents(int source, int destination)
    {
        int count = 1 << kernel.Memory.Frames[source].Order;
        await _runtime.Point(StepKind.CopyData, source);
        for (int part = 0; part < count; part++)
        {
            kernel.Bytes.CopyPage(source + part, destination + part);
        }

        await kernel.TagCopy.Copy(source, destination);
    }

    public override async ValueTask Remap(int source, int destination)
    {
        await _runtime.Point(StepKind.WritePte, destination);
        MapAgain(source, destination);
        _isolated -= 1 << kernel.Memory.Frames[destination].Order;
        kernel.Lru.Add(destination);
        kernel.FolioLocks.Unlock(source);
        kernel.FolioLocks.Unlock(destination);
        kernel.Folios.Put(destination, _runtime.Interleaving.Current.Cpu);
    }

    private int Unmap(int frame)
    {
        int count = 0;
        for (int node = kernel.Folios[frame].Mappings; node != 0; node = kernel.ReverseMap.Next(node), count++)
        {
            Mapping mapping = kernel.ReverseMap[node];
            AddressSpace space = kernel.SpaceOf(mapping.Space);
            kernel.WritePte(space, mapping.Page, Pte.Migration(space.Tables.Get(mapping.Page)));
        }

        return count;
    }

    /// <summary>Flags and places in caches go along; the destination has one reference for each, and the mover's.</summary>
    private void PassOn(int source, int destination)
    {
        const FrameFlags kept = FrameFlags.Active | FrameFlags.Referenced | FrameFlags.Dirty
            | FrameFlags.SwapBacked | FrameFlags.SwapCached | FrameFlags.FileCached;
        PageFrame old = kernel.Memory.Frames[source];
        kernel.Memory.Frames[destination].Set(old.Flags & kept);
        ref FolioState state = ref kernel.Folios[destination];
        state = kernel.Folios[source] with { References = 1 + kernel.Folios.CacheReferences(source), Mappings = 0 };
        if (old.Has(FrameFlags.SwapCached))
        {
            kernel.Swap.Moved(state.Object, destination);
        }
        else if (old.Has(FrameFlags.FileCached))
        {
            kernel.FileMapping.FileOf(state.Object).Insert(state.Index, destination);
        }

        kernel.Memory.Frames[source].Clear(FrameFlags.SwapCached | FrameFlags.FileCached);
        kernel.Folios[source].References = 1;
    }

    private void MapAgain(int source, int destination)
    {
        int count = 1 << kernel.Memory.Frames[destination].Order;
        int mappings = 0;
        for (int part = 0; part < count; part++)
        {
            int first = kernel.Folios[source + part].Mappings;
            kernel.Folios[source + part].Mappings = 0;
            kernel.Folios[destination + part].Mappings = first;
            for (int node = first; node != 0; node = kernel.ReverseMap.Next(node), mappings++)
            {
                MapOne(kernel.ReverseMap[node], destination + part, destination);
            }
        }

        kernel.Folios[destination].References += mappings;
    }

    private void MapOne(in Mapping mapping, int frame, int folio)
    {
        AddressSpace space = kernel.SpaceOf(mapping.Space);
        Pte was = space.Tables.Get(mapping.Page);
        VmArea area = space.Areas.Find(mapping.Page)!;
        Pte entry = Pte.Present(frame, was.MappedAs);
        kernel.WritePte(space, mapping.Page, kernel.Ptes.Modify(area, entry, folio));
    }
}
