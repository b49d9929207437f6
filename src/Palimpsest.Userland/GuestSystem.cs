using Palimpsest.A64;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Cores;
using Palimpsest.Steps;
using Palimpsest.Userland.Calls;
using Palimpsest.Userland.Files;
using Palimpsest.Userland.Loading;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland;

/// <summary>
/// Linux as arm64 programs see it, on a modelled machine: one thread of the host runs all threads of the guest in slices of
/// instructions, so that a program and a seed have one outcome. Time is retired instructions, a nanosecond each.
/// </summary>
public sealed partial class GuestSystem
{
    private const int MostTagFaults = 1000;

    private readonly CodePages _code;
    private readonly SignalDelivery _delivery;
    private readonly CallTable _calls;
    private readonly List<GuestTagFault> _tagFaults = [];
    private readonly SortedSet<int> _unknownCalls = [];
    private readonly LinkedList<GuestThread> _queue = new();
    private readonly GuestOptions _options;
    private ulong _random;
    private long _pageFaults;
    private long _retired;
    private long _slices;
    private int _lastId;
    private GuestLimit? _limit;
    private GuestProcess? _running;
    private GuestProcess? _first;

    /// <param name="machine">A machine that nothing else runs on, with one CPU and pages of 4 KiB.</param>
    public GuestSystem(LinuxMachine machine, GuestOptions options)
    {
        (Machine, _options, _random) = (machine, options, options.Seed);
        NodeFactory nodes = new(machine);
        Tree = new FileTree(nodes, options.Root, options.WorkingFolder);
        GuestDevices.Add(Tree);
        _delivery = new SignalDelivery(this);
        _calls = new CallTable(this);
        Loader = new ProgramLoader(this);
        Engine engine = options.IsInterpreted ? Engine.Interpreter : Engine.Compiler;
        _code = new CodePages(machine.Start("boot").Main.Core, engine) { Threshold = options.HotBranches };
    }

    /// <summary>Whether hot code can be compiled here; a native program only interprets.</summary>
    public static bool CanCompile => CodePages.CanCompile;

    /// <summary>Told after so many instructions each, with what has been retired.</summary>
    public Action<long>? Progress { get; set; }

    internal LinuxMachine Machine { get; }

    internal FileTree Tree { get; }

    internal ProgramLoader Loader { get; }

    internal List<GuestProcess> Processes { get; } = [];

    /// <summary>Nanoseconds since the start: one an instruction, and what was slept while nobody could run.</summary>
    public long Now => _retired + _idle;

    /// <summary>Number and name of the process that runs, or ran last.</summary>
    public (int Id, string Name) Running => _running is { } process ? (process.Id, process.Name) : (1, _options.Arguments[0]);

    /// <summary>Runs a program until it ends.</summary>
    /// <exception cref="InputException">The program cannot be started.</exception>
    public GuestOutcome Run()
    {
        Start();
        RunTo(long.MaxValue);
        return End();
    }

    /// <inheritdoc cref="Run"/>
    internal void Start() => _first = StartFirst().Process;

    /// <summary>The program has been started, and neither ended nor had too much of something.</summary>
    internal bool GoesOn => _first!.Status is null && _limit is null;

    /// <summary>Until the program has ended, or so many instructions are retired in all.</summary>
    internal void RunTo(long instructions)
    {
        while (GoesOn && _retired < instructions)
        {
            if (Next() is { } thread)
            {
                RunSlice(thread, Math.Min(NextSlice(), instructions - _retired));
                FireTimers();
                Progress?.Invoke(_retired);
            }

            CheckInstructions();
        }
    }

    /// <summary>Whoever is left is killed, and what came of it all told.</summary>
    internal GuestOutcome End()
    {
        foreach (GuestProcess left in Processes.ToArray())
        {
            EndProcess(left, SignalNumber.Kill);
        }

        int? status = _limit is null ? _first!.Status : SignalNumber.Kill;
        int signal = status!.Value & 127;
        return new GuestOutcome(
            signal == 0 ? status.Value >> 8 & 255 : null, signal == 0 ? null : signal, _retired, _pageFaults, _tagFaults,
            [.. _unknownCalls], _limit);
    }

    internal int NextId() => ++_lastId;

    internal byte RandomByte()
    {
        _random += 0x9E3779B97F4A7C15;
        ulong mixed = (_random ^ _random >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (byte)(mixed >> 56);
    }

    internal byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++)
        {
            bytes[index] = RandomByte();
        }

