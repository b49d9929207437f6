
namespace Palimpsest.Kernel.Owners;

/// <summary>A place where a frame is mapped.</summary>
/// <param name="Page">Virtual page number; of the first page where a huge page is mapped as one.</param>
internal readonly record struct Mapping(int Space, ulong Page, bool IsHuge);

/// <summary>
/// Who maps which frame: a chain of places for each frame. Linux finds them through anon_vma and the file's interval tree;
/// a chain gives the same answers and keeps its order, latest first.
/// </summary>
internal sealed class ReverseMap
{
    private const ulong HugeBit = 1UL << 63;

    private Node[] _nodes = new Node[1024];
    private int _free;
    private int _used = 1;

    /// <summary>Places in use, for audits.</summary>
    public int Mappings { get; private set; }

    /// <param name="first">Head of the frame's chain; 0 is empty.</param>
    public void Add(ref int first, Mapping mapping)
    {
        int node = _free;
        if (node != 0)
        {
            _free = _nodes[node].Next;
        }
        else
        {
            node = _used++;
            if (node == _nodes.Length)
            {
                Array.Resize(ref _nodes, 2 * node);
            }
        }

        _nodes[node] = new Node(mapping.Space, first, mapping.Page | (mapping.IsHuge ? HugeBit : 0));
        first = node;
        Mappings++;
    }

    /// <returns>False when there is no such place.</returns>
    public bool Remove(ref int first, int space, ulong page)
    {
        int before = 0;
        for (int node = first; node != 0; before = node, node = _nodes[node].Next)
        {
            if (_nodes[node].Space == space && (_nodes[node].Page & ~HugeBit) == page)
            {
                int next = _nodes[node].Next;
                if (before == 0)
                {
                    first = next;
                }
                else
                {
                    _nodes[before].Next = next;
                }

                _nodes[node].Next = _free;
                _free = node;
                Mappings--;
                return true;
            }
        }

        return false;
    }

    public int Next(int node) => _nodes[node].Next;

    public Mapping this[int node] => new(_nodes[node].Space, _nodes[node].Page & ~HugeBit, (_nodes[node].Page & HugeBit) != 0);

    public int Count(int first)
    {
        int count = 0;
        for (int node = first; node != 0; node = _nodes[node].Next)
        {
            count++;
        }

        return count;
    }

    private struct Node(int space, int next, ulong page)
    {
        public readonly int Space = space;
        public int Next = next;
        public readonly ulong Page = page;
    }
}
