namespace Palimpsest.Lab.Traces;

/// <summary>Events in fixed chunks, so that growing never copies and a long trace is never one huge array.</summary>
public sealed class TraceEventList
{
    private const int ChunkShift = 15;
    private const int ChunkEvents = 1 << ChunkShift;

    private readonly List<TraceEvent[]> _chunks = [];
    private TraceEvent[] _last = [];
    private int _used;

    public long Count => _chunks.Count == 0 ? 0 : (((long)_chunks.Count - 1) << ChunkShift) + _used;

    public ref readonly TraceEvent this[long index] => ref _chunks[(int)(index >> ChunkShift)][index & (ChunkEvents - 1)];

    public void Add(in TraceEvent item)
    {
        if (_used == _last.Length)
        {
            _last = GC.AllocateUninitializedArray<TraceEvent>(ChunkEvents);
            _chunks.Add(_last);
            _used = 0;
        }

        _last[_used++] = item;
    }

    public int ChunkCount => _chunks.Count;

    /// <summary>Events of one chunk, in order.</summary>
    public ReadOnlySpan<TraceEvent> Chunk(int index) =>
        _chunks[index].AsSpan(0, index == _chunks.Count - 1 ? _used : ChunkEvents);
}
