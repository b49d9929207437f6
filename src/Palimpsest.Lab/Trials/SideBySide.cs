using Palimpsest.Designs;

namespace Palimpsest.Lab.Trials;

/// <summary>Runs designs as many at a time as there are cores; results come in the order asked, so that they do not depend on it.</summary>
internal static class SideBySide
{
    /// <param name="one">Runs one design; told whom to tell the share that is done.</param>
    /// <param name="progress">Told a design's position in the list and its share, from any thread.</param>
    public static IReadOnlyList<T> Run<T>(
        IReadOnlyList<DesignChoice> designs, Func<DesignChoice, Action<double>, T> one, Action<int, double>? progress,
            CancellationToken cancellation)
    {
        T[] results = new T[designs.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, designs.Count, parallel, index =>
            results[index] = one(designs[index], share => progress?.Invoke(index, share)));
        return results;
    }
}
