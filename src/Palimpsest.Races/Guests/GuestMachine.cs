using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Guests;

/// <summary>What machines a program is explored on: one is made for each run, so small ones are searched faster.</summary>
/// <param name="Geometry">Of pages of 4 KiB.</param>
/// <param name="SwapPages">Pages that swap has room for.</param>
public sealed record GuestMachine(MemoryBoard Board, PageGeometry Geometry, int SwapPages)
{
    // One for the program's threads, and one for each neighbour of them.
    private const int Cpus = 5;

    /// <summary>Flat memory, without its carve-out, in pageblocks that are small enough for several of them.</summary>
    /// <exception cref="InputException">There cannot be a board of that size.</exception>
    public static GuestMachine Small(ulong ramBytes, int swapPages) =>
        new(MemoryBoard.Flat(ramBytes, RaceSetting.SmallBlocks), RaceSetting.SmallBlocks, swapPages);

    internal LinuxMachine Create(DesignChoice design, Safeguards safeguards, Interleaving steps) =>
        new(Board, design.Create(), new LinuxMachineOptions
        {
            Cpus = Cpus, Geometry = Geometry, SwapPages = SwapPages, Safeguards = safeguards, Interleaving = steps,
        });
}
