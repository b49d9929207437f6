using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>What comes at any moment: an interrupt, a cache that writes back.</summary>
internal static class MachinePuzzles
{
    /// <summary>An interrupt handler takes a lock that the thread under it may hold (X8 of the list of races).</summary>
    public static Puzzle InterruptTakesLock { get; } = new("interrupt", FailureKind.Deadlock, 1, 2, Locked(interruptsOff: false),
        Locked(interruptsOff: true));

    /// <summary>
    /// A line that stayed dirty when its page changed hands overwrites what the next owner stored (R9 of the list of races).
    /// </summary>
    public static Puzzle LateWriteBack { get; } = new("late-write-back", FailureKind.Law, 0, 3, Reused(invalidates: false),
        Reused(invalidates: true));

    private static Scenario<LockedCpu> Locked(bool interruptsOff)
    {
        async ValueTask Hold(LockedCpu state)
        {
            await state.Machine.Take(state.Lock);
            await state.Machine.Point(0, 0);
            state.Lock.Release();
        }

        return new Scenario<LockedCpu>("interrupt", machine => new LockedCpu(machine, interruptsOff)).Actor("cpu0", 0, Hold)
            .Interrupt("irq", 0, Hold);
    }

    private static Scenario<TwoLines> Reused(bool invalidates) =>
        new Scenario<TwoLines>("late-write-back", machine => new TwoLines(machine))
            .Actor("cpu0", 0, async state =>
            {
                await state.Machine.Point(0, 0);
                state.Store(line: 0, value: 1);
                state.Store(line: 1, value: 1);
                if (invalidates)
                {
                    state.Invalidate();
                }

                await state.Machine.Point(1, 0);
                state.StoreAround(line: 1, value: 2);
            })
            .Hardware("cache", async state =>
            {
                while (true)
                {
                    await state.Machine.Until(2, 0, () => state.DirtyCount > 0);
                    state.WriteBack(state.Machine.Choose(state.DirtyCount));
                }
            })
            .AtEnd("DATA-1", state => state.Dram[1] == 2 ? null : $"line 1 has {state.Dram[1]}, not 2");

    private sealed class LockedCpu(Interleaving machine, bool interruptsOff)
    {
        public Interleaving Machine { get; } = machine;

        public StepLock Lock { get; } = new("xa_lock", 1, sleeps: false, interruptsOff: interruptsOff);
    }

    private sealed class TwoLines(Interleaving machine)
    {
        private readonly List<(int Line, int Value)> _dirty = [];

        public Interleaving Machine { get; } = machine;

        public int[] Dram { get; } = new int[2];

        public int DirtyCount => _dirty.Count;

        public void Store(int line, int value) => _dirty.Add((line, value));

        public void StoreAround(int line, int value) => Dram[line] = value;

        public void Invalidate() => _dirty.Clear();

        public void WriteBack(int index)
        {
            Dram[_dirty[index].Line] = _dirty[index].Value;
            _dirty.RemoveAt(index);
        }
    }
}
