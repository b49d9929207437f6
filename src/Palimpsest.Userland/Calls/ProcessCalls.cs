using System.Buffers.Binary;
using System.Text;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Userland.Files;
using Palimpsest.Userland.Loading;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland.Calls;

/// <summary>Processes and threads: clone, execve, exit, wait, and who they are.</summary>
internal sealed class ProcessCalls(GuestSystem system)
{
    private const ulong SharesMemory = 0x100;
    private const ulong SharesFiles = 0x400;
    private const ulong SharesHandlers = 0x800;
    private const ulong Vfork = 0x4000;
    private const ulong IsThread = 0x10000;
    private const ulong SetsThreadPointer = 0x80000;
    private const ulong SetsParentId = 0x100000;
    private const ulong ClearsChildId = 0x200000;
    private const ulong SetsChildId = 0x1000000;
    private const int MostArguments = 100_000;

    public void AddTo(CallTable table)
    {
        table[93] = Exit;
        table[94] = ExitGroup;
        table[220] = Clone;
        table[221] = Execute;
        table[172] = (thread, _) => thread.Process.Id;
        table[173] = (thread, _) => thread.Process.Parent?.Id ?? 0;
        table[178] = (thread, _) => thread.Id;
        table[154] = (_, _) => 0;
        table[155] = (thread, _) => thread.Process.Id;
        table[156] = (thread, _) => thread.Process.Id;
        table[157] = (thread, _) => thread.Process.Id;
        foreach (int number in (int[])[99, 124])
        {
            table[number] = (_, _) => 0;
        }

        table[96] = (thread, arguments) =>
        {
            thread.ClearedAtEnd = arguments[0];
            return thread.Id;
        };
    }

    private long Exit(GuestThread thread, CallArguments arguments)
    {
        system.End(thread, (arguments.Int(0) & 255) << 8, isGroup: false);
        return 0;
    }

    private long ExitGroup(GuestThread thread, CallArguments arguments)
    {
        system.End(thread, (arguments.Int(0) & 255) << 8, isGroup: true);
        return 0;
    }

    private long Clone(GuestThread thread, CallArguments arguments)
    {
        ulong flags = arguments[0];
        bool sharesHandlers = (flags & SharesHandlers) != 0;
        if ((sharesHandlers && (flags & SharesMemory) == 0) || ((flags & IsThread) != 0 && !sharesHandlers))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        GuestThread child = (flags & IsThread) != 0 ? NewThread(thread) : NewProcess(thread, flags);
        child.Cpu.CopyFrom(thread.Cpu);
        child.Cpu.X(0) = 0;
        child.Cpu.Sp = arguments[1] != 0 ? arguments[1] : child.Cpu.Sp;
        child.Cpu.ThreadPointer = (flags & SetsThreadPointer) != 0 ? arguments[3] : thread.Cpu.ThreadPointer;
        child.CopyTagControl(thread);
        child.BlockedSignals = thread.BlockedSignals;
        child.ClearedAtEnd = (flags & ClearsChildId) != 0 ? arguments[4] : 0;
        if ((flags & SetsParentId) != 0)
        {
            thread.Process.Memory.WriteInt(arguments[2], (uint)child.Id);
        }

        if ((flags & SetsChildId) != 0)
        {
            child.Process.Memory.TryWrite(arguments[4], BitConverter.GetBytes(child.Id), isChecked: false);
        }

        if (child.Process.HoldsParent)
        {
            WaitForMemory(thread, child);
        }

        TraceEvent.TellClone(thread, child, flags);
        return child.Id;
    }

    /// <summary>vfork: the call is over when the child has another memory; then it returns the child.</summary>
    private static void WaitForMemory(GuestThread thread, GuestThread child)
    {
        thread.Cpu.X(0) = (ulong)child.Id;
        thread.Cpu.Pc += 4;
        thread.Rest = CallRest.ToShare;
        CallTable.Wait(thread, () => !child.Process.HoldsParent);
    }

    private GuestThread NewThread(GuestThread thread) => system.AddThread(thread.Process, thread.Process.Model.StartTask(thread.Task.Cpu));

