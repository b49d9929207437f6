using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Told of events in the order of the recording, some thousands at a time, and of the sets of flags that they name.</summary>
public delegate void TraceEventSink(ReadOnlySpan<TraceEvent> events, IReadOnlyList<GfpFlags> gfpSets);

/// <summary>
/// Events in fixed chunks, so that growing never copies and a long trace is never one huge array. With a sink, each full
/// chunk is handed over and not kept.
/// </summary>
public sealed class TraceEventList(Action<ReadOnlySpan<TraceEvent>>? sink = null)
{
    private const int ChunkShift = 15;
    private const int ChunkEvents = 1 << ChunkShift;

    private readonly List<TraceEvent[]> _chunks = [];
    private TraceEvent[] _last = [];
    private int _used;

    /// <summary>Events kept; 0 with a sink that has all of them.</summary>
    public long Count => _chunks.Count == 0 ? 0 : (((long)_chunks.Count - 1) << ChunkShift) + _used;

    /// <summary>By place, from 0; the reference holds until the list is dropped.</summary>
    public ref readonly TraceEvent this[long index] => ref _chunks[(int)(index >> ChunkShift)][index & (ChunkEvents - 1)];

    /// <summary>To the end; events do not move afterwards.</summary>
    public void Add(in TraceEvent item)
    {
        if (_used == _last.Length)
        {
            Grow();
        }

        _last[_used++] = item;
    }

    /// <summary>All events kept, in order: <c>foreach (ref readonly TraceEvent at in events)</c>.</summary>
    public Enumerator GetEnumerator() => new(this);

    private ReadOnlySpan<TraceEvent> Chunk(int index) =>
        _chunks[index].AsSpan(0, index == _chunks.Count - 1 ? _used : ChunkEvents);

    /// <summary>Hands over what the sink does not have yet.</summary>
    internal void Flush()
    {
        sink?.Invoke(_last.AsSpan(0, _used));
        _used = sink is null ? _used : 0;
    }

    private void Grow()
    {
        if (sink is not null && _chunks.Count == 1)
        {
            Flush();
            return;
        }

        _last = GC.AllocateUninitializedArray<TraceEvent>(ChunkEvents);
        _chunks.Add(_last);
        _used = 0;
    }

    /// <summary>Walks the events without copying one.</summary>
    public ref struct Enumerator(TraceEventList events)
    {
        private ReadOnlySpan<TraceEvent> _chunk;
        private int _at = -1;
        private int _nextChunk;

        /// <summary>Of the last <see cref="MoveNext"/> that was true.</summary>
        public readonly ref readonly TraceEvent Current => ref _chunk[_at];

        /// <summary>False when there is no more.</summary>
        public bool MoveNext() => ++_at < _chunk.Length || MoveToNextChunk();

        private bool MoveToNextChunk()
        {
            if (_nextChunk == events._chunks.Count)
            {
                return false;
            }

            _chunk = events.Chunk(_nextChunk++);
            _at = 0;
            return _chunk.Length > 0;
        }
    }
}
