using System.Runtime.CompilerServices;

namespace Palimpsest.Steps;

/// <summary>Ends of operations.</summary>
public static class StepTasks
{
    /// <summary>The result of an operation that nobody controls, and which therefore has run to its end.</summary>
    /// <exception cref="InvalidOperationException">It was parked: somebody controls the machine.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Now<T>(this ValueTask<T> operation) =>
        operation.IsCompleted ? operation.GetAwaiter().GetResult() : throw NotDone();

    /// <inheritdoc cref="Now{T}(ValueTask{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Now(this ValueTask operation)
    {
        if (!operation.IsCompleted)
        {
            throw NotDone();
        }

        operation.GetAwaiter().GetResult();
    }

    private static InvalidOperationException NotDone() =>
        new("the operation is parked at a point: await it, or remove the controller");
}
