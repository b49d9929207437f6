using Palimpsest.Userland;

namespace Palimpsest.Races.Guests;

/// <summary>A program, the machines that it is explored on, and who acts beside it in which part of its run.</summary>
/// <param name="IsAudited">A run also fails where a law of the machine is broken that the program does not notice.</param>
internal sealed record GuestRaceSetting(
    GuestOptions Guest, GuestMachine Machine, GuestWindow Window, IReadOnlyList<GuestNeighbour> Neighbours, bool IsAudited);

/// <summary>What every run has to come to: what becomes of the program where nothing is interleaved.</summary>
/// <param name="Threads">That it had, one after the other or at once.</param>
internal sealed record GuestExpectation(GuestOutcome Outcome, int Threads);
