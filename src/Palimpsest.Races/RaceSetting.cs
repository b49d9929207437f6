using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>What actors of a race of one's own share: its machine, and whatever else they need.</summary>
public interface IRaceState
{
    /// <summary>Made by <see cref="RaceSetting.Machine"/>, or with the interleaving, design and safeguards of the setting.</summary>
    LinuxMachine Machine { get; }
}

/// <summary>What a race of one's own makes its machine of, for one run.</summary>
/// <param name="Steps">Says whose turn it is.</param>
/// <param name="Design">Under which it is explored.</param>
/// <param name="Safeguards">In force in this search.</param>
public sealed record RaceSetting(Interleaving Steps, DesignChoice Design, Safeguards Safeguards)
{
    // A search makes a machine for each of its runs: 4 MiB, and pageblocks small enough for several in them.
    internal static readonly PageGeometry SmallBlocks = new(PageBytes: 4096, PageBlockOrder: 5);

    /// <summary>A machine of four CPUs over flat memory in pages of 4 KiB.</summary>
    /// <param name="ramBytes">Without its carve-out, which is 1/32 of it.</param>
    /// <param name="swapPages">Pages that swap has room for.</param>
    /// <exception cref="InputException">The design has no place on a board of that size.</exception>
    public LinuxMachine Machine(ulong ramBytes = 4 << 20, int swapPages = 16)
    {
        return new LinuxMachine(MemoryBoard.Flat(ramBytes, SmallBlocks), Design.Create(), new LinuxMachineOptions
        {
            Cpus = 4,
            Geometry = SmallBlocks,
            SwapPages = swapPages,
            Safeguards = Safeguards,
            Interleaving = Steps,
        });
    }
}
