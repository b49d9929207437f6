using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageCache;

/// <summary>Files and shared memory: reading in, writing back, dropping (mm/filemap.c and mm/shmem.c, 6.1).</summary>
internal sealed class FileCache(PhysicalMemory memory, FolioOwners owners, SwapDevice swap)
{
    private readonly int _pageBytes = memory.System.Layout.Geometry.PageBytes;
    private readonly List<FileObject?> _files = [];

    public FileObject Create(int pages, bool isShared, IFirstContent? first = null)
    {
        FileObject file = new(_files.Count, pages, isShared) { Users = 1, First = first };
        _files.Add(file);
        return file;
    }

    public FileObject FileOf(int id) => _files[id] ?? throw new InvalidOperationException($"file {id} is gone");

    /// <summary>Ends a mapping or closes a descriptor; shared memory goes with its last user, cached pages of a file stay.</summary>
    public void Leave(FileObject file, CpuId cpu)
    {
        if (--file.Users > 0 || !file.IsShared)
        {
            return;
        }

        foreach (int index in file.Cached.Keys.Order().ToArray())
        {
            Drop(file, index, file.Find(index), cpu);
        }

        foreach (int slot in file.SwapSlots.OrderBy(entry => entry.Key).Select(entry => entry.Value))
        {
            swap.Put(slot, cpu);
        }

        file.SwapSlots.Clear();
        _files[file.Id] = null;
    }

    /// <summary>The page of a file, read in if need be, with a reference for the caller; none without memory.</summary>
    /// <param name="willWrite">The caller is going to write to it (FGP_WRITE).</param>
    public async ValueTask<Frame> Read(FileObject file, int index, bool isTagged, CpuId cpu, bool willWrite = false)
    {
        while (file.Find(index) is { IsNone: false } found)
        {
            if (await TryWait(file, index, found, cpu))
            {
                return found;
            }
        }

        AllocationResult got = await Allocate(file, isTagged, cpu, willWrite);
        if (got.Frame.IsNone)
        {
            return Frame.None;
        }

        owners.Folios.Begin(got.Frame);
        if (!file.Find(index).IsNone)
        {
            owners.Folios.Put(got.Frame, cpu);
            return await Read(file, index, isTagged, cpu, willWrite);
        }

        // Locked in the cache until its content is there: whoever finds it waits.
        owners.Locks.TryLock(got.Frame);
        Insert(file, index, got.Frame);
        await Fill(file, index, got.Frame, cpu);
        owners.Locks.Unlock(got.Frame);
        return got.Frame;
    }

    /// <summary>A page that is read comes by readahead; only when that has found none does somebody wait for it (filemap_fault).</summary>
    private async ValueTask<AllocationResult> Allocate(FileObject file, bool isTagged, CpuId cpu, bool willWrite)
    {
        AllocationResult ahead = file.IsShared || willWrite ? new(AllocationOutcome.NoMemory, Frame.None)
            : await memory.Supply.Allocate(GfpFlags.ReadAhead, Order.Zero, isTagged, cpu);
        // FGP_WRITE: __GFP_WRITE says that the page will be dirty.
        GfpFlags gfp = GfpFlags.HighUserMovable | (willWrite && !file.IsShared ? GfpFlags.Write : GfpFlags.None);
        return !ahead.Frame.IsNone ? ahead : await memory.Supply.Allocate(gfp, Order.Zero, isTagged, cpu);
    }

    /// <summary>Takes a reference to a cached page once nobody fills or moves it. False: it is there no more.</summary>
    private async ValueTask<bool> TryWait(FileObject file, int index, Frame folio, CpuId cpu)
    {
        owners.Folios.Get(folio);
        await owners.Locks.Lock(folio);
        owners.Locks.Unlock(folio);
        if (file.Find(index) == folio)
        {
            memory.Frames[folio].Set(FrameFlags.Referenced);
            return true;
        }

        owners.Folios.Put(folio, cpu);
        return false;
    }

    /// <summary>Takes a clean page out of the cache; the cache's reference goes.</summary>
    public void Drop(FileObject file, int index, Frame folio, CpuId cpu)
    {
        file.Remove(index);
        memory.Frames[folio].Clear(FrameFlags.FileCached);
        owners.Folios.Put(folio, cpu);
    }

    /// <summary>Puts the bytes of a dirty page into its file.</summary>
    public void WriteBack(FileObject file, int index, Frame folio)
    {
        byte[] bytes = new byte[_pageBytes];
        memory.Bytes.Read(folio.Index, 0, bytes);
        file.Stored[index] = bytes;
        memory.Frames[folio].Clear(FrameFlags.Dirty);
        memory.Statistics.FileWrites++;
    }

    private async ValueTask Fill(FileObject file, int index, Frame folio, CpuId cpu)
    {
        if (file.SwapSlots.Remove(index, out int slot))
        {
            await swap.Read(slot, folio);
            owners.WorkingSet.Return(folio, swap.ShadowOf(slot), swap.FreeSlots > 0);
            swap.Put(slot, cpu);
            memory.Frames[folio].Set(FrameFlags.Dirty);
            memory.Statistics.Refaults++;
            return;
        }

        memory.Statistics.FileReads += file.IsShared ? 0 : 1;
        if (file.Evicted.Remove(index, out Shadow shadow))
        {
            memory.Statistics.Refaults++;
            owners.WorkingSet.Return(folio, shadow, swap.FreeSlots > 0);
        }

        if (file.IsShared)
        {
            memory.Bytes.ZeroPage(folio.Index);
            return;
        }

        byte[] bytes = file.Stored.GetValueOrDefault(index) ?? new byte[_pageBytes];
        if (!file.Stored.ContainsKey(index))
        {
            FillFirst(file, index, bytes);
        }

        memory.Bytes.Write(folio.Index, 0, bytes);
    }

    private static void FillFirst(FileObject file, int index, byte[] bytes)
    {
        if (file.First is { } first)
        {
            first.Fill(index, bytes);
        }
        else
        {
            FileContents.Fill(file.Id, index, bytes);
        }
    }

    private void Insert(FileObject file, int index, Frame folio)
    {
        ref PageFrame frame = ref memory.Frames[folio];
        frame.Set(FrameFlags.FileCached | (file.IsShared ? FrameFlags.SwapBacked : FrameFlags.None));
        owners.Folios[folio].Object = file.Id;
        owners.Folios[folio].Index = index;
        owners.Folios.Get(folio);
        file.Insert(index, folio);
        owners.Lru.Add(folio);
    }
}
