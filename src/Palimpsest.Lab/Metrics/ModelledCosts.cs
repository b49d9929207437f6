namespace Palimpsest.Lab.Metrics;

/// <summary>
/// Modelled time of all that tag storage caused, in nanoseconds: by what it went to, as in <see cref="CostTable"/>, and in all.
/// </summary>
public sealed record ModelledCosts(
    double Lookup, double BuddyTake, double Copy, double Remap, double Isolate, double Interrupts, double CacheLines, double Faults,
        double Search, double Total);
