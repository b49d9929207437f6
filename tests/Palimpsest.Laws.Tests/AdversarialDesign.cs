using Palimpsest.Kernel.Ports;

namespace Palimpsest.Laws.Tests;

/// <summary>Answers every question at random, values outside the enums included. The kernel must keep all laws.</summary>
public sealed class AdversarialDesign : Design
{
    private readonly Random _random;

    public AdversarialDesign(StoragePlace place, int seed)
    {
        _random = new Random(seed);
        Home = new AdversarialHome(place, _random);
        Recall = new RecallRule(_random.Next(-1, 4), _random.Next(2) == 0, _random.Next(-1, 6));
        BlockBytes = _random.Next(-1, 6) * 4096;
    }

    public override StorageHome Home { get; }

    public override RecallRule Recall { get; }

    public override int BlockBytes { get; }

    public override AllocationVerdict OnAllocation(in AllocationView view) => new(_random.Next(2) == 0, _random.Next(2) == 0);

    // Taking everything is for ever: rare, or the rest would never be seen.
    public override ReservationVerdict OnTagged(in TaggedView view) =>
        _random.Next(200) == 0
            ? ReservationVerdict.TakeEverything
            : (ReservationVerdict)(_random.Next(0, 8) is var answer and not (int)ReservationVerdict.TakeEverything ? answer : 2);

    public override BusyVerdict OnStorageBusy(in TaggedView view) => (BusyVerdict)_random.Next(0, 5);
}

/// <summary>Lends a block or not, and draws or not, at random; where it stands changes whenever it is asked after the first time.</summary>
public sealed class AdversarialHome(StoragePlace place, Random random) : StorageHome
{
    private static readonly StoragePlace[] Others = [StoragePlace.Ordinary, StoragePlace.Cma, StoragePlace.OwnZone, StoragePlace.Groups];

    private readonly bool _lendsAll = random.Next(2) == 0;
    private bool _wasAsked;

    public override StoragePlace Place
    {
        get
        {
            StoragePlace answer = _wasAsked ? Others[random.Next(Others.Length)] : place;
            _wasAsked = true;
            return answer;
        }
    }

    public override int Candidates => random.Next(-2, 20);

    public override bool Lends(in StorageBlockView block) => _lendsAll || random.Next(3) > 0;

    public override bool DrawsAt(DrawMoment moment, in DrawView view) => random.Next(2) == 0;
}
