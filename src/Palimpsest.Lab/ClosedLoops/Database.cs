using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// Backends over shared buffers (three eighths of the memory), a table in a file of the same size, and heaps for sorting (the rest).
/// </summary>
internal sealed class Database : ClosedLoop
{
    private const int Backends = 8;
    private const int RowsPerQuery = 24;

    private readonly Process?[] _backends = new Process?[Backends];
    private readonly ulong[] _buffersAt = new ulong[Backends];
    private readonly Heap?[] _sorts = new Heap?[Backends];
    private readonly byte[] _row = new byte[64];
    private readonly SharedFile _buffers;
    private readonly SharedFile _table;
    private readonly int _pages;
    private int _starting;
    private int _step;

    public Database(LinuxMachine machine, LoopParameters parameters)
        : base(machine, parameters)
    {
        _pages = Math.Max(1, parameters.Pages * 3 / 8);
        _buffers = machine.CreateSharedMemory((long)_pages * PageBytes);
        _table = machine.OpenFile((long)_pages * PageBytes);
    }

    protected override void Work(int number)
    {
        _step = number;
        _starting = Random.Below(Backends);
        Process backend = _backends[_starting] = Alive(_backends[_starting], "backend", Begin);
        Heap sort = _sorts[_starting]!;
        for (int touched = 0; touched < RowsPerQuery; touched++)
        {
            int page = Random.Skewed(_pages);
            backend.Read(_table, (long)page * PageBytes, _row);
            backend.Store(_buffersAt[_starting] + ((ulong)page * (ulong)PageBytes), Random.Next());
            sort.Use(Random.Below(sort.Pages), Random.Next());
            if (Random.Chance(0.05))
            {
                backend.Write(_table, (long)page * PageBytes, _row);
            }
        }

        if (Random.Chance(0.1))
        {
            sort.Discard();
        }
    }

    private void Begin(Process backend)
    {
        bool isTagged = DrawsTagged(_step);
        Protection protection = Protection.Read | Protection.Write | (isTagged ? Protection.Mte : 0);
        _buffersAt[_starting] = backend.Map(_buffers, (long)_pages * PageBytes, protection, isShared: true);
        _sorts[_starting] = NewHeap(backend, Parameters.Pages / 4 / Backends, _step);
    }
}
