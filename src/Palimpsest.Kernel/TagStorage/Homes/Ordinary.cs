using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>Memory like any other, for whoever asks.</summary>
public sealed class Ordinary : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.Ordinary;
}
