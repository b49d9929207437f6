using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>Firmware hides 1/32 of DRAM for ever. No page is lent, every page can be tagged at no cost: today's machine.</summary>
internal sealed class StaticCarveOut : Design
{
    public override StorageHome Home { get; } = new Hidden();

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.AlwaysActive;
}
