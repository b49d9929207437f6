using System.Runtime.ExceptionServices;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Runs things as many at a time as there are cores; results come in the order asked, so that they do not depend on it.</summary>
internal static class SideBySide
{
    /// <param name="one">Runs one; told whom to tell the share that is done.</param>
    /// <param name="progress">Told the position in the list and the share, from any thread.</param>
    /// <exception cref="InputException">What one of them was told cannot be used: the exception itself, not one around it.</exception>
    public static TResult[] Run<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, Action<double>, TResult> one,
        Action<int, double>? progress, CancellationToken cancellation)
    {
        TResult[] results = new TResult[items.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, items.Count, parallel, index =>
                results[index] = one(items[index], share => progress?.Invoke(index, share)));
        }
        catch (AggregateException exception)
        {
            IReadOnlyList<Exception> all = exception.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(all.FirstOrDefault(inner => inner is InputException) ?? all[0]);
        }

        return results;
    }
}
