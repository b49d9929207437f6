using System.Runtime.CompilerServices;

namespace Palimpsest.Exploration;

/// <summary>What an operation awaits at a point; completed already when nobody controls the machine.</summary>
public readonly struct Turn : ICriticalNotifyCompletion
{
    private readonly Interleaving? _machine;
    private readonly Actor? _actor;
    private readonly StepLock? _wanted;
    private readonly Step _step;
    private readonly bool _shared;

    internal Turn(Interleaving machine, Step step, StepLock? wanted, bool shared)
    {
        _machine = machine;
        _actor = machine.Current;
        _step = step;
        _wanted = wanted;
        _shared = shared;
    }

    public bool IsCompleted => _machine is null;

    public Turn GetAwaiter() => this;

    /// <summary>Takes the lock that was waited for: whoever resumes an actor has seen that it is free.</summary>
    public void GetResult()
    {
        _wanted?.TakeFor(_actor!, _shared);
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        _machine!.Controller!.Park(_actor!, _step, _wanted, _shared, continuation);
}
