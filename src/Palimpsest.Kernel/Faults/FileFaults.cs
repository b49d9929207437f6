using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>First accesses to mappings of files and of shared memory (do_read_fault, do_cow_fault, do_shared_fault, 6.1).</summary>
internal sealed class FileFaults(
    PhysicalMemory memory, FolioOwners owners, SpaceTables tables, FileCache files, NewPages pages, AnonymousMemory anonymous)
{
    public async ValueTask<FaultOutcome> Fault(Fault fault)
    {
        FileObject file = fault.Area.Backing!;
        int index = fault.Area.IndexOf(fault.Page);
        if (index >= file.Pages)
        {
            return FaultOutcome.NoBacking;
        }

        if (fault.Space.Tables.NeedsTable(fault.Page) && !await tables.Pages.Add(fault.Space, fault.Page, fault.Cpu))
        {
            return FaultOutcome.OutOfMemory;
        }

        Frame folio = await files.Read(file, index, fault.Area.IsTagged, fault.Cpu);
        if (folio.IsNone)
        {
            return FaultOutcome.OutOfMemory;
        }

        bool isCopied = fault.IsWrite && !fault.Area.IsShared;
        FaultOutcome outcome = isCopied ? await CopyAndMap(fault, folio) : await Map(fault, file, folio);
        owners.Folios.Put(folio, fault.Cpu);
        return outcome;
    }

    private async ValueTask<FaultOutcome> Map(Fault fault, FileObject file, Frame folio)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await memory.Runtime.Take(held);
        bool isThere = file.Find(fault.Area.IndexOf(fault.Page)) == folio;
        if (isThere && fault.Space.Tables.Get(fault.Page).IsNone)
        {
            // Read-only until the first write, which must be noticed.
            bool writable = fault.Area.IsShared && fault.IsWrite;
            Pte entry = tables.Ptes.For(fault.Area, folio, folio, writable, dirty: writable);
            tables.Entries.Write(fault.Space, fault.Page, entry);
            owners.ReverseMap.Add(ref owners.Folios[folio].Mappings, new Mapping(fault.Space.Id, fault.Page, IsHuge: false));
            owners.Folios.Get(folio);
            memory.Frames[folio].Set(writable ? FrameFlags.Dirty : FrameFlags.None);
            fault.Space.ResidentPages++;
        }

        held.Release();
        return FaultOutcome.Done;
    }

    /// <summary>do_cow_fault: the first access to a private mapping is a write.</summary>
    private async ValueTask<FaultOutcome> CopyAndMap(Fault fault, Frame folio)
    {
        Frame copy = await pages.Copy(fault.Area, folio, folio, fault.Cpu);
        return copy.IsNone ? FaultOutcome.OutOfMemory : await anonymous.MapPage(fault, copy);
    }
}
