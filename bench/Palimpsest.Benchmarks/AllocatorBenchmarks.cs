using BenchmarkDotNet.Attributes;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Benchmarks;

/// <summary>What one call of the allocator costs on a machine of 512 MiB, half of it in use.</summary>
[HideColumns("Error", "StdDev", "RatioSD", "Job", "Toolchain")]
public class AllocatorBenchmarks
{
    private const int Batch = 1024;
    private const int PageBlock = 512;

    private readonly int[] _batch = new int[Batch];
    private readonly BareList _bare = new(1 << 16);
    private MemorySystem _plain = null!;
    private MemorySystem _tagged = null!;
    private UsedBlocks _used = null!;
    private MemorySystem _free = null!;
    private FastPath _fast = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _plain = HalfFull("static");
        _tagged = HalfFull("cma-no-tagged");
        _used = new UsedBlocks(HalfFull("cma-no-tagged"));
        _free = Machine("cma-no-tagged");
        _fast = new FastPath();

        // The second page keeps the block of the first reserved.
        Allocate(_tagged, 0, isTagged: true);
        Allocate(_tagged, 0, isTagged: true);
    }

    [Benchmark(Baseline = true, Description = "bare index list, order 0")]
    public void BareList()
    {
        Frame frame = new(_bare.Take());
        _bare.Put(frame.Index);
    }

    [Benchmark(Description = "order 0, per-CPU list")]
    public void Order0() => Pair(_plain, 0);

    [Benchmark(Description = "order 3, per-CPU list")]
    public void Order3() => Pair(_plain, 3);

    [Benchmark(Description = "order 5, buddy lists")]
    public void Order5() => Pair(_plain, 5);

    [Benchmark(Description = "order 9, per-CPU list")]
    public void Order9() => Pair(_plain, 9);

    [Benchmark(Description = "1024 x order 0, then freed: a page", OperationsPerInvoke = Batch)]
    public void Batch0()
    {
        for (int index = 0; index < Batch; index++)
        {
            _batch[index] = Allocate(_plain, 0, isTagged: false).Index;
        }

        for (int index = 0; index < Batch; index++)
        {
            _plain.Free(new Frame(_batch[index]), CpuId.Boot);
        }
    }

    [Benchmark(Description = "tagged order 0, block reserved")]
    public void TaggedInReservedBlock()
    {
        Frame frame = Allocate(_tagged, 0, isTagged: true);
        _tagged.Free(frame, CpuId.Boot);
    }

    [Benchmark(Description = "range of a used pageblock: a page", OperationsPerInvoke = PageBlock)]
    public void RangeInUse() => _used.TakeAndGiveBackNext();

    [Benchmark(Description = "range of a free pageblock: a page", OperationsPerInvoke = PageBlock)]
    public void RangeFree()
    {
        _free.AllocateRange(new Frame(64 * PageBlock), PageBlock, CpuId.Boot);
        _free.FreeRange(new Frame(64 * PageBlock), PageBlock, CpuId.Boot);
    }

    [Benchmark(Description = "fast path, one free frame")]
    public void FastPathFrame() => _fast.TakeAndGiveBack();

    private static void Pair(MemorySystem system, int order)
    {
        Frame frame = Allocate(system, order, isTagged: false);
        system.Free(frame, CpuId.Boot);
    }

    private static Frame Allocate(MemorySystem system, int order, bool isTagged) =>
        system.Allocate(new AllocationRequest(GfpFlags.HighUserMovable, new Order(order), Cpu: CpuId.Boot, isTagged, Owner: 0)).Frame;

    private static MemorySystem Machine(string design) => new(
        MemoryLayout.For(MemoryBoard.Flat(512 << 20, PageGeometry.Page4K), PageGeometry.Page4K),
        DesignCatalog.Parse(design).Create(),
        new MachineOptions(Cpus: 2));

    private static MemorySystem HalfFull(string design)
    {
        MemorySystem system = Machine(design);
        for (int page = 0; page < 65_536; page++)
        {
            Allocate(system, 0, isTagged: false);
        }

        return system;
    }

    /// <summary>Moves the pages of one full pageblock after the other to where there is room.</summary>
    private sealed class UsedBlocks(MemorySystem system)
    {
        private int _block;

        public void TakeAndGiveBackNext()
        {
            do
            {
                _block = (_block + 1) % (131_072 / PageBlock);
            }
            while (!IsFull(new Frame(_block * PageBlock)));

            system.AllocateRange(new Frame(_block * PageBlock), PageBlock, CpuId.Boot);
            system.FreeRange(new Frame(_block * PageBlock), PageBlock, CpuId.Boot);
        }

        private bool IsFull(Frame start)
        {
            for (Frame frame = start; frame < start + PageBlock; frame++)
            {
                if (system.Frames[frame].State != FrameState.Allocated)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Range allocation over free frames, without a machine around it.</summary>
    private sealed class FastPath
    {
        private readonly ContiguousAllocator _ranges;

        public FastPath()
        {
            const int frames = 1 << 16;
            Kernel.Costs.KernelCounters counters = new();
            FrameTable table = new(frames, Zone.ListCount(1, 1), PageGeometry.Page4K.PageBlockOrder,
                PageGeometry.Page4K.LargestOrder);
            Zone zone = new(0, ZoneKind.Normal, 0, isTagStorage: false, 0, 1, 1) { Start = new Frame(0), End = new Frame(frames) };
            Buddy buddy = new(table, [zone], counters);
            Kernel.PageAllocator.Rules.AllocatorRules rules = Kernel.PageAllocator.Rules.AllocatorRules.Of(KernelRelease.Linux61);
            ZoneLists lists = new(table, buddy, new Fallback(table, buddy, rules, counters, new Kernel.Events.Tracepoints()),
                new Kernel.TagStorage.Homes.Hidden(), Kernel.Ports.StoragePlace.Ordinary, counters);
            PerCpuLists perCpu = new(table, [zone], buddy, lists, rules, counters, new Kernel.Events.Tracepoints());
            _ranges = new ContiguousAllocator(table, buddy, perCpu,
                new Kernel.Migration.FolioMigration(table, [zone], new Nobody(), new Kernel.Steps.KernelRuntime(), counters,
                new Kernel.Events.Tracepoints()), 1, new Kernel.Steps.KernelRuntime(), counters);
            buddy.Free(new Frame(0), 0, MigrateType.Unmovable);
            for (Frame frame = new(1); frame.Index < frames; frame++)
            {
                buddy.Free(frame, 0, table.BlockType(frame));
            }
        }

        public void TakeAndGiveBack()
        {
            _ranges.TryTakeFree(new Frame(12_345), 1);
            _ranges.Free(new Frame(12_345), 1, CpuId.Boot, throughPerCpu: false);
        }

        private sealed class Nobody : Kernel.Migration.IOwnerMap
        {
            public void Moved(int owner, Frame frame, Order order)
            {
            }
        }
    }
}
