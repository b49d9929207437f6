using Palimpsest.Kernel;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// Apps with heaps of their own, all together as large as the memory asked for. The one in front uses most of its pages; the
/// others wait, are swapped out, or killed and started anew.
/// </summary>
internal sealed class Phone(LinuxMachine machine, LoopParameters parameters) : ClosedLoop(machine, parameters)
{
    private const int Apps = 12;
    private const int StepsInFront = 20;
    private const int TouchesPerStep = 128;

    private readonly Process?[] _apps = new Process?[Apps];
    private readonly Heap?[] _heaps = new Heap?[Apps];
    private int _front;
    private int _step;

    protected override void Work(int number)
    {
        _step = number;
        if (number % StepsInFront == 0)
        {
            _front = Random.Skewed(Apps);
        }

        _apps[_front] = Alive(_apps[_front], $"app{_front}", Begin);
        Heap heap = _heaps[_front]!;
        for (int touched = 0; touched < TouchesPerStep; touched++)
        {
            int page = Random.Below(heap.Pages);
            if (Random.Chance(0.5))
            {
                heap.Look(page);
            }
            else
            {
                heap.Use(page, Random.Next());
            }
        }
    }

    private void Begin(Process app) => _heaps[_front] = NewHeap(app, Parameters.Pages / Apps, _step);
}
