using BenchmarkDotNet.Attributes;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Benchmarks;

/// <summary>What one access of a CPU, or one operation of the kernel on a page, costs on a machine of 64 MiB.</summary>
[HideColumns("Error", "StdDev", "RatioSD", "Job", "Toolchain")]
public class CoreBenchmarks
{
    private const int Batch = 1024;
    private const ulong Plain = 0x0010_0000;
    private const ulong Lent = 0x0020_0000;
    private const ulong Data = 0x0300_0000_0030_0000;
    private const int PageWords = 512;

    private readonly ulong[] _bare = new ulong[8 * PageWords];
    private readonly byte[] _packed = new byte[128];
    private TaggedMemory _memory = null!;
    private Core _core = null!;
    private int _storage;

    [GlobalSetup]
    public void SetUp()
    {
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(64 << 20, PageGeometry.Page4K), PageGeometry.Page4K);
        _memory = new TaggedMemory(layout, new TaggedMemoryOptions());
        _storage = layout.Storage[0].FirstFrame + 100;
        _core = new Core(0, _memory, new EightPages(_storage));
        _core.Registers.Ata0 = true;
        _core.Registers.Tcf0 = TagFaultMode.Synchronous;
        _memory.Store64(10, 0, 1);
        _memory.Store64(20, 0, 1);
        for (int offset = 0; offset < _bare.Length * sizeof(ulong); offset += 16)
        {
            _core.Stzg(Data + (ulong)offset, Data);
            _core.Store64(Data + (ulong)offset, 1);
            _core.Store64(Plain + (ulong)offset, 1);
        }
    }

    [Benchmark(Baseline = true, Description = "bare array load", OperationsPerInvoke = Batch)]
    public ulong BareLoad()
    {
        ulong sum = 0;
        for (int index = 0; index < Batch; index++)
        {
            sum += _bare[Spread(index)];
        }

        return sum;
    }

    [Benchmark(Description = "load, checked", OperationsPerInvoke = Batch)]
    public ulong CheckedLoad() => Load(Data);

    [Benchmark(Description = "load, not checked", OperationsPerInvoke = Batch)]
    public ulong PlainLoad() => Load(Plain);

    [Benchmark(Description = "load from lent tag storage", OperationsPerInvoke = Batch)]
    public ulong LentLoad() => Load(Lent);

    [Benchmark(Description = "store, checked", OperationsPerInvoke = Batch)]
    public bool CheckedStore()
    {
        bool isNone = true;
        for (int index = 0; index < Batch; index++)
        {
            isNone &= _core.Store64(Data + ((ulong)Spread(index) * sizeof(ulong)), 1).IsNone;
        }

        return isNone;
    }

    [Benchmark(Description = "LDG", OperationsPerInvoke = Batch)]
    public ulong Ldg()
    {
        ulong value = 0;
        for (int index = 0; index < Batch; index++)
        {
            _core.Ldg(Data + ((ulong)Spread(index) * sizeof(ulong)), ref value);
        }

        return value;
    }

    [Benchmark(Description = "STG", OperationsPerInvoke = Batch)]
    public bool Stg()
    {
        bool isNone = true;
        for (int index = 0; index < Batch; index++)
        {
            isNone &= _core.Stg(Data + (((ulong)Spread(index) * sizeof(ulong)) & ~15UL), Data).IsNone;
        }

        return isNone;
    }

    [Benchmark(Description = "copy a page")]
    public void CopyPage() => _memory.CopyPage(10, 20);

    [Benchmark(Description = "zero a page")]
    public void ZeroPage() => _memory.ZeroPage(20);

    [Benchmark(Description = "copy the tags of a page")]
    public void CopyTags()
    {
        _memory.ReadTags(10, _packed);
        _memory.WriteTags(20, _packed);
    }

    [Benchmark(Description = "clear and invalidate the tags of a page")]
    public void ClearTags()
    {
        _memory.ClearTags(20);
        _memory.InvalidateTags(20);
    }

    [Benchmark(Description = "zero and invalidate a page of tag storage")]
    public void InvalidateData()
    {
        _memory.ZeroPage(_storage);
        _memory.InvalidateData(_storage);
    }

    private ulong Load(ulong start)
    {
        ulong sum = 0;
        for (int index = 0; index < Batch; index++)
        {
            _core.Load64(start + ((ulong)Spread(index) * sizeof(ulong)), out ulong value);
            sum += value;
        }

        return sum;
    }

    /// <summary>Words of eight pages in an order that no prefetch follows.</summary>
    private static int Spread(int index) => (index * 2654435 >> 3) & ((8 * PageWords) - 1);

    /// <summary>Eight pages of each kind: of ordinary memory, of lent storage, and of tagged memory.</summary>
    private sealed class EightPages(int storage) : PageTable
    {
        private readonly int[] _first = [-1, 100, storage, 200];

        public override bool TryTranslate(ulong page, out Translation translation)
        {
            ulong kind = page >> 8;
            translation = new Translation(_first[kind] + (int)(page & 7), IsReadable: true, IsWritable: true, IsTagged: kind == 3);
            return true;
        }
    }
}
