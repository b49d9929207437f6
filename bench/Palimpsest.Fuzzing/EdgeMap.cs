using System.Numerics;
using System.Runtime.InteropServices;
using Palimpsest.Steps;
using SharpFuzz.Common;

namespace Palimpsest.Fuzzing;

/// <summary>
/// Which branches one execution took and how often, as the code that SharpFuzz adds to an assembly counts them: one byte
/// for each pair of places, by a hash. Counts are told apart in eight steps, as AFL does.
/// </summary>
internal sealed unsafe class EdgeMap
{
    public const int Bytes = 1 << 16;

    private static readonly byte[] _steps = [.. Enumerable.Range(0, 256).Select(Step)];

    private static readonly byte* _map = Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Bytes);

    private readonly byte[] _seen = new byte[Bytes];

    /// <summary>Pairs of places that some execution went through.</summary>
    public int Edges { get; private set; }

    /// <summary>Forgets what has run; before any counted code runs at all.</summary>
    public static void Clear()
    {
        new Span<byte>(_map, Bytes).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>What the execution since <see cref="Clear"/> took: eight bits an edge, one of them set.</summary>
    public List<(int Edge, byte Step)> Taken()
    {
        List<(int, byte)> taken = [];
        foreach (int word in WordsInUse())
        {
            for (int edge = word * sizeof(ulong); edge < (word + 1) * sizeof(ulong); edge++)
            {
                if (_map[edge] != 0)
                {
                    taken.Add((edge, _steps[_map[edge]]));
                }
            }
        }

        return taken;
    }

    /// <summary>Did the execution take an edge, or take it as often, as none did before?</summary>
    public bool IsNew()
    {
        bool isNew = false;
        ulong* words = (ulong*)_map;
        for (int word = 0; word < Bytes / sizeof(ulong); word++)
        {
            for (ulong rest = words[word]; rest != 0;)
            {
                int place = BitOperations.TrailingZeroCount(rest) / 8;
                rest &= ~(0xffUL << (place * 8));
                int edge = (word * sizeof(ulong)) + place;
                isNew |= (_seen[edge] & _steps[_map[edge]]) == 0;
            }
        }

        return isNew;
    }

    public void Remember(List<(int Edge, byte Step)> taken)
    {
        foreach ((int edge, byte step) in taken)
        {
            Edges += _seen[edge] == 0 ? 1 : 0;
            _seen[edge] |= step;
        }
    }

    /// <summary>Of what an execution took, what no remembered one did.</summary>
    public List<(int Edge, byte Step)> News(List<(int Edge, byte Step)> taken) =>
        [.. taken.Where(item => (_seen[item.Edge] & item.Step) == 0)];

    private List<int> WordsInUse()
    {
        List<int> inUse = [];
        ulong* words = (ulong*)_map;
        for (int word = 0; word < Bytes / sizeof(ulong); word++)
        {
            if (words[word] != 0)
            {
                inUse.Add(word);
            }
        }

        return inUse;
    }

    private static byte Step(int count) => count switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
