using Palimpsest.Races;

namespace Palimpsest.Lab.Reports;

/// <summary>An explored race.</summary>
/// <param name="Seconds">Wall clock of its searches: the only figure of a report that differs from run to run.</param>
public sealed record ExploredRace(RaceResult Result, double Seconds);
