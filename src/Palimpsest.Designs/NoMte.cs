using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>The same DRAM without MTE: all tag storage is ordinary memory, nothing can be tagged. The upper bound.</summary>
internal sealed class NoMte : Design
{
    public override StorageHome Home { get; } = new Ordinary();

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Refuse;
}
