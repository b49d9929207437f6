using System.Runtime.CompilerServices;

namespace Palimpsest.Steps;

/// <summary>What an operation awaits at a point; completed already when nobody controls the machine.</summary>
public readonly struct Turn : ICriticalNotifyCompletion
{
    private readonly Interleaving? _machine;
    private readonly Actor? _actor;
    private readonly Waiting _waiting;
    private readonly Step _step;

    internal Turn(Interleaving machine, Step step, in Waiting waiting)
    {
        _machine = machine;
        _actor = machine.Current;
        _step = step;
        _waiting = waiting;
    }

    public bool IsCompleted => _machine is null;

    public Turn GetAwaiter() => this;

    /// <summary>Takes the lock that was waited for: whoever resumes an actor has seen that it is free.</summary>
    public void GetResult()
    {
        _waiting.Wanted?.TakeFor(_actor!, _waiting.Shared);
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        _machine!.Controller!.Park(_actor!, _step, _waiting, continuation);
}
