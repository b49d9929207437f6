using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>Who knows nothing but the stream of events knows what is reserved and tagged, and counts what the kernel counts.</summary>
public sealed class EventLaws
{
    private static readonly string[] Boards = ["flat 8 MiB, small blocks", "two nodes", "blocks of 4", "16K pages", "CMA pool"];

    public static TheoryData<string, string> EveryDesignAndBoard() =>
        [.. DesignCatalog.All.SelectMany(entry => Boards.Select(board => (entry.Name, board)))];

    [Theory]
    [MemberData(nameof(EveryDesignAndBoard))]
    public void TheStreamTellsAll(string name, string board) => Law.Holds(Operation.Script(120), 4, script =>
    {
        ScriptRun run = new(TestBoards.Layout(board), DesignCatalog.Parse(name).Create(), mayKeepBlocks: true);
        KernelCounters before = Copy(run.System.Counters);
        Ledger ledger = new(run.System);
        run.System.Trace.Attach(ledger);

        run.Play(script);

        KernelCounters counters = run.System.Counters;
        Assert.Equal(run.System.Blocks.ReservedFrames, ledger.Reserved);
        Assert.Equal(Enumerable.Range(0, run.System.Blocks.Count)
            .Count(block => run.System.Blocks.StateOf(new BlockId(block)) == TagBlockState.Reserved), ledger.ReservedBlocks);
        Assert.Equal(run.System.TaggedFrames, ledger.Tagged);
        Assert.Equal(counters.Allocations - before.Allocations, ledger.Of(KernelEventKind.PageAllocated)
            + ledger.Of(KernelEventKind.AllocationFailed));
        Assert.Equal(counters.RefilledFolios - before.RefilledFolios, ledger.Of(KernelEventKind.ZoneLocked));
        Assert.Equal(counters.DrainedFolios - before.DrainedFolios, ledger.Of(KernelEventKind.PerCpuDrained));
        Assert.Equal(counters.ExternalFragmentation - before.ExternalFragmentation, ledger.Of(KernelEventKind.ExternalFragmentation));
        Assert.Equal(counters.MigratedFolios - before.MigratedFolios, ledger.Of(KernelEventKind.FolioMoved));
        Assert.Equal(counters.FailedReservations - before.FailedReservations, ledger.Of(KernelEventKind.StorageBusy));
    });

    [Fact]
    public void EachListenerIsToldInTheOrderInWhichTheyCame()
    {
        List<string> told = [];
        MemorySystem system = new ScriptRun(TestBoards.Layout("two nodes"), DesignCatalog.Parse("static").Create()).System;
        system.Trace.Attach(new Named("first", told));
        system.Trace.Attach(new Named("second", told));
        system.Trace.Attach(new Named("third", told));

        system.Allocate(new(GfpFlags.HighUserMovable, Order.Zero, Cpu: new CpuId(1), IsTagged: false, Owner: 7));

        Assert.Equal(["first PageAllocated 1", "second PageAllocated 1", "third PageAllocated 1"],
            told.Where(line => line.Contains("PageAllocated", StringComparison.Ordinal)));
    }

    private static KernelCounters Copy(KernelCounters counters) => new()
    {
        Allocations = counters.Allocations,
        RefilledFolios = counters.RefilledFolios,
        DrainedFolios = counters.DrainedFolios,
        ExternalFragmentation = counters.ExternalFragmentation,
        MigratedFolios = counters.MigratedFolios,
        FailedReservations = counters.FailedReservations,
    };

    private sealed class Named(string name, List<string> told) : IKernelListener
    {
        public void Happened(in KernelEvent what) => told.Add($"{name} {what.Kind} {what.Cpu}");
    }

    /// <summary>Books kept by events alone, from the state that they begin with.</summary>
    private sealed class Ledger(MemorySystem start) : IKernelListener
    {
        private readonly long[] _counts = new long[Enum.GetValues<KernelEventKind>().Length];

        public int Reserved { get; private set; } = start.Blocks.ReservedFrames;

        public int ReservedBlocks { get; private set; } = start.Blocks.ReservedBlocks;

        public int Tagged { get; private set; } = start.TaggedFrames;

        public long Of(KernelEventKind kind) => _counts[(int)kind];

        public void Happened(in KernelEvent what)
        {
            _counts[(int)what.Kind]++;
            int sign = what.Kind is KernelEventKind.BlockReserved or KernelEventKind.PageTagged ? 1 : -1;
            switch (what.Kind)
            {
                case KernelEventKind.BlockReserved or KernelEventKind.BlockReleased:
                    Reserved += sign * what.Value;
                    ReservedBlocks += sign;
                    break;
                case KernelEventKind.PageTagged or KernelEventKind.PageUntagged:
                    Tagged += sign << what.Order;
                    break;
            }
        }
    }
}
