namespace Palimpsest.Lab.ClosedLoops;

/// <summary>What a closed loop is to do.</summary>
/// <param name="Pages">Pages that all its processes together want to use.</param>
/// <param name="Steps">Requests, switches or queries: the loop's unit of work and of time.</param>
/// <param name="TaggedFrom">Share of its heaps that is PROT_MTE when it starts, 0 to 1.</param>
/// <param name="TaggedTo">The share when it ends; in between it changes evenly.</param>
public sealed record LoopParameters(int Pages, int Steps, double TaggedFrom, double TaggedTo, ulong Seed)
{
    /// <summary>A page cache takes what the processes leave free (<see cref="FillingReader"/>).</summary>
    public bool IsFull { get; init; }

    /// <summary>Share of heaps that is PROT_MTE at a step, 0 to 1: on the line from the first step to the last.</summary>
    public double TaggedAt(int step) => TaggedFrom + ((TaggedTo - TaggedFrom) * step / Math.Max(1, Steps - 1));
}
