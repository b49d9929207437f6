using Palimpsest.Machine.Mte;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Calls;

/// <summary>ptrace (kernel/ptrace.c and arch/arm64/kernel/ptrace.c, 6.12): who traces whom, and how far a thread goes.</summary>
internal sealed class TraceCalls(GuestSystem system)
{
    private const int Call = 117;
    private const int TraceMe = 0;
    private const int PeekText = 1;
    private const int PeekData = 2;
    private const int PokeText = 4;
    private const int PokeData = 5;
    private const int Continue = 7;
    private const int Kill = 8;
    private const int Step = 9;
    private const int Attach = 16;
    private const int Detach = 17;
    private const int ContinueToCall = 24;
    private const int PeekTags = 33;
    private const int PokeTags = 34;
    private const int SetOptions = 0x4200;
    private const int GetEventMessage = 0x4201;
    private const int GetSignalInfo = 0x4202;
    private const int SetSignalInfo = 0x4203;
    private const int GetRegisterSet = 0x4204;
    private const int SetRegisterSet = 0x4205;
    private const int Seize = 0x4206;
    private const int Interrupt = 0x4207;
    private const int Listen = 0x4208;
    private const int GetSignalMask = 0x420A;
    private const int SetSignalMask = 0x420B;
    private const int GetCallInfo = 0x420E;

    private readonly TraceeMemory _memory = new(system);

    public void AddTo(CallTable table) => table[Call] = Trace;

    private long Trace(GuestThread thread, CallArguments arguments)
    {
        int request = arguments.Int(0);
        if (request == TraceMe)
        {
            return Begin(thread, thread.Process.Parent, isSeized: false);
        }

        GuestThread? target = system.Processes.SelectMany(process => process.Threads)
            .FirstOrDefault(other => other.Id == arguments.Int(1) && !other.HasEnded);
        if (target is null)
        {
            return CallTable.Error(Errno.ESRCH);
        }

        if (request is Attach or Seize)
        {
            return AttachTo(thread, target, request == Seize, arguments[2], arguments[3]);
        }

        bool needsStop = request is not (Kill or Interrupt);
        return target.Tracee is not { } tracee || tracee.Tracer != thread.Process
            || (needsStop && (tracee.Status is null || tracee.IsListening))
            ? CallTable.Error(Errno.ESRCH) : Ask(thread, target, tracee, arguments);
    }

    private static long Begin(GuestThread thread, GuestProcess? tracer, bool isSeized)
    {
        if (thread.Tracee is not null || tracer is null)
        {
            return CallTable.Error(Errno.EPERM);
        }

        int? stopped = thread.Process.StoppedBy;
        thread.Tracee = new Tracee(thread, tracer, isSeized);
        if (stopped is { } signal)
        {
            thread.Tracee.StopWithGroup(signal);
        }

        return 0;
    }

    private static long AttachTo(GuestThread thread, GuestThread target, bool isSeized, ulong address, ulong options)
    {
        if (isSeized && (address != 0 || (options & ~Tracee.KnownOptions) != 0))
        {
            return CallTable.Error(Errno.EIO);
        }

        if (target.Process == thread.Process)
        {
            return CallTable.Error(Errno.EPERM);
        }

        long error = Begin(target, thread.Process, isSeized);
        if (error == 0 && !isSeized)
        {
            GuestSystem.Send(target, new SignalInfo(SignalNumber.Stop, SignalInfo.Kernel));
        }

        target.Tracee!.Options |= error == 0 && isSeized ? options : 0;
        return error;
    }

    private long Ask(GuestThread thread, GuestThread target, Tracee tracee, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[2]);
        ulong data = arguments[3];
        int request = arguments.Int(0);
        return request switch
        {
            PeekText or PeekData => _memory.Peek(thread, target, address, data),
            PokeText or PokeData => _memory.Poke(target, address, data),
            PeekTags or PokeTags => TraceeMemory.CopyTags(thread, target, address & ~(ulong)(TagGeometry.GranuleBytes - 1), data,
                request == PokeTags),
            Continue or ContinueToCall or Step or Detach => Resume(target, tracee, request, data),
            Kill => SendKill(target),
            Interrupt => AskToStop(tracee),
            Listen => tracee.TryListen() ? 0 : CallTable.Error(Errno.EIO),
            SetOptions => TakeOptions(tracee, data),
            GetEventMessage => TraceeState.Tell(thread, data, BitConverter.GetBytes((ulong)tracee.Message)),
            GetSignalInfo => TraceeState.TellSignal(thread, tracee, data),
            SetSignalInfo => TraceeState.TakeSignal(thread, tracee, data),
            GetSignalMask => TraceeState.TellMask(thread, target, arguments[2], data),
            SetSignalMask => TraceeState.TakeMask(thread, target, arguments[2], data),
            GetCallInfo => TraceeState.TellCall(thread, target, arguments[2], data),
            GetRegisterSet or SetRegisterSet => TraceeState.CopyRegisters(thread, target, (int)arguments[2], data,
                request == SetRegisterSet),
            _ => CallTable.Error(Errno.EIO),
        };
    }

    private static long Resume(GuestThread target, Tracee tracee, int request, ulong signal)
    {
        if (signal > SignalNumber.Most)
        {
            return CallTable.Error(Errno.EIO);
        }

        tracee.Resume((int)signal, request switch
        {
            ContinueToCall => Going.ToCall,
            Step => Going.OneStep,
            _ => Going.Freely,
        });
        if (request == Detach)
        {
            target.EndTracing();
        }

        return 0;
    }

    private static long SendKill(GuestThread target)
    {
        GuestSystem.Send(target, new SignalInfo(SignalNumber.Kill, SignalInfo.User));
        return 0;
    }

    private static long AskToStop(Tracee tracee)
    {
        if (!tracee.IsSeized)
        {
            return CallTable.Error(Errno.EIO);
        }

        if (tracee.IsListening)
        {
            tracee.StopForInterrupt();
        }

        tracee.IsInterrupted |= tracee.Status is null;
        return 0;
    }

    private static long TakeOptions(Tracee tracee, ulong options)
    {
        if ((options & ~Tracee.KnownOptions) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        tracee.Options = options;
        return 0;
    }
}
