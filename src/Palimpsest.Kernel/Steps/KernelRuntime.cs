using Palimpsest.Exploration;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.TagStorage;

namespace Palimpsest.Kernel.Steps;

/// <summary>What the rooms of one kernel share while it runs: its points and locks, its safeguards, and who uses its pages.</summary>
internal sealed class KernelRuntime(Interleaving interleaving, Safeguards safeguards)
{
    public KernelRuntime()
        : this(new Interleaving(), Safeguards.All)
    {
    }

    public Interleaving Interleaving { get; } = interleaving;

    public KernelLocks Locks { get; } = new();

    /// <summary>What pages contain; nothing in a replay.</summary>
    public PageContents Contents { get; set; } = PageContents.None;

    /// <summary>Where migrated folios go; set by the kernel that owns this runtime.</summary>
    public IMigrationTarget Target { get; set; } = null!;

    /// <summary>Who maps folios; nobody in a replay.</summary>
    public FolioUsers Users { get; set; } = FolioUsers.Nobody;

    public bool Has(Safeguards wanted) => (safeguards & wanted) != 0;

    public Turn Point(StepKind kind, int frame) => Interleaving.Point((int)kind, frame);

    public Turn Take(StepLock wanted, bool shared = false) => Interleaving.Take(wanted, shared);
}
