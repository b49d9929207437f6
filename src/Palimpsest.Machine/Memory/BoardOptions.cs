using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>What the user says about a machine that its device tree does not.</summary>
/// <param name="RamBytes">Total RAM, for trees whose memory node has size 0 because a bootloader fills it in.</param>
/// <param name="DefaultCarveOut">Where the tree has no tag storage, place some above each bank.</param>
public sealed record BoardOptions(PageGeometry Geometry, ulong? RamBytes = null, bool DefaultCarveOut = true);
