namespace Palimpsest.Kernel.Tables;

/// <summary>The address spaces of a machine and all that is written into their tables.</summary>
/// <param name="Ptes">Makes entries.</param>
/// <param name="Entries">Writes them.</param>
/// <param name="Pages">Memory of the tables themselves.</param>
/// <param name="Zero">The page that all of them may map.</param>
internal sealed record SpaceTables(SpaceList Spaces, PteMaker Ptes, PteWriter Entries, TablePages Pages, ZeroPage Zero);
