namespace Palimpsest.Races.Guests;

/// <summary>The part of a program's run in which all interleavings are asked about; before and behind it nothing is interleaved.</summary>
/// <param name="From">Instructions of the whole program before it.</param>
/// <param name="Steps">Steps that each thread takes in it, at most; a fault or a system call ends one early.</param>
/// <param name="Instructions">Instructions of a step, at most.</param>
public sealed record GuestWindow(long From = 0, int Steps = 40, int Instructions = 16);
