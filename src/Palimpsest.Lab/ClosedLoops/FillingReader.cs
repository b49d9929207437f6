using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// Reads a file for as long as a zone is above its high watermark, as readers, indexers and updates of a machine do that has run for a
/// while: what nobody else wants is page cache. Each page is read once, and here and there one that is still cached again, so that
/// it stays longer than others.
/// </summary>
internal sealed class FillingReader(LinuxMachine machine, ulong seed)
{
    /// <summary>Of the pages that are read, one in so many is of those that were read before.</summary>
    private const int ReadAgain = 100;

    private readonly LoopRandom _random = new(seed);
    private readonly SharedFile _file = machine.OpenFile((long)int.MaxValue * machine.Memory.Layout.Geometry.PageBytes);
    private readonly byte[] _byte = new byte[1];
    private readonly int _pageBytes = machine.Memory.Layout.Geometry.PageBytes;

    /// <summary>Pages read so far.</summary>
    public int Pages { get; private set; }

    /// <summary>Of these, pages that reclaim has dropped.</summary>
    public int Dropped => Pages - _file.CachedPages;

    public void Fill(int step)
    {
        _random.BeginStep(step);
        for (int most = machine.Memory.Frames.Count; most > 0 && IsFree; most--)
        {
            Read(Pages);
            Pages++;
            int again = Pages - 1 - _random.Below(Pages);
            if (_random.Below(ReadAgain) == 0 && _file.IsCached(again))
            {
                Read(again);
            }
        }
    }

    private void Read(int index) => _file.Read((long)index * _pageBytes, _byte);

    private bool IsFree
    {
        get
        {
            foreach (Zone zone in machine.Memory.Zones)
            {
                if (!zone.IsTagStorage && zone.ManagedFrames > 0 && Watermark.IsAboveHigh(zone))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