        return bytes;
    }

    internal void NoteUnknown(int call) => _unknownCalls.Add(call);

    private void CheckInstructions()
    {
        if (_options.MostInstructions is { } most && _retired >= most)
        {
            _limit ??= GuestLimit.Instructions;
        }
    }

    private void RunSlice(GuestThread thread, long left)
    {
        TakeTurn(thread);
        while (left > 0 && !thread.HasEnded && !thread.IsStopped && thread.WaitsFor is null && _limit is null)
        {
            if (!IsReady(thread))
            {
                break;
            }

            bool isStep = thread.Tracee is { Going: Going.OneStep };
            long before = _retired;
            Stop stop = Execute(thread, isStep ? 1 : left);
            long done = _retired - before;
            left -= done;
            Handle(thread, stop);
            if (isStep && done > 0 && stop.Reason == StopReason.Slice)
            {
                thread.Tracee!.EndStep();
            }

            CheckMemory();
        }

        if (!thread.HasEnded)
        {
            Enter(thread);
            _delivery.Deliver(thread);
        }
    }

    /// <summary>What a tracer kept it from and its signals come first; whether it can execute something then.</summary>
    private bool IsReady(GuestThread thread)
    {
        GoOn(thread);
        _delivery.Deliver(thread);
        return !thread.HasEnded && !thread.IsStopped && thread.WaitsFor is null;
    }

    private void TakeTurn(GuestThread thread)
    {
        _running = thread.Process;
        thread.Process.Memory.Task = thread.Task;
    }

    private Stop Execute(GuestThread thread, long instructions)
    {
        ulong from = thread.Cpu.Pc;
        long before = thread.Cpu.Retired;
        Stop stop = thread.Cpu.Run(thread.Task.Core, _code, instructions);
        long done = thread.Cpu.Retired - before;
        _retired += done;
        _options.Witness?.Note(thread, from, done, stop);
        return stop;
    }

    /// <summary>Half of a slice at least: where threads are interrupted depends on the seed.</summary>
    private long NextSlice()
    {
        long most = _options.SliceInstructions;
        ulong mixed = (_options.Seed + (ulong)++_slices) * 0x9E3779B97F4A7C15;
        return Math.Max(1, most - (long)((mixed >> 32) * (ulong)(most / 2) >> 32));
    }

    private void Handle(GuestThread thread, Stop stop)
    {
        switch (stop.Reason)
        {
            case StopReason.SystemCall:
                if (Enter(thread))
                {
                    thread.Cpu.Pc -= 4;
                }
                else
                {
                    MakeCall(thread);
                }

                break;
            case StopReason.Fault:
                HandleFault(thread, stop.Fault);
                break;
            case StopReason.Slice:
                break;
            default:
                Enter(thread);
                Send(thread, FaultSignals.Of(stop, thread.Cpu.Pc));
                break;
        }
    }

    /// <summary>The kernel is entered: an asynchronous tag fault is told before a call is made, which is made again.</summary>
    /// <returns>Whether a call is put off.</returns>
    private bool Enter(GuestThread thread)
    {
        if (!thread.Task.TakeAsyncFault())
        {
            return false;
        }

        Note("SEGV_MTEAERR", 0, thread.Cpu.Pc);
        thread.Task.Tell(SignalCode.TagAsynchronous, 0);
        thread.Pending.Add(new SignalInfo(SignalNumber.Segv, SignalInfo.TagAsynchronous));
        return true;
    }

    private void HandleFault(GuestThread thread, AccessFault fault)
    {
        Enter(thread);
        _pageFaults++;
        Conclude(thread, fault, thread.Task.TryResolve(fault).Now());
    }

    /// <summary>What becomes of a fault that the kernel has looked at: a signal, or the thread waits, or goes on.</summary>
    private void Conclude(GuestThread thread, AccessFault fault, SignalCode? raised)
    {
        if (raised is not { } code)
        {
            WaitAtFault(thread);
            return;
        }

        if (code == SignalCode.TagSynchronous)
        {
            Note("SEGV_MTESERR", fault.Address, thread.Cpu.Pc);
            thread.Task.Tell(code, fault.Address);
        }

        SignalInfo info = FaultSignals.Of(code, fault);
        thread.FaultAddress = Untagged(fault.Address);
        Send(thread, info);
    }

    private static ulong Untagged(ulong address) => Palimpsest.Machine.Mte.LogicalTag.Canonical(address);

    private void Note(string code, ulong address, ulong pc)
    {
        if (_tagFaults.Count < MostTagFaults)
        {
            _tagFaults.Add(new GuestTagFault(code, address, pc));
        }
    }
}
