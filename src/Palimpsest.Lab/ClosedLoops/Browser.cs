using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>A zygote with a quarter of the memory; tabs are its children, write to a tenth of it, and have heaps of their own.</summary>
internal sealed class Browser(LinuxMachine machine, LoopParameters parameters) : ClosedLoop(machine, parameters)
{
    private const int Tabs = 16;
    private const int TouchesPerStep = 96;

    private readonly Tab?[] _tabs = new Tab?[Tabs];
    private readonly int _sharedPages = Math.Max(1, parameters.Pages / 4);
    private Process? _zygote;
    private ulong _shared;

    protected override void Work(int number)
    {
        _zygote = Alive(_zygote, "zygote", Begin);
        int index = Random.Skewed(Tabs);
        if (_tabs[index] is not { Process.HasEnded: false } tab || tab.Process.Signals.Count > 0)
        {
            _tabs[index]?.Process.Exit();
            tab = Open(number);
            _tabs[index] = tab;
        }

        for (int touched = 0; touched < TouchesPerStep; touched++)
        {
            tab.Heap.Use(Random.Skewed(tab.Heap.Pages), Random.Next());
            if (Random.Chance(0.2))
            {
                tab.Process.Store(_shared + ((ulong)Random.Below(_sharedPages / 10 + 1) * (ulong)PageBytes), Random.Next());
            }
        }

        if (Random.Chance(0.02))
        {
            tab.Process.Exit();
            _tabs[index] = null;
        }
    }

    private Tab Open(int number)
    {
        Process process = _zygote!.Fork() ?? throw new SignalException(new Signal(SignalCode.OutOfMemory, 0));
        return new Tab(process, NewHeap(process, Parameters.Pages * 3 / 4 / Tabs, number));
    }

    private void Begin(Process zygote)
    {
        _shared = zygote.Map((long)_sharedPages * PageBytes, Protection.Read | Protection.Write);
        zygote.Populate(_shared, (long)_sharedPages * PageBytes);
    }

    private sealed record Tab(Process Process, Heap Heap);
}
