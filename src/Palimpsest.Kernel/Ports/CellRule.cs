namespace Palimpsest.Kernel.Ports;

/// <summary>When a home of cells makes cells active, and when it gives them back (XNU, vm_mteinfo.c).</summary>
/// <param name="Boot">Share of all cells that are active from boot on, in thousandths; XNU has an eighth.</param>
/// <param name="KeepsFree">
/// A cell without tagged pages stays active as long as a page of it is free, as shipped; else it goes with its last tagged page.
/// </param>
/// <param name="Fewest">Active cells that are never given back for want of free pages.</param>
public sealed record CellRule(int Boot = 0, bool KeepsFree = true, int Fewest = 100);
