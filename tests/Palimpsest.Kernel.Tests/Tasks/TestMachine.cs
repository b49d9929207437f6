using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Small machines for tests that look at one thing.</summary>
internal static class TestMachine
{
    public const int Page = 4096;

    public const Protection Plain = Protection.Read | Protection.Write;

    public const Protection Tagged = Plain | Protection.Mte;

    /// <summary>Lends its tag storage as CMA and tags best effort, as RFC v3 does.</summary>
    public static LinuxMachine New(
        string board = "flat 8 MiB, small blocks", Safeguards without = Safeguards.None, int swapPages = 256, bool huge = false,
        Interleaving? steps = null) => New(TestBoards.Layout(board), without, swapPages, huge, steps: steps);

    /// <summary>A machine whose movable requests take tag storage first: it is a zone above all others.</summary>
    public static LinuxMachine WithStorageFirst(Safeguards without) =>
        New(TestBoards.Layout("flat 8 MiB, small blocks"), without, design: StorageFirst());

    public static PlainDesign StorageFirst() => new(new OwnZone())
    {
        Tagging = ReservationVerdict.BestEffort,
    };

    public static LinuxMachine New(
        MemoryLayout layout, Safeguards without, int swapPages = 256, bool huge = false, Design? design = null, Interleaving? steps = null)
    {
        LinuxMachineOptions options = new()
        {
            Cpus = 2,
            Geometry = layout.Geometry,
            SwapPages = swapPages,
            HugePagesByDefault = huge,
            Safeguards = Safeguards.All & ~without,
            Interleaving = steps,
        };
        return new LinuxMachine(layout.Board, design ?? Rfc3(), options);
    }

    public static PlainDesign Rfc3() => new(new Cma(candidates: 16))
    {
        Tagging = ReservationVerdict.BestEffort,
    };

    /// <summary>Takes ordinary memory until pages of tag storage are handed out, and returns the address of one.</summary>
    public static ulong MapPageOfStorage(LinuxMachine machine, Process process, Protection protection = Plain)
    {
        for (int pages = 0; pages < machine.Memory.Frames.Count; pages += 64)
        {
            ulong start = process.Map(64 * Page, protection);
            process.Populate(start, 64 * Page);
            for (ulong at = start; at < start + (64 * Page); at += Page)
            {
                if (machine.Memory.Frames[FrameOf(machine, process, at)].Has(FrameFlags.TagStorage))
                {
                    return at;
                }
            }
        }

        throw new InvalidOperationException("no page of tag storage was handed out");
    }

    /// <summary>Addresses of a process's pages in tag storage, of pages mapped for the purpose.</summary>
    public static IEnumerable<ulong> FillStorage(LinuxMachine machine, Process process)
    {
        int pages = machine.Memory.Layout.Storage.Sum(run => run.Frames);
        ulong start = process.Map(pages * Page, Plain);
        process.Populate(start, pages * Page);
        return from page in Enumerable.Range(0, pages)
               let at = start + ((ulong)page * Page)
               where machine.Memory.Frames[FrameOf(machine, process, at)].Has(FrameFlags.TagStorage)
               select at;
    }

    public static Frame FrameOf(LinuxMachine machine, Process process, ulong address) =>
        process.Space.Tables.Get(address / Page).Frame;

    public static void Holds(LinuxMachine machine) => Assert.Empty(machine.Audit());
}
