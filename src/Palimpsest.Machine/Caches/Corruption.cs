namespace Palimpsest.Machine.Caches;

/// <summary>How tag view and data view of one page of DRAM can spoil each other.</summary>
public enum CorruptionKind : byte
{
    /// <summary>A dirty tag line went to a page that holds data.</summary>
    TagWriteBackIntoData,

    /// <summary>A dirty data line went to a page that holds tags.</summary>
    DataWriteBackIntoTags,

    /// <summary>A tag was read whose storage holds data.</summary>
    TagReadFromUnreserved,

    /// <summary>A tag was written whose storage holds data.</summary>
    TagWriteToUnreserved,

    /// <summary>A page turned from tags to data while a tag line over it was dirty, which may be written back at any time.</summary>
    TagLineLeftBehind,

    /// <summary>A page turned from data to tags while a data line of it was dirty.</summary>
    DataLineLeftBehind,
}

/// <summary>One event that a detector saw.</summary>
/// <param name="StorageFrame">The page of tag storage with two uses.</param>
/// <param name="Line">Line of 64 bytes within that page.</param>
/// <param name="Number">Position among all corruptions, from 0.</param>
public readonly record struct Corruption(CorruptionKind Kind, int StorageFrame, int Line, long Number);

/// <summary>What the detectors saw: the first records, and the count of all.</summary>
public sealed class CorruptionLog
{
    private readonly int _most;
    private readonly List<Corruption> _first = [];
    private readonly long[] _counts = new long[Enum.GetValues<CorruptionKind>().Length];

    internal CorruptionLog(int most) => _most = most;

    /// <summary>The first that were seen, in order of time; <see cref="Total"/> counts all.</summary>
    public IReadOnlyList<Corruption> First => _first;

    /// <summary>All that were seen.</summary>
    public long Total { get; private set; }

    /// <summary>Those of one kind.</summary>
    public long Count(CorruptionKind kind) => _counts[(int)kind];

    internal void Add(CorruptionKind kind, int storageFrame, int line)
    {
        if (_first.Count < _most)
        {
            _first.Add(new Corruption(kind, storageFrame, line, Total));
        }

        _counts[(int)kind]++;
        Total++;
    }
}
