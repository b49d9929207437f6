using System.Runtime.CompilerServices;

namespace Palimpsest.Steps;

/// <summary>What an operation awaits at a point, at once; completed already when nobody controls the machine.</summary>
/// <remarks>One reference: where its actor goes on is kept in the <see cref="Actor"/>, who can stand at one point only.</remarks>
public readonly struct Turn : ICriticalNotifyCompletion
{
    private readonly Actor? _actor;

    internal Turn(Actor actor) => _actor = actor;

    /// <summary>The point is passed at once.</summary>
    public bool IsCompleted => _actor is null;

    /// <summary>What <c>await</c> asks for: itself.</summary>
    public Turn GetAwaiter() => this;

    /// <summary>Takes the lock that was waited for: whoever resumes an actor has seen that it is free.</summary>
    public void GetResult() => _actor?.Resume();

    /// <summary>What <c>await</c> calls: the actor stands here until the controller lets it go on.</summary>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc cref="OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => _actor!.Park(continuation);
}
