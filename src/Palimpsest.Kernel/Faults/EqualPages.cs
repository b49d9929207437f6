using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Caches;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>Pages of one round of KSM by what they hold: those that are shared already, and those met once (its stable and unstable
/// tree).</summary>
internal sealed class EqualPages(TaggedMemory bytes, int pageBytes)
{
    private readonly Dictionary<ulong, List<Frame>> _stable = [];
    private readonly Dictionary<ulong, List<(Frame Frame, AddressSpace Space, ulong Page)>> _unstable = [];
    private readonly byte[] _one = new byte[pageBytes];
    private readonly byte[] _other = new byte[pageBytes];

    /// <summary>FNV-1a of its words.</summary>
    public ulong HashOf(Frame frame)
    {
        ulong hash = 0xCBF29CE484222325;
        for (int offset = 0; offset < pageBytes; offset += sizeof(ulong))
        {
            hash = (hash ^ bytes.Load64(frame.Index, offset)) * 0x100000001B3;
        }

        return hash;
    }

    public bool IsZero(Frame frame)
    {
        bytes.Read(frame.Index, 0, _one);
        return _one.AsSpan().IndexOfAnyExcept((byte)0) < 0;
    }

    public void AddStable(ulong hash, Frame frame)
    {
        List<Frame> frames = _stable.TryGetValue(hash, out List<Frame>? known) ? known : _stable[hash] = [];
        if (!frames.Contains(frame))
        {
            frames.Add(frame);
        }
    }

    /// <summary>A shared page that holds the same, and that not too many share; none if there is no such.</summary>
    public Frame FindStable(ulong hash, Frame frame, FolioTable folios, int mostSharing)
    {
        foreach (Frame stable in _stable.GetValueOrDefault(hash) ?? [])
        {
            if (stable != frame && folios.MappingCount(stable) < mostSharing && IsSame(stable, frame))
            {
                return stable;
            }
        }

        return Frame.None;
    }

    public void AddUnstable(ulong hash, Frame frame, AddressSpace space, ulong page)
    {
        List<(Frame Frame, AddressSpace Space, ulong Page)> met =
            _unstable.TryGetValue(hash, out var known) ? known : _unstable[hash] = [];
        met.Add((frame, space, page));
    }

    /// <summary>Where a page was met that holds the same, and that is met no more; null if none was.</summary>
    public (AddressSpace Space, ulong Page)? TakeUnstable(ulong hash, Frame frame)
    {
        if (!_unstable.TryGetValue(hash, out var met))
        {
            return null;
        }

        int index = met.FindIndex(other => other.Frame != frame && IsSame(other.Frame, frame));
        if (index < 0)
        {
            return null;
        }

        (_, AddressSpace space, ulong page) = met[index];
        met.RemoveAt(index);
        return (space, page);
    }

    private bool IsSame(Frame one, Frame other)
    {
        bytes.Read(one.Index, 0, _one);
        bytes.Read(other.Index, 0, _other);
        return _one.AsSpan().SequenceEqual(_other);
    }
}
