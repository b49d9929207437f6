using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Vectors: those that are frequent.</summary>
internal sealed partial class RegionWriter
{
    private bool TryWriteVector(Encoding e) => false;
}
