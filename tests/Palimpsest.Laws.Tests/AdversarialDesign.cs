using Palimpsest.Kernel.Ports;

namespace Palimpsest.Laws.Tests;

/// <summary>Answers every question at random, values outside the enums included. The kernel must keep all laws.</summary>
public sealed class AdversarialDesign : Design
{
    private readonly Random _random;

    public AdversarialDesign(StoragePlacement placement, int seed)
    {
        _random = new Random(seed);
        Placement = placement;
        Recall = new RecallRule(_random.Next(-1, 4), _random.Next(2) == 0, _random.Next(-1, 6), _random.Next(2) == 0);
        BlockBytes = _random.Next(-1, 6) * 4096;
    }

    public override StoragePlacement Placement { get; }

    public override RecallRule Recall { get; }

    public override int BlockBytes { get; }

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        new(_random.Next(2) == 0, _random.Next(2) == 0, (StorageUse)_random.Next(0, 8), _random.Next(-2, 20));

    // Taking everything is for ever: rare, or the rest would never be seen.
    public override ReservationVerdict OnTagged(in TaggedView view) =>
        _random.Next(200) == 0 ? ReservationVerdict.TakeEverything : (ReservationVerdict)(_random.Next(0, 8) is var answer and not (int)ReservationVerdict.TakeEverything ? answer : 2);

    public override BusyVerdict OnStorageBusy(in TaggedView view) => (BusyVerdict)_random.Next(0, 5);
}
