using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Recordings;

/// <summary>Listens to a run and keeps what is done about tag storage, each with the time that it is modelled to take.</summary>
internal sealed class StorageEventLog : IKernelListener
{
    private const int MostEvents = 50_000;

    private readonly MemorySystem _system;
    private readonly CostTable _costs;
    private readonly CourseFailures _failures;
    private readonly List<StorageEvent> _events = [];
    private readonly List<Heard> _inStep = [];
    private readonly Dictionary<int, long> _busyUntil = [];
    private TagStorageWork _known;
    private CpuId _cpu = CpuId.Boot;
    private long _more;

    public StorageEventLog(MemorySystem system, CostTable costs)
    {
        (_system, _costs, _failures) = (system, costs, new CourseFailures(system));
        _known = TagStorageWork.Of(system.Counters);
        system.Trace.Attach(this);
    }

    /// <summary>What was kept so far.</summary>
    public StorageEvents Events => new(_events, _more);

    public void Happened(in KernelEvent what)
    {
        if (!what.Cpu.IsNone)
        {
            _cpu = what.Cpu;
            // A block is reserved for the request that is told next.
            for (int at = _inStep.Count - 1; at >= 0 && _inStep[at].Cpu.IsNone; at--)
            {
                _inStep[at] = _inStep[at] with { Cpu = _cpu };
            }
        }

        _failures.Hear(what);
        Heard? heard = what.Kind switch
        {
            KernelEventKind.BlockReserved => new(StorageEventKind.Reserved, CpuId.None, what.Frame, Frame.None, what.Value),
            KernelEventKind.BlockReleased => new(StorageEventKind.Released, _cpu, what.Frame, Frame.None, what.Value),
            KernelEventKind.FolioMoved => new(StorageEventKind.Moved, _cpu, what.Frame, new Frame(what.Value), 1 << what.Order),
            KernelEventKind.FaultOnAccess => new(StorageEventKind.FaultOnAccess, _cpu, what.Frame, Frame.None, 1 << what.Order),
            _ => null,
        };
        if (heard is not null)
        {
            _inStep.Add(heard);
        }
    }

    /// <summary>Keeps what a step has done.</summary>
    public void EndStep(long timeNs)
    {
        _inStep.AddRange(_failures.EndStep().Select(failure => new Heard(KindOf(failure.Kind), _cpu, failure.Frame, Frame.None,
            1 << failure.Order, failure.Reason)));
        if (_inStep.Count == 0)
        {
            return;
        }

        TagStorageWork work = TagStorageWork.Of(_system.Counters);
        double moving = _costs.CopyPageNs + _costs.MigrateBookkeepingNs;
        double rest = _costs.NsOf(work - _known) - _inStep.Where(heard => heard.Kind == StorageEventKind.Moved)
            .Sum(heard => heard.Frames * moving);
        int others = _inStep.Count(heard => heard.Kind != StorageEventKind.Moved);
        foreach (Heard heard in _inStep)
        {
            Keep(heard, timeNs, Math.Max(1, (long)(heard.Kind == StorageEventKind.Moved ? heard.Frames * moving : rest / others)));
        }

        _known = work;
        _inStep.Clear();
    }

    // What a CPU does takes its time in the model, and what it does next comes after.
    private void Keep(Heard heard, long timeNs, long lengthNs)
    {
        if (_events.Count == MostEvents)
        {
            _more++;
            return;
        }

        CpuId cpu = heard.Cpu.IsNone ? _cpu : heard.Cpu;
        long from = Math.Max(timeNs, _busyUntil.GetValueOrDefault(cpu.Index));
        _busyUntil[cpu.Index] = from + lengthNs;
        _events.Add(new StorageEvent(heard.Kind, from, lengthNs, cpu, PfnOf(heard.Frame), PfnOf(heard.From), heard.Frames, heard.Reason));
    }

    private ulong? PfnOf(Frame frame) => frame.IsNone ? null : _system.Layout.PfnOf(frame.Index).Value;

    private static StorageEventKind KindOf(FailureKind kind) => kind switch
    {
        FailureKind.NoMemory => StorageEventKind.NoMemory,
        FailureKind.Untagged => StorageEventKind.Untagged,
        _ => StorageEventKind.Busy,
    };

    private sealed record Heard(StorageEventKind Kind, CpuId Cpu, Frame Frame, Frame From, int Frames, string? Reason = null);
}
