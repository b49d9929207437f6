using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>Shared variables of a puzzle; each access is a step that promises what it touches.</summary>
/// <param name="writes">What those promise that write.</param>
internal sealed class Variables(Interleaving machine, int count, Access writes = Access.Writes)
{
    public const int ReadKind = 0;
    public const int WriteKind = 1;
    public const int UpdateKind = 2;
    public const int RetryKind = 3;

    private readonly int[] _values = new int[count];

    public Interleaving Machine { get; } = machine;

    public int this[int variable]
    {
        get => _values[variable];
        set => _values[variable] = value;
    }

    public static Scenario<Variables> Scenario(string name, int count) =>
        new Scenario<Variables>(name, machine => new Variables(machine, count))
            .Retries(RetryKind)
            .Describe(step =>
                $"{(step.Kind switch { ReadKind => "read", WriteKind => "write", UpdateKind => "update", _ => "retry" })} v{step.Subject}");

    public async ValueTask<int> Read(int variable)
    {
        await Machine.Point(ReadKind, variable, Access.Reads);
        return _values[variable];
    }

    public async ValueTask Write(int variable, int value)
    {
        await Machine.Point(WriteKind, variable, writes);
        _values[variable] = value;
    }

    public async ValueTask<int> Add(int variable, int value)
    {
        await Machine.Point(UpdateKind, variable, writes);
        return _values[variable] += value;
    }

    public async ValueTask<bool> CompareExchange(int variable, int expected, int value)
    {
        await Machine.Point(UpdateKind, variable, writes);
        bool isExpected = _values[variable] == expected;
        _values[variable] = isExpected ? value : _values[variable];
        return isExpected;
    }

    /// <summary>Before another try at what only somebody else can change.</summary>
    public Turn Retry() => Machine.Point(RetryKind, 0);

    public string? Expect(int variable, int value) =>
        _values[variable] == value ? null : $"v{variable} is {_values[variable]}, not {value}";
}
