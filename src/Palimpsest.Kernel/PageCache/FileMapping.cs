using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageCache;

/// <summary>Files and shared memory: reading in, mapping, writing back, dropping (mm/filemap.c and mm/shmem.c, 6.1).</summary>
internal sealed class FileMapping(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;
    private readonly int _pageBytes = kernel.Memory.Layout.Geometry.PageBytes;
    private readonly List<FileObject?> _files = [];

    public FileObject Create(int pages, bool isShared)
    {
        FileObject file = new(_files.Count, pages, isShared) { Users = 1 };
        _files.Add(file);
        return file;
    }

    public FileObject FileOf(int id) => _files[id] ?? throw new InvalidOperationException($"file {id} is gone");

    /// <summary>Ends a mapping or closes a descriptor; shared memory goes with its last user, cached pages of a file stay.</summary>
    public void Leave(FileObject file, int cpu)
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
            kernel.Swap.Put(slot, cpu);
        }

        file.SwapSlots.Clear();
        _files[file.Id] = null;
    }

    public async ValueTask<FaultOutcome> Fault(Fault fault)
    {
        FileObject file = fault.Area.Backing!;
        int index = fault.Area.IndexOf(fault.Page);
        if (index >= file.Pages)
        {
            return FaultOutcome.NoBacking;
        }

        if (fault.Space.Tables.NeedsTable(fault.Page) && !await kernel.AddTable(fault.Space, fault.Page, fault.Cpu))
        {
            return FaultOutcome.OutOfMemory;
        }

        int folio = await Read(file, index, fault.Area.IsTagged, fault.Cpu);
        if (folio < 0)
        {
            return FaultOutcome.OutOfMemory;
        }

        bool isCopied = fault.IsWrite && !fault.Area.IsShared;
        FaultOutcome outcome = isCopied ? await CopyAndMap(fault, folio) : await Map(fault, file, folio);
        kernel.Folios.Put(folio, fault.Cpu);
        return outcome;
    }

    /// <summary>The page of a file, read in if need be, with a reference for the caller; -1 without memory.</summary>
    public async ValueTask<int> Read(FileObject file, int index, bool isTagged, int cpu)
    {
        while (file.Find(index) is var found and >= 0)
        {
            if (await TryWait(file, index, found, cpu))
            {
                return found;
            }
        }

        AllocationResult got = await kernel.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, isTagged, cpu);
        if (got.Frame < 0)
        {
            return -1;
        }

        kernel.Folios.Begin(got.Frame);
        if (file.Find(index) >= 0)
        {
            kernel.Folios.Put(got.Frame, cpu);
            return await Read(file, index, isTagged, cpu);
        }

        // Locked in the cache until its content is there: whoever finds it waits.
        kernel.FolioLocks.TryLock(got.Frame);
        Insert(file, index, got.Frame);
        await Fill(file, index, got.Frame, cpu);
        kernel.FolioLocks.Unlock(got.Frame);
        return got.Frame;
    }

    /// <summary>Takes a reference to a cached page once nobody fills or moves it. False: it is there no more.</summary>
    private async ValueTask<bool> TryWait(FileObject file, int index, int folio, int cpu)
    {
        kernel.Folios.Get(folio);
        await kernel.FolioLocks.Lock(folio);
        kernel.FolioLocks.Unlock(folio);
        if (file.Find(index) == folio)
        {
            kernel.Memory.Frames[folio].Set(FrameFlags.Referenced);
            return true;
        }

        kernel.Folios.Put(folio, cpu);
        return false;
    }

    /// <summary>Takes a clean page out of the cache; the cache's reference goes.</summary>
    public void Drop(FileObject file, int index, int folio, int cpu)
    {
        file.Remove(index);
        kernel.Memory.Frames[folio].Clear(FrameFlags.FileCached);
        kernel.Folios.Put(folio, cpu);
    }

    /// <summary>Puts the bytes of a dirty page into its file.</summary>
    public void WriteBack(FileObject file, int index, int folio)
    {
        byte[] bytes = new byte[_pageBytes];
        kernel.Bytes.Read(folio, 0, bytes);
        file.Stored[index] = bytes;
        kernel.Memory.Frames[folio].Clear(FrameFlags.Dirty);
        kernel.Events.FileWrites++;
    }

    private async ValueTask Fill(FileObject file, int index, int folio, int cpu)
    {
        if (file.SwapSlots.Remove(index, out int slot))
        {
            await kernel.Swap.Read(slot, folio);
            kernel.Swap.Put(slot, cpu);
            kernel.Memory.Frames[folio].Set(FrameFlags.Dirty);
            kernel.Events.Refaults++;
            return;
        }

        kernel.Events.FileReads += file.IsShared ? 0 : 1;
        kernel.Events.Refaults += file.Evicted.Remove(index) ? 1 : 0;
        if (file.IsShared)
        {
            kernel.Bytes.ZeroPage(folio);
            return;
        }

        byte[] bytes = file.Stored.GetValueOrDefault(index) ?? new byte[_pageBytes];
        if (!file.Stored.ContainsKey(index))
        {
            FileContents.Fill(file.Id, index, bytes);
        }

        kernel.Bytes.Write(folio, 0, bytes);
    }

    private void Insert(FileObject file, int index, int folio)
    {
        ref PageFrame frame = ref kernel.Memory.Frames[folio];
        frame.Set(FrameFlags.FileCached | (file.IsShared ? FrameFlags.SwapBacked : FrameFlags.None));
        kernel.Folios[folio].Object = file.Id;
        kernel.Folios[folio].Index = index;
        kernel.Folios.Get(folio);
        file.Insert(index, folio);
        kernel.Lru.Add(folio);
    }

    private async ValueTask<FaultOutcome> Map(Fault fault, FileObject file, int folio)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        bool isThere = file.Find(fault.Area.IndexOf(fault.Page)) == folio;
        if (isThere && fault.Space.Tables.Get(fault.Page).IsNone)
        {
            // Read-only until the first write, which must be noticed.
            bool writable = fault.Area.IsShared && fault.IsWrite;
            Pte entry = kernel.Ptes.For(fault.Area, folio, folio, writable, dirty: writable);
            kernel.WritePte(fault.Space, fault.Page, entry);
            kernel.ReverseMap.Add(ref kernel.Folios[folio].Mappings, new Mapping(fault.Space.Id, fault.Page, IsHuge: false));
            kernel.Folios.Get(folio);
            kernel.Memory.Frames[folio].Set(writable ? FrameFlags.Dirty : FrameFlags.None);
            fault.Space.ResidentPages++;
        }

        held.Release();
        return FaultOutcome.Done;
    }

    /// <summary>do_cow_fault: the first access to a private mapping is a write.</summary>
    private async ValueTask<FaultOutcome> CopyAndMap(Fault fault, int folio)
    {
        int copy = await kernel.CopyOnWrite.NewCopy(fault.Area, folio, folio, fault.Cpu);
        return copy < 0 ? FaultOutcome.OutOfMemory : await kernel.Anonymous.MapPage(fault, copy);
    }
}