    private GuestThread NewProcess(GuestThread thread, ulong flags)
    {
        GuestProcess parent = thread.Process;
        GuestMemory memory = parent.Memory;
        if ((flags & SharesMemory) == 0)
        {
            Process forked = thread.Task.Calls.Fork().Now() ?? throw new CallException(Errno.ENOMEM);
            memory = new GuestMemory(system.Machine.Kernel.Entry, forked) { MergesAll = memory.MergesAll };
        }

        GuestProcess child = new(system.NextId(), parent, memory)
        {
            Files = (flags & SharesFiles) != 0 ? parent.Files : parent.Files.Copy(),
            Folder = parent.Folder, FileMask = parent.FileMask, Executable = parent.Executable, Name = parent.Name,
            Arguments = parent.Arguments, Auxiliary = parent.Auxiliary, BreakStart = parent.BreakStart, Break = parent.Break,
            StackEnd = parent.StackEnd, ReturnCode = parent.ReturnCode, Actions = [.. parent.Actions],
            Personality = parent.Personality, Users = parent.Users, Groups = parent.Groups, MoreGroups = parent.MoreGroups,
            ExitSignal = (int)(flags & 255), Denials = (parent.Denials & 2) != 0 ? 0 : parent.Denials,
            HoldsParent = (flags & Vfork) != 0,
        };
        parent.Children.Add(child);
        system.Processes.Add(child);
        LinuxTask task = (flags & SharesMemory) == 0 ? memory.Process.Main : memory.Process.StartTask(thread.Task.Cpu);
        GuestThread first = system.AddThread(child, task, child.Id);
        first.AlternateStack = thread.AlternateStack;
        return first;
    }

    private long Execute(GuestThread thread, CallArguments arguments)
    {
        GuestMemory memory = thread.Process.Memory;
        string path = memory.ReadString(arguments[0]);
        List<string> words = Strings(memory, arguments[1]);
        List<string> environment = Strings(memory, arguments[2]);
        if (path.Length == 0)
        {
            return CallTable.Error(Errno.ENOENT);
        }

        path = path.StartsWith('/') ? path : $"{thread.Process.Folder.TrimEnd('/')}/{path}";
        for (int depth = 0; depth < 4; depth++)
        {
            FileNode file = system.Tree.Find(path is "/proc/self/exe" ? thread.Process.Executable : path) as FileNode
                ?? throw new CallException(Errno.EACCES);
            if (ProgramLoader.ImageOf(file) is { } image)
            {
                Replace(thread, path, file, image, words, environment);
                return 0;
            }

            string line = Encoding.UTF8.GetString(ProgramLoader.ReadAt(file, 0, 256)).Split('\n')[0];
            if (!line.StartsWith("#!", StringComparison.Ordinal))
            {
                return CallTable.Error(Errno.ENOEXEC);
            }

            string[] parts = line[2..].Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
            words = [parts[0], .. parts.Skip(1), path, .. words.Skip(1)];
            path = parts[0];
        }

        return CallTable.Error(Errno.ELOOP);
    }

    private void Replace(
        GuestThread thread, string path, FileNode file, ElfImage image, List<string> words, List<string> environment)
    {
        GuestProcess process = thread.Process;
        EndOthers(thread);

        GuestMemory old = process.Memory;
        process.Memory = system.NewMemory(path);
        process.Memory.MergesAll = old.MergesAll;
        process.HoldsParent = false;
        process.Denials = (process.Denials & 2) != 0 ? 0 : process.Denials;
        system.ReleaseMemory(old);
        process.Files.CloseAll(onExecOnly: true);
        (process.Executable, process.Name, process.Arguments) = (path, Path.GetFileName(path), words);
        process.Actions = [.. process.Actions.Select(action => action.Handler == SignalAction.Ignore ? action : default)];
        thread.HasEnded = true;
        GuestThread fresh = system.AddThread(process, process.Model.Main, process.Id);
        fresh.BlockedSignals = thread.BlockedSignals;
        fresh.Pending.AddRange(thread.Pending);
        process.Threads.RemoveAll(other => other != fresh);
        system.Loader.Load(fresh, file, image, words, environment);
        if (thread.Tracee is { } tracee)
        {
            (fresh.Tracee, thread.Tracee, fresh.Rest) = (tracee, null, CallRest.ToLeave);
            tracee.MoveTo(fresh);
            tracee.AfterExec(thread.Id);
        }
    }

    /// <summary>de_thread: they end without a status, but for the first, whose number the caller takes over.</summary>
    private void EndOthers(GuestThread thread)
    {
        foreach (GuestThread other in thread.Process.Threads.Where(other => other != thread && !other.HasEnded))
        {
            system.Leave(other);
            other.HasEnded = true;
            if (other.Id == thread.Process.Id)
            {
                other.Tracee = null;
            }

            GuestSystem.TellTracer(other, status: 0);
        }
    }

    private static List<string> Strings(GuestMemory memory, ulong address)
    {
        List<string> strings = [];
        while (address != 0 && memory.ReadWord(address + (ulong)(8 * strings.Count)) is var pointer and not 0)
        {
            strings.Add(strings.Count < MostArguments ? memory.ReadString(pointer) : throw new CallException(Errno.E2BIG));
        }

        return strings;
    }
}
