namespace Palimpsest.Kernel.Ports;

/// <summary>When the worker of a home of active blocks makes blocks ready, and when it empties some.</summary>
/// <param name="Moves">It empties blocks at all; else it only makes blocks ready.</param>
/// <param name="Slack">Blocks above the fewest that would do, as a share of these, that are left alone.</param>
/// <param name="PersistNs">For so long must there be more before it moves pages, in nanoseconds.</param>
/// <param name="Ready">Free pages in active blocks below which it activates one ahead of need.</param>
/// <param name="Rate">Pages that it moves in a second, at most.</param>
public sealed record PackRule(bool Moves = true, double Slack = 0.2, long PersistNs = 1_000_000_000, int Ready = 8, int Rate = 256)
{
    /// <summary>Free pages of active blocks are for data of any kind, not only for what can move out again.</summary>
    public bool LendsToAll { get; init; }

    /// <summary>So many tagged pages make a worker of some use: below, every block above the fewest is one too many.</summary>
    public const int FewTagged = 256;

    /// <summary>A machine with fewer active blocks keeps none ready: it would be a large part of what it has.</summary>
    public const int FewActive = 8;
}
