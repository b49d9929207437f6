using CsCheck;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests;

/// <summary>Two or three actors of a few reads, writes and locked sections over three variables.</summary>
internal sealed record RandomProgram(RandomProgram.Form Kind, RandomProgram.Instruction[][] Actors)
{
    private const int VariableCount = 3;

    /// <summary>What a search leaves out.</summary>
    internal enum Way
    {
        Whole,
        Reduced,

        /// <summary>Whoever writes promises to read only.</summary>
        FalselyReduced,
        Hashed,
    }

    internal enum Form
    {
        /// <summary>A CPU each, a mutex.</summary>
        Apart,

        /// <summary>One CPU, a spin lock that keeps the others off it.</summary>
        OneCpu,

        /// <summary>The last actor is hardware and need not finish.</summary>
        Hardware,
    }

    internal enum Operation
    {
        Read,
        Write,
        Add,
        Lock,
        Unlock,
        ReadLock,
        WaitUntilSet,
    }

    public static Gen<RandomProgram> All { get; } =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, VariableCount - 1], (operation, variable) => new Instruction((Operation)operation, variable))
            .Array[1, 4].Array[2, 3].Select(Gen.Int[0, 2], (actors, form) => new RandomProgram((Form)form, actors));

    /// <summary>What the variables and the memories of the actors are at the ends that are reached before the first deadlock.</summary>
    public HashSet<string> Ends(Way way, int? bound, out SearchResult result)
    {
        HashSet<string> ends = [];
        Access writes = way == Way.FalselyReduced ? Access.Reads : Access.Writes;
        Scenario<State> scenario = new Scenario<State>("random",
            machine => new State(new Variables(machine, VariableCount, writes), sleeps: Kind != Form.OneCpu)).AtEnd("SEEN", state =>
        {
            ends.Add(state.ToString());
            return null;
        });
        for (int actor = 0; actor < Actors.Length; actor++)
        {
            Instruction[] instructions = Actors[actor];
            int self = actor;
            if (Kind == Form.Hardware && actor == Actors.Length - 1)
            {
                scenario.Hardware("hardware", state => Run(state, self, instructions));
            }
            else
            {
                scenario.Actor($"thread{actor}", Kind == Form.OneCpu ? 0 : actor, state => Run(state, self, instructions));
            }
        }

        scenario = way switch
        {
            Way.Whole => scenario.AfterEachStep("NONE", state => null),
            Way.Hashed => scenario.Hash(state => state.Hash()),
            _ => scenario,
        };
        result = scenario.Search(new DepthFirst(bound), schedules: 1_000_000);
        return ends;
    }

    public override string ToString() =>
        $"{Kind}: " + string.Join(" | ", Actors.Select(actor => string.Join(", ", actor.Select(one => $"{one.Operation} {one.Variable}"))));

    private static async ValueTask Run(State state, int self, Instruction[] instructions)
    {
        Actor actor = state.Variables.Machine.Current;
        foreach (Instruction instruction in instructions)
        {
            await Do(state, self, actor, instruction);
        }

        state.LetGo(actor);
    }

    private static async ValueTask Do(State state, int self, Actor actor, Instruction instruction)
    {
        Variables variables = state.Variables;
        switch (instruction.Operation)
        {
            case Operation.Read:
                state.Memory[self] = (state.Memory[self] * 31) + await variables.Read(instruction.Variable);
                break;
            case Operation.Write:
                await variables.Write(instruction.Variable, state.Memory[self] + self);
                break;
            case Operation.Add:
                await variables.Add(instruction.Variable, self + 1);
                break;
            case Operation.Lock or Operation.ReadLock when actor.Held.Length == 0:
                await variables.Machine.Take(state.Lock, shared: instruction.Operation == Operation.ReadLock, Access.Writes);
                state.IsShared[self] = instruction.Operation == Operation.ReadLock;
                break;
            case Operation.Unlock:
                state.LetGo(actor);
                break;
            case Operation.WaitUntilSet:
                await variables.Machine.Until(9, instruction.Variable, () => variables[instruction.Variable] != 0, Access.Reads);
                break;
            default:
                break;
        }
    }

    internal readonly record struct Instruction(Operation Operation, int Variable);

    private sealed class State(Variables variables, bool sleeps)
    {
        public Variables Variables { get; } = variables;

        public StepLock Lock { get; } = new("lock", 1, sleeps);

        public int[] Memory { get; } = new int[3];

        public bool[] IsShared { get; } = new bool[3];

        public ulong Hash()
        {
            ulong hash = StateHash.Empty;
            for (int index = 0; index < VariableCount; index++)
            {
                hash = StateHash.Add(StateHash.Add(hash, (ulong)Variables[index]), (ulong)Memory[index]);
            }

            return hash;
        }

        public void LetGo(Actor actor)
        {
            if (actor.Held.Length == 0)
            {
                return;
            }

            if (Lock.Owner == actor)
            {
                Lock.Release();
            }
            else
            {
                Lock.ReleaseShared(actor);
            }
        }

        public override string ToString() =>
            $"{string.Join(",", Enumerable.Range(0, VariableCount).Select(variable => Variables[variable]))}/{string.Join(",", Memory)}";
    }
}
