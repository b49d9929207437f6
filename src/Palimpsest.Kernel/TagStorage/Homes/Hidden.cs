using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>Not given to the allocator at all: firmware's carve-out.</summary>
public sealed class Hidden : StorageHome
{
    /// <summary>Never filled, as nothing is lent.</summary>
    public override StoragePlace Place => StoragePlace.Ordinary;

    /// <summary>Never.</summary>
    public override bool Lends(in StorageBlockView block) => false;
}
