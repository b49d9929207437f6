using Palimpsest.Kernel.Owners;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>Pages of each list that a round of reclaim has yet to look at (nr[] of shrink_lruvec, mm/vmscan.c, 6.1).</summary>
internal sealed class ScanTargets
{
    private readonly int[] _first = new int[4];
    private readonly int[] _left = new int[4];

    public bool DeactivatesAnonymous { get; init; }

    public bool DeactivatesFiles { get; init; }

    /// <summary>An active list was passed over.</summary>
    public bool HasSkipped { get; set; }

    public int this[LruList list]
    {
        get => _left[(int)list];
        set => _first[(int)list] = _left[(int)list] = value;
    }

    /// <summary>Active anonymous pages alone are no reason to go on.</summary>
    public bool IsOver => _left[(int)LruList.InactiveAnonymous] + Files == 0;

    private int Files => _left[(int)LruList.InactiveFile] + _left[(int)LruList.ActiveFile];

    private int Anonymous => _left[(int)LruList.InactiveAnonymous] + _left[(int)LruList.ActiveAnonymous];

    /// <summary>Takes some of a list's pages, to look at them.</summary>
    public int Take(LruList list, int most)
    {
        int taken = Math.Min(most, _left[(int)list]);
        _left[(int)list] -= taken;
        return taken;
    }

    /// <summary>
    /// Enough was freed: the kind of which less is left is done, and of the other as large a share is looked at as of that. False: nothing
    /// is left to even out.
    /// </summary>
    public bool EvenOut()
    {
        if (Files == 0 || Anonymous == 0)
        {
            return false;
        }

        LruList less = Files > Anonymous ? LruList.InactiveAnonymous : LruList.InactiveFile;
        LruList more = less == LruList.InactiveFile ? LruList.InactiveAnonymous : LruList.InactiveFile;
        int left = less == LruList.InactiveFile ? Files : Anonymous;
        int percentLeft = (int)(left * 100L / (_first[(int)less] + _first[(int)less + 1] + 1));
        for (int kind = 0; kind < 2; kind++)
        {
            _left[(int)less + kind] = 0;
            int at = (int)more + kind;
            int scanned = _first[at] - _left[at];
            _left[at] = Math.Max(0, (int)(_first[at] * (100L - percentLeft) / 100) - scanned);
        }

        return true;
    }
}
