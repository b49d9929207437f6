namespace Palimpsest.Benchmarks;

/// <summary>A free list threaded through an array of indexes.</summary>
internal sealed class BareList
{
    private readonly int[] _next;
    private int _head;

    public BareList(int count) => _next = [.. Enumerable.Range(1, count)];

    public int Take()
    {
        int taken = _head;
        _head = _next[taken];
        return taken;
    }

    public void Put(int index)
    {
        _next[index] = _head;
        _head = index;
    }
}
