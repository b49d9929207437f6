using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Calls;

/// <summary>ptrace (kernel/ptrace.c and arch/arm64/kernel/ptrace.c).</summary>
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
    private const int Attach = 16;
    private const int Detach = 17;
    private const int ContinueToCall = 24;
    private const int PeekTags = 33;
    private const int PokeTags = 34;
    private const int SetOptions = 0x4200;
    private const int GetEventMessage = 0x4201;
    private const int GetSignalInfo = 0x4202;
    private const int GetRegisterSet = 0x4204;
    private const int SetRegisterSet = 0x4205;
    private const int Seize = 0x4206;
    private const int Interrupt = 0x4207;
    private const ulong KnownOptions = Tracee.MarksCalls | Tracee.TellsExec | Tracee.KillsAtExit;
    private const int MostTags = 1 << 20;

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
        return target.Tracee is not { } tracee || tracee.Tracer != thread.Process || (needsStop && tracee.Status is null)
            ? CallTable.Error(Errno.ESRCH) : Ask(thread, target, tracee, arguments);
    }

    private static long Begin(GuestThread thread, GuestProcess? tracer, bool isSeized)
    {
        if (thread.Tracee is not null || tracer is null)
        {
            return CallTable.Error(Errno.EPERM);
        }

        thread.Tracee = new Tracee(thread, tracer, isSeized);
        return 0;
    }

    private static long AttachTo(GuestThread thread, GuestThread target, bool isSeized, ulong address, ulong options)
    {
        if (isSeized && (address != 0 || (options & ~KnownOptions) != 0))
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

    private static long Ask(GuestThread thread, GuestThread target, Tracee tracee, CallArguments arguments)
    {
        ulong address = LogicalTag.Canonical(arguments[2]);
        ulong data = arguments[3];
        return arguments.Int(0) switch
        {
            PeekText or PeekData => Peek(thread, target, address, data),
            PokeText or PokeData => Poke(target, address, data),
            Continue or ContinueToCall or Detach => Resume(target, tracee, arguments.Int(0), data),
            Kill => SendKill(target),
            Interrupt => AskToStop(tracee),
            PeekTags or PokeTags => CopyTags(thread, target, address & ~(ulong)(TagGeometry.GranuleBytes - 1), data,
                arguments.Int(0) == PokeTags),
            SetOptions => TakeOptions(tracee, data),
            GetEventMessage => Told(thread, data, new byte[8]),
            GetSignalInfo => tracee.Info is { } info ? Told(thread, data, SignalFrame.InfoOf(info)) : CallTable.Error(Errno.EINVAL),
            GetRegisterSet or SetRegisterSet => CopyRegisters(thread, target, (int)arguments[2], data,
                arguments.Int(0) == SetRegisterSet),
            _ => CallTable.Error(Errno.EIO),
        };
    }

    private static long Told(GuestThread thread, ulong into, byte[] bytes)
    {
        thread.Process.Memory.Write(into, bytes);
        return 0;
    }

    private static long Peek(GuestThread thread, GuestThread target, ulong address, ulong into)
    {
        byte[] word = new byte[sizeof(ulong)];
        return Of(target).TryRead(address, word, isChecked: false) < word.Length
            ? CallTable.Error(Errno.EIO) : Told(thread, into, word);
    }

    private static long Poke(GuestThread target, ulong address, ulong data)
    {
        byte[] word = BitConverter.GetBytes(data);
        return Of(target).TryWrite(address, word, isChecked: false) < word.Length ? CallTable.Error(Errno.EIO) : 0;
    }

    /// <summary>Its memory, on its own behalf: another thread of it may have been the last one that ran.</summary>
    private static GuestMemory Of(GuestThread target)
    {
        target.Process.Memory.Task = target.Task;
        return target.Process.Memory;
    }

    private static long Resume(GuestThread target, Tracee tracee, int request, ulong signal)
    {
        if (signal > SignalNumber.Most)
        {
            return CallTable.Error(Errno.EIO);
        }

        tracee.Resume((int)signal, request == ContinueToCall);
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

        tracee.IsInterrupted |= tracee.Status is null;
        return 0;
    }

    private static long TakeOptions(Tracee tracee, ulong options)
    {
        if ((options & ~KnownOptions) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        tracee.Options = options;
        return 0;
    }

    private static long CopyRegisters(GuestThread thread, GuestThread target, int set, ulong vector, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        (ulong place, ulong length) = (memory.ReadWord(vector), memory.ReadWord(vector + 8));
        if (RegisterSets.BytesOf(set) == 0 || length % (ulong)RegisterSets.UnitOf(set) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        byte[] bytes = RegisterSets.Read(target, set);
        int count = (int)Math.Min(length, (ulong)bytes.Length);
        if (isWrite)
        {
            // What is not given stays as it is.
            memory.Read(place, bytes.AsSpan(0, count));
            RegisterSets.Write(target, set, bytes);
        }
        else
        {
            memory.Write(place, bytes.AsSpan(0, count));
        }

        memory.WriteWord(vector + 8, (ulong)count);
        return 0;
    }

    /// <summary>mte_ptrace_copy_tags: one tag a byte, as many as there are; an error only where there are none.</summary>
    private static long CopyTags(GuestThread thread, GuestThread target, ulong address, ulong vector, bool isWrite)
    {
        GuestMemory memory = thread.Process.Memory;
        if (!memory.CanTag)
        {
            return CallTable.Error(Errno.EIO);
        }

        (ulong place, ulong length) = (memory.ReadWord(vector), memory.ReadWord(vector + 8));
        int count = (int)Math.Min(Math.Min(length, MostTags), (ulong)Reachable(target, address, isWrite));
        if (count == 0)
        {
            return CallTable.Error(Errno.EIO);
        }

        byte[] tags = new byte[count];
        if (isWrite)
        {
            count = memory.TryRead(place, tags);
            count = target.Process.Model.PokeTags(address, tags.AsMemory(0, count));
        }
        else
        {
            count = memory.TryWrite(place, tags.AsSpan(0, target.Process.Model.PeekTags(address, tags)));
        }

        if (count > 0)
        {
            memory.WriteWord(vector + 8, (ulong)count);
        }

        return count > 0 ? 0 : CallTable.Error(Errno.EFAULT);
    }

    /// <summary>Granules from an address to the end of what is PROT_MTE and may be accessed.</summary>
    private static long Reachable(GuestThread target, ulong address, bool isWrite)
    {
        ulong first = address / GuestMemory.PageBytes;
        ulong end = first;
        Protection needed = Protection.Mte | (isWrite ? Protection.Write : Protection.Read);
        while (target.Process.Memory.Space.Areas.Find(end) is { } area && (area.Protection & needed) == needed)
        {
            end = area.End;
        }

        return end == first ? 0 : (long)(((end * GuestMemory.PageBytes) - address) / TagGeometry.GranuleBytes);
    }
}
