namespace Palimpsest.Lab.Trials;

/// <summary>Whom a trial tells how far it is.</summary>
/// <param name="Reading">Told how many bytes of the (compressed) recording have been read.</param>
/// <param name="Running">Told a design's position in the list and the share of its steps done, from any thread.</param>
public sealed record TrialProgress(Action<long>? Reading = null, Action<int, double>? Running = null);
