using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>A failure as it is heard.</summary>
internal sealed record HeardFailure(FailureKind Kind, Frame Frame, int Order, string Reason)
{
    public long TimeNs { get; init; }

    /// <summary>Steps that are done when it has happened.</summary>
    public int Steps { get; init; }
}

/// <summary>Failures of a run as the stream of events tells them; why, the kernel's counters say.</summary>
internal sealed class CourseFailures(MemorySystem system)
{
    private readonly KernelCounters _counters = system.Counters;
    private readonly List<HeardFailure> _inStep = [];
    private (long Pinned, long Unmovable, long NoTarget, long Isolation) _known;
    private long _refused;
    private (Frame Frame, int Order) _last = (Frame.None, 0);

    /// <summary>Looks at an event.</summary>
    public void Hear(in KernelEvent what)
    {
        switch (what.Kind)
        {
            case KernelEventKind.PageAllocated:
                _last = (what.Frame, what.Order);
                break;
            case KernelEventKind.AllocationFailed:
                _inStep.Add(new HeardFailure(FailureKind.NoMemory, Frame.None, what.Order, $"no free chunk of order {what.Order} or more "
                    + $"for a request of type {what.Type.ToString().ToLowerInvariant()}"));
                break;
            case KernelEventKind.StorageBusy:
                _last = (what.Frame, what.Order);
                _inStep.Add(new HeardFailure(FailureKind.StorageBusy, what.Frame, what.Order, WhyBusy()));
                break;
        }
    }

    /// <summary>What failed in a step, when it is done.</summary>
    public IReadOnlyList<HeardFailure> EndStep()
    {
        if (_counters.RefusedTagged != _refused)
        {
            string reason = _inStep.FindLast(failure => failure.Kind == FailureKind.StorageBusy)?.Reason
                ?? "there is no storage for its tags";
            _inStep.Add(new HeardFailure(FailureKind.Untagged, _last.Frame, _last.Order, reason));
            _refused = _counters.RefusedTagged;
        }

        if (_inStep.Count == 0)
        {
            return [];
        }

        HeardFailure[] heard = [.. _inStep];
        _inStep.Clear();
        _known = Known();
        return heard;
    }

    private string WhyBusy()
    {
        (long pinned, long unmovable, long noTarget, long isolation) = Known();
        string reason = pinned > _known.Pinned ? "a pinned page lies in its tag storage"
            : unmovable > _known.Unmovable ? "an unmovable page lies in its tag storage"
            : noTarget > _known.NoTarget ? "no page is free for what lies in its tag storage"
            : isolation > _known.Isolation ? "the pageblock of its tag storage cannot be isolated"
            : "its tag storage cannot be taken";
        _known = Known();
        return reason;
    }

    private (long Pinned, long Unmovable, long NoTarget, long Isolation) Known() => (_counters.PinnedMigrationFailures,
        _counters.UnmovableMigrationFailures, _counters.NoTargetMigrationFailures, _counters.IsolationFailures);
}
