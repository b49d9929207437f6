using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Instructions of a page that follow each other whatever happens.</summary>
/// <param name="First">Place of the first in its page.</param>
internal readonly record struct Block(int First, int Count)
{
    /// <summary>Place behind the last.</summary>
    public int End => First + Count;
}

/// <summary>
/// What is compiled together: what a page's instruction reaches by branches within the page, up to a number of instructions.
/// Behind calls it goes on, since they return; there, and where loops begin, the region can be entered too.
/// </summary>
internal sealed class RegionPlan
{
    private const int MostInstructions = 32;
    private const int MostEntries = 24;

    private readonly uint[] _words;
    private readonly Func<int, bool> _isTaken;
    private readonly bool[] _isReached = new bool[CodePage.Words + 1];
    private readonly bool[] _isLeader = new bool[CodePage.Words + 1];
    private readonly Dictionary<int, int> _checkpoints = [];
    private readonly SortedSet<int> _entries = [];
    private readonly Dictionary<int, int> _ways = [];
    private readonly Queue<int> _starts = new();
    private int _count;

    /// <param name="words">Encodings of the page.</param>
    /// <param name="head">Place of the instruction that is hot.</param>
    /// <param name="isTaken">Whether another region is entered at a place, which is not compiled again.</param>
    public RegionPlan(uint[] words, int head, Func<int, bool> isTaken)
    {
        (_words, _isTaken) = (words, isTaken);
        Head = head;
        AddEntry(head);
        while (_starts.TryDequeue(out int start))
        {
            Follow(start);
        }

        _entries.RemoveWhere(entry => !_isReached[entry]);
        Blocks = [.. Cut()];
        foreach (int next in Blocks.SelectMany(After))
        {
            _ways[next] = _ways.GetValueOrDefault(next) + 1;
        }

        // Where ways meet, others come to as well, and nothing of a block before is at hand that would be lost. A call may lead
        // into the middle of a block: it leaves the region.
        _entries.UnionWith(Blocks.Select(block => block.First).Where(first => _ways.GetValueOrDefault(first) > 1).Take(MostEntries));

        FindCheckpoints();
    }

    public int Head { get; }

    /// <summary>By their place.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>
    /// Where a slice has to be long enough, by the place of the block, for how many instructions: those on the longest way to
    /// the next such block. They are entries, and what is branched back to.
    /// </summary>
    public IReadOnlyDictionary<int, int> Checkpoints => _checkpoints;

    /// <summary>Where the region can be entered: places of blocks.</summary>
    public IReadOnlyCollection<int> Entries => _entries;

    public int Instructions => _count;

    public Encoding At(int index) => new(_words[index]);

    public bool Contains(int index) => (uint)index < CodePage.Words && _isReached[index];

    /// <summary>Whether a block is come to from one other of the region only.</summary>
    public bool HasOneWay(int index) => _ways.GetValueOrDefault(index) == 1 && !_entries.Contains(index);

    private void Follow(int index)
    {
        for (; index < CodePage.Words && !_isReached[index] && _count < MostInstructions && !_isTaken(index); index++)
        {
            Flow flow = Flow.Of(At(index));
            if (flow.Kind == FlowKind.Stop)
            {
                return;
            }

            _isReached[index] = true;
            _count++;
            int target = index + flow.Distance;
            if (flow.Kind is FlowKind.Call or FlowKind.IndirectCall)
            {
                AddEntry(index + 1);
                return;
            }

            if (flow.HasTarget && (uint)target < CodePage.Words)
            {
                AddTarget(target, isBack: flow.Distance <= 0);
            }

            if (flow.Kind is FlowKind.Jump or FlowKind.Indirect)
            {
                return;
            }

            if (flow.Kind == FlowKind.Choice)
            {
                _isLeader[index + 1] = true;
            }
        }

        // It has been here: from there on it goes on as a block that others come to as well.
        _isLeader[Math.Min(index, CodePage.Words)] = true;
    }

    private void AddTarget(int target, bool isBack)
    {
        _isLeader[target] = true;
        _starts.Enqueue(target);
        if (isBack && _entries.Count < MostEntries)
        {
            _entries.Add(target);
        }
    }

    private void AddEntry(int index)
    {
        if (index < CodePage.Words && _entries.Count < MostEntries)
        {
            _entries.Add(index);
            _isLeader[index] = true;
            _starts.Enqueue(index);
        }
    }

    private void FindCheckpoints()
    {
        Dictionary<int, int> longest = [];
        HashSet<int> checkpoints = [.. _entries];
        foreach (Block block in Blocks)
        {
            checkpoints.UnionWith(After(block).Where(next => next <= block.First));
        }

        // Ways that come back come to a checkpoint: of all others the end is known before the start.
        foreach (Block block in Blocks.Reverse())
        {
            int behind = After(block).Where(next => !checkpoints.Contains(next)).Max(next => (int?)longest.GetValueOrDefault(next)) ?? 0;
            longest[block.First] = block.Count + behind;
            if (checkpoints.Contains(block.First))
            {
                _checkpoints[block.First] = longest[block.First];
            }
        }
    }

    /// <summary>Places of the blocks that come next.</summary>
    private IEnumerable<int> After(Block block)
    {
        Flow flow = Flow.Of(At(block.End - 1));
        int target = block.End - 1 + flow.Distance;
        if (flow.HasTarget && Contains(target))
        {
            yield return target;
        }

        if (flow.Kind is FlowKind.On or FlowKind.Choice && Contains(block.End))
        {
            yield return block.End;
        }
    }

    private IEnumerable<Block> Cut()
    {
        int first = -1;
        for (int index = 0; index <= CodePage.Words; index++)
        {
            bool isIn = index < CodePage.Words && _isReached[index];
            if (first >= 0 && (!isIn || _isLeader[index] || Flow.Of(At(index - 1)).Kind != FlowKind.On))
            {
                yield return new Block(first, index - first);
                first = -1;
            }

            first = isIn && first < 0 ? index : first;
        }
    }
}
