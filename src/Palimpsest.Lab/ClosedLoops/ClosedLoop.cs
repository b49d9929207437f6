using Palimpsest.Kernel;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// A program, or several, that work on a machine and feel what it does to them: unlike a recording, a closed loop faults
/// again on what was swapped out, and starts anew what was killed.
/// </summary>
public abstract class ClosedLoop
{
    /// <summary>The seed of the parameters is the only chance that a loop has.</summary>
    protected ClosedLoop(LinuxMachine machine, LoopParameters parameters)
    {
        Machine = machine;
        Parameters = parameters;
        Random = new LoopRandom(parameters.Seed);
        PageBytes = machine.Memory.Layout.Geometry.PageBytes;
    }

    /// <summary>Processes that were killed, or got a signal, and were started anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>The machine that it works on; one loop alone has it.</summary>
    protected LinuxMachine Machine { get; }

    /// <summary>What was asked for.</summary>
    protected LoopParameters Parameters { get; }

    /// <summary>Chance that depends on the seed and the step alone, not on what a design did before.</summary>
    protected LoopRandom Random { get; }

    /// <summary>Bytes of a page of the machine.</summary>
    protected int PageBytes { get; }

    /// <summary>One unit of work.</summary>
    public void Step(int number)
    {
        Random.BeginStep(number);
        try
        {
            Work(number);
        }
        catch (SignalException)
        {
            // Whoever it was finds out when its turn comes.
        }
    }

    /// <summary>
    /// One unit of work, numbered from 0: a request, a tab, a query, an app. May end by a signal to one of its processes.
    /// </summary>
    protected abstract void Work(int number);

    /// <summary>A process that lives; a dead one is replaced. One that faults without end goes on when what it waits for comes.</summary>
    protected Process Alive(Process? process, string name, Action<Process> begin)
    {
        if (process is { HasEnded: false } && process.Signals.All(signal => signal.Code == SignalCode.EndlessFault))
        {
            return process;
        }

        if (process is not null)
        {
            process.Exit();
            Restarts++;
        }

        Process started = Machine.Start(name, new CpuId(Random.Below(Machine.Cpus)));
        begin(started);
        return started;
    }

    /// <summary>Is a heap tagged? Drawn on every machine, also one on which nothing can be.</summary>
    protected bool DrawsTagged(int step) => Random.Chance(Parameters.TaggedAt(step)) && Machine.CanTag;

    /// <summary>Memory of a process, at least a page of it, that is tagged or not as is drawn for the step.</summary>
    protected Heap NewHeap(Process process, int pages, int step) =>
        new(process, Math.Max(1, pages), PageBytes, DrawsTagged(step));
}

/// <summary>A closed loop that can be chosen by name.</summary>
public sealed record LoopEntry(string Name, string Essence, int DefaultSteps, Func<LinuxMachine, LoopParameters, ClosedLoop> Create);

/// <summary>All closed loops.</summary>
public static class LoopCatalog
{
    /// <summary>Those that <c>run</c> has by itself.</summary>
    public static IReadOnlyList<LoopEntry> All { get; } =
    [
        new("server", "requests on short-lived tagged heaps beside a cache and a file", 20_000,
            (machine, parameters) => new RequestServer(machine, parameters)),
        new("browser", "tabs forked from one process, which write to a part of what they share", 6_000,
            (machine, parameters) => new Browser(machine, parameters)),
        new("database", "buffers in shared memory over a file in the page cache", 20_000,
            (machine, parameters) => new Database(machine, parameters)),
        new("phone", "apps that are switched to and fro, more than fit in memory", 4_000,
            (machine, parameters) => new Phone(machine, parameters)),
        new("camera", "pictures pinned while they are written out, beside apps", 2_000,
            (machine, parameters) => new Camera(machine, parameters)),
    ];
}
