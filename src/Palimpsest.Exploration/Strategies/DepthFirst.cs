using System.Numerics;
using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>
/// Every run, one after the other, by going back to the last choice that was not tried. Without a bound it leaves out
/// runs that only swap independent steps (<see cref="Races"/>, with the sleep sets of Godefroid 1996); a scenario with a
/// hash is cut where a state is known instead (<see cref="SeenStates"/>). A preemption bound (Musuvathi, Qadeer, PLDI
/// 2007) and laws that look between the steps make equivalent runs differ, so they switch the reduction off.
/// </summary>
/// <param name="preemptionBound">Leave out runs in which actors that could go on are left more often; null for all runs.</param>
public sealed class DepthFirst(int? preemptionBound = null) : Strategy
{
    private Node[] _nodes = new Node[64];
    private int _count;
    private int _at;
    private bool _hasBegun;
    private bool _isExhausted;
    private bool _wasBounded;
    private ulong _sleep;
    private Races? _races;
    private SeenStates? _states;

    /// <inheritdoc/>
    public override string Name => preemptionBound is { } bound ? $"depth first, at most {bound} preemptions" : "depth first";

    /// <inheritdoc/>
    public override bool IsExhausted => _isExhausted;

    /// <summary>The bound that cut schedules off; null where all that there are lie below it.</summary>
    public override int? PreemptionBound => _wasBounded ? preemptionBound : null;

    /// <summary>Breaks runs off that have come so far; may fall in the course of a search.</summary>
    internal int MostSteps { get; set; } = int.MaxValue;

    internal override bool Begin(Execution run)
    {
        _at = 0;
        _sleep = 0;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _states = run.Scenario.HasHash ? new SeenStates(preemptionBound is not null) : null;
            _races = _states is null && preemptionBound is null && !run.Scenario.ChecksSteps ? new Races(run) : null;
            return true;
        }

        while (_count > 0 && !Advance(ref _nodes[_count - 1]))
        {
            _count--;
        }

        _isExhausted = _count == 0;
        return !_isExhausted;
    }

    internal override int Pick(Execution run, ulong enabled)
    {
        int at = _at++;
        bool isNew = at == _count;
        if (isNew && !Enter(run, enabled))
        {
            return -1;
        }

        ref Node node = ref _nodes[at];
        if (node.Enabled != enabled || node.Values != 0)
        {
            throw Strayed(run);
        }

        if (_races is not null)
        {
            _races.Took(run, node.Chosen, at, isKnown: at < _count - 1);
            _sleep = Races.Asleep(run, node.Sleep | node.Done, node.Chosen);
        }

        return node.Chosen;
    }

    internal override int PickValue(Execution run, int count)
    {
        int at = _at++;
        if (at == _count)
        {
            Push(new Node { Values = count, Sleep = _sleep });
        }

        if (_nodes[at].Values != count)
        {
            throw Strayed(run);
        }

        return _nodes[at].Chosen;
    }

    internal override void Ended(Execution run) => _races?.Find(run, _nodes);

    private static int FirstOf(Execution run, ulong candidates) =>
        run.Previous >= 0 && (candidates >> run.Previous & 1) != 0 ? run.Previous : BitOperations.TrailingZeroCount(candidates);

    private static InvalidOperationException Strayed(Execution run) =>
        new($"{run.Scenario.Name} is not the same in each run: after {run.Steps} equal steps it offers other choices");

    private static bool Advance(ref Node node)
    {
        if (node.Values != 0)
        {
            return ++node.Chosen < node.Values;
        }

        node.Done |= 1UL << node.Chosen;
        ulong left = node.Todo & ~node.Done & ~node.Sleep;
        node.Chosen = BitOperations.TrailingZeroCount(left);
        return left != 0;
    }

    /// <summary>A choice that no run has come to before; false when it need not be gone into.</summary>
    private bool Enter(Execution run, ulong enabled)
    {
        _races?.Find(run, _nodes);
        ulong allowed = Allowed(run, enabled) & ~_sleep;
        allowed &= run.Steps < MostSteps ? ulong.MaxValue : 1UL << run.End;
        if (allowed == 0 || (_states is not null && !_states.Add(run)))
        {
            return false;
        }

        int first = FirstOf(run, allowed);
        bool mayEnd = (enabled >> run.End & 1) != 0;
        Push(new Node { Enabled = enabled, Sleep = _sleep, Todo = _races is null || mayEnd ? allowed : 1UL << first, Chosen = first });
        return true;
    }

    private ulong Allowed(Execution run, ulong enabled)
    {
        if (preemptionBound is null || run.Preemptions < preemptionBound || run.IsLeftFreely(enabled))
        {
            return enabled;
        }

        ulong allowed = enabled & (1UL << run.Previous | 1UL << run.End);
        _wasBounded |= allowed != enabled;
        return allowed;
    }

    private void Push(Node node)
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _nodes.Length);
        }

        _nodes[_count++] = node;
    }

    /// <summary>A choice on the way of the current run: of an actor, or of one of <see cref="Values"/> values.</summary>
    internal struct Node
    {
        public ulong Enabled;
        public ulong Todo;
        public ulong Done;
        public ulong Sleep;
        public int Chosen;
        public int Values;
    }
}
