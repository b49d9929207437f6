using Palimpsest.Races.Trials;

namespace Palimpsest.Reports;

/// <summary>A race that was explored, and how long that took on the machine that did it.</summary>
public sealed record ExploredRace(RaceOutcome Outcome, double Seconds);
