using Palimpsest.A64;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Userland;
using Palimpsest.Userland.Signals;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Guests;

/// <summary>A real program in the middle of its run, and who acts beside it, for one run of a search.</summary>
internal sealed class GuestWorld : IRaceState
{
    /// <summary>Threads of the program that are interleaved; later ones wait for the end of the window.</summary>
    public const int MostThreads = 4;

    private const int CallRegister = 8;
    private const int Evictions = 2;
    private const int ReclaimedPages = 8;
    private const int CompactedOrder = 3;

    private readonly Interleaving _steps;
    private readonly GuestWindow _window;
    private readonly GuestSystem _system;
    private readonly List<GuestThread> _threads = [];
    private readonly HashSet<GuestThread> _finished = [];
    private int _inKernel;

    /// <exception cref="InputException">The program cannot be started.</exception>
    public GuestWorld(LinuxMachine machine, GuestOptions guest, Interleaving steps, GuestWindow window)
    {
        (Machine, _steps, _window) = (machine, steps, window);
        _system = new GuestSystem(machine, guest);
        _system.Start();
        _system.RunTo(window.From);
        NoteThreads();
    }

    public LinuxMachine Machine { get; }

    /// <summary>The program goes on by itself to its end.</summary>
    public GuestOutcome Finish()
    {
        _system.RunTo(long.MaxValue);
        return _system.End();
    }

    /// <summary>A thread of the program, by its place, in the window; the place may stay empty.</summary>
    public async ValueTask RunThread(int place)
    {
        if (place >= _threads.Count)
        {
            await _steps.Until((int)StepKind.Begin, 0, () => place < _threads.Count || _finished.Count == _threads.Count);
        }

        if (place >= _threads.Count)
        {
            return;
        }

        GuestThread thread = _threads[place];
        bool canGoOn = true;
        for (int step = 0; step < _window.Steps && canGoOn; step++)
        {
            await _steps.Until((int)StepKind.Execute, PlaceOf(thread), () => MayGoOn(thread));
            canGoOn = Undivided(() => _system.Begin(thread));
            if (canGoOn)
            {
                await Step(thread);
                NoteThreads();
            }
        }

        _finished.Add(thread);
    }

    /// <summary>The kernel acts of its own accord, once.</summary>
    public async ValueTask Act(GuestNeighbour neighbour, CpuId cpu)
    {
        await _steps.Point((int)StepKind.Begin, 0);
        _inKernel++;
        switch (neighbour)
        {
            case GuestNeighbour.Reclaim:
                await Machine.Daemons.Reclaim(ReclaimedPages, cpu);
                break;
            case GuestNeighbour.Compaction:
                await Machine.Daemons.Compact(CompactedOrder, cpu);
                break;
            default:
                await Machine.Daemons.Pack(cpu);
                break;
        }

        _inKernel--;
    }

    /// <summary>Caches write back and drop what is dirty in them.</summary>
    public async ValueTask EvictAll()
    {
        for (int time = 0; time < Evictions; time++)
        {
            await _steps.Until((int)StepKind.InvalidateLines, 0, () => Machine.Hardware.DirtyLines > 0);
            bool isOldestFirst = _steps.Choose(2) == 0;
            while (Machine.Hardware.DirtyLines > 0)
            {
                Machine.Hardware.Evict(isOldestFirst ? 0 : Machine.Hardware.DirtyLines - 1);
            }
        }
    }

    private async ValueTask Step(GuestThread thread)
    {
        Stop stop = _system.Advance(thread, _window.Instructions);
        if (stop.Reason == StopReason.Fault)
        {
            _inKernel++;
            await _system.Resolve(thread, stop.Fault);
            _inKernel--;
            return;
        }

        if (stop.Reason == StopReason.SystemCall)
        {
            await _steps.Until((int)StepKind.SystemCall, (int)thread.Cpu.X(CallRegister), () => _inKernel == 0);
        }

        Undivided(() =>
        {
            _system.Conclude(thread, stop);
            return true;
        });
    }

    /// <summary>
    /// System calls and signals are not interleaved with anybody who is in the kernel. Whoever waits for what nobody in the window
    /// brings leaves it.
    /// </summary>
    private bool MayGoOn(GuestThread thread) => _inKernel == 0
        ? _system.CanGoOn(thread) || !_threads.Exists(other => other != thread && IsInWindow(other) && _system.CanGoOn(other))
        : thread.WaitsFor is null && !thread.HasEnded && !SignalDelivery.HasDeliverable(thread);

    private bool IsInWindow(GuestThread thread) => !thread.HasEnded && !_finished.Contains(thread);

    private T Undivided<T>(Func<T> work)
    {
        _steps.BeginUndivided();
        try
        {
            return work();
        }
        finally
        {
            _steps.EndUndivided();
        }
    }

    private void NoteThreads()
    {
        int last = _threads.Count == 0 ? 0 : _threads[^1].Id;
        _threads.AddRange(_system.Threads.Where(thread => thread.Id > last).Take(MostThreads - _threads.Count));
    }

    private static int PlaceOf(GuestThread thread) => (int)(thread.Cpu.Pc >> 2);
}
