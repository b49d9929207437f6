using Palimpsest.A64;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland.Calls;

/// <summary>A system call: what it returns, or a negated error.</summary>
internal delegate long Call(GuestThread thread, CallArguments arguments);

/// <summary>Arguments in X0 to X5.</summary>
internal readonly struct CallArguments(Cpu cpu)
{
    public ulong this[int index] => cpu.X(index);

    /// <summary>A 32-bit argument: its upper half is ignored.</summary>
    public int Int(int index) => (int)cpu.X(index);

    public long Long(int index) => (long)cpu.X(index);
}

/// <summary>The system calls of arm64 by number (asm-generic/unistd.h).</summary>
internal sealed class CallTable
{
    private const int NumberRegister = 8;

    private readonly Dictionary<int, Call> _calls = [];
    private readonly GuestSystem _system;

    public CallTable(GuestSystem system)
    {
        _system = system;
        new MemoryCalls(system).AddTo(this);
        RemapCalls.AddTo(this);
        new AdviceCalls(system).AddTo(this);
        new MemoryFileCalls(system).AddTo(this);
        new OtherMemoryCalls(system).AddTo(this);
        new UserfaultCalls(system).AddTo(this);
        ResidencyCalls.AddTo(this);
        FileCalls files = new(system);
        files.AddTo(this);
        new PathCalls(system).AddTo(this);
        new FolderCalls(system).AddTo(this);
        new OwnerCalls(system).AddTo(this);
        new DescriptorCalls(system).AddTo(this);
        new SignalCalls(system).AddTo(this);
        new ProcessCalls(system).AddTo(this);
        new WaitCalls(system).AddTo(this);
        new TraceCalls(system).AddTo(this);
        IdentityCalls.AddTo(this);
        new TimeCalls(system).AddTo(this);
        new FutexCalls(system).AddTo(this);
        new ControlCalls(system).AddTo(this);
        new SharedMemoryCalls(system).AddTo(this);
        new TimerCalls(system).AddTo(this);
        new EventCalls(system).AddTo(this);
        new SelectCalls(system).AddTo(this);
        new SocketCalls(system, files).AddTo(this);
    }

    public Call this[int number]
    {
        set => _calls[number] = value;
    }

    /// <summary>Makes the call that a thread has stopped for; where it has to wait, it is made again later.</summary>
    public void Make(GuestThread thread)
    {
        Cpu cpu = thread.Cpu;
        int number = (int)cpu.X(NumberRegister);
        number = number == BrokenCalls.RestartNumber ? thread.RestartedCall : number;
        GuestMemory memory = thread.Process.Memory;
        memory.CallsWait = true;
        long result;
        try
        {
            if (_calls.TryGetValue(number, out Call? call))
            {
                result = call(thread, new CallArguments(cpu));
            }
            else
            {
                _system.NoteUnknown(number);
                result = -(long)Errno.ENOSYS;
            }
        }
        catch (CallException exception)
        {
            result = -(long)exception.Error;
        }
        catch (FaultWaitException exception)
        {
            result = Wait(thread, () => exception.Wait.IsWoken);
        }

        memory.CallsWait = false;

        if (thread.WaitsFor is not null)
        {
            cpu.Pc -= 4;
        }
        else if (!thread.HasEnded && number != SignalCalls.ReturnNumber)
        {
            cpu.X(0) = (ulong)result;
        }
    }

    /// <summary>The call waits until something holds, and is then made again.</summary>
    /// <returns>Nothing that anybody looks at.</returns>
    public static long Wait(GuestThread thread, Func<bool> condition, long? until = null, bool isRestartable = true)
    {
        (thread.WaitsFor, thread.WaitsUntil, thread.IsRestartable) = (condition, until, isRestartable);
        return 0;
    }

    public static long Error(Errno error) => -(long)error;
}
