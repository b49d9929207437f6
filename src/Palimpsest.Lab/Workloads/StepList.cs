using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>Steps as they are written.</summary>
internal sealed class StepList(int capacity)
{
    private WorkloadStep[] _steps = new WorkloadStep[capacity];
    private int _count;

    public ReadOnlyMemory<WorkloadStep> All => _steps.AsMemory(0, _count);

    public void Add(WorkloadStepKind kind, WorkloadStepFlags flags, long now, int name, uint argument, int order, CpuId cpu)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, _count * 2);
        }

        _steps[_count++] = new WorkloadStep(kind, flags, now, name, argument, order, cpu);
    }
}
