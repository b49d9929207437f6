using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Userland.Files;
using Palimpsest.Userland.Loading;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Threads;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland;

/// <summary>Processes and threads that begin and end, and signals sent to them.</summary>
public sealed partial class GuestSystem
{
    internal FutexQueue Futexes { get; } = new();

    internal GuestMemory NewMemory(string name) => new(Machine.Kernel.Entry, Machine.Start(name));

    internal GuestThread AddThread(GuestProcess process, LinuxTask task, int? id = null)
    {
        GuestThread thread = new(id ?? NextId(), process, task);
        thread.Cpu.Clock = () => Now;
        process.Threads.Add(thread);
        Enqueue(thread);
        return thread;
    }

    internal static void Send(GuestThread thread, SignalInfo info)
    {
        JobControl.Prepare(thread.Process, info.Number);
        thread.Pending.Add(info);
    }

    internal static void Send(GuestProcess process, SignalInfo info)
    {
        JobControl.Prepare(process, info.Number);

        // Ordinary signals do not queue.
        if (process.Status is null && (info.Number >= 32 || !process.Pending.Any(pending => pending.Number == info.Number)))
        {
            process.Pending.Add(info);
        }
    }

    /// <summary>All threads end; the memory goes, and the parent is told.</summary>
    /// <param name="status">As wait tells it.</param>
    internal void EndProcess(GuestProcess process, int status)
    {
        if (process.Status is not null)
        {
            return;
        }

        process.Status = status;

        // What is freed is this process's, whoever ran when it was killed.
        GuestProcess? before = _running;
        _running = process;
        foreach (GuestThread thread in process.Threads)
        {
            thread.HasEnded = true;
        }

        process.Files.CloseAll();
        process.HoldsParent = false;
        EndTracing(process);
        ReleaseMemory(process.Memory);
        _running = before;
        foreach (GuestProcess child in process.Children)
        {
            child.Parent = null;
        }

        if (process.Parent is { Status: null } parent)
        {
            int code = (status & 127) == 0 ? 1 : 2;
            int value = code == 1 ? status >> 8 : status & 127;
            Send(parent, new SignalInfo(process.ExitSignal, code, Sender: process.Id, Value: (ulong)value));
        }
        else
        {
            Processes.Remove(process);
        }
    }

    internal void EndThread(GuestThread thread, int status)
    {
        if (thread.Process.AliveThreads == 1)
        {
            EndProcess(thread.Process, status);
            return;
        }

        thread.HasEnded = true;
        TellTracer(thread, status);
        if (thread.ClearedAtEnd != 0)
        {
            thread.Process.Memory.TryWrite(thread.ClearedAtEnd, new byte[4], isChecked: false);
            Futexes.Wake(FutexQueue.KeyOf(thread.Process.Memory, thread.ClearedAtEnd), 1, uint.MaxValue);
        }
    }

    /// <summary>A thread waits for its futex no more.</summary>
    internal void Leave(GuestThread thread)
    {
        if (thread.Futex is { } waiter)
        {
            Futexes.Remove(waiter);
            thread.Futex = null;
        }
    }

    /// <summary>A memory goes, unless somebody has it still: the parent of a vfork.</summary>
    internal void ReleaseMemory(GuestMemory memory)
    {
        if (!Processes.Any(process => process.Status is null && ReferenceEquals(process.Memory, memory)))
        {
            memory.Process.Main.Calls.Exit().Now();
        }
    }

    private GuestThread StartFirst()
    {
        string program = _options.Arguments[0];
        string path = Path.GetFullPath(program, _options.WorkingFolder);
        Tree.AddProgram(path);
        GuestProcess process = new(NextId(), parent: null, NewMemory(program))
        {
            Folder = _options.WorkingFolder, Executable = path, Name = Path.GetFileName(path), Arguments = _options.Arguments,
        };
        Processes.Add(process);
        AddStandardFiles(process);
        GuestThread thread = AddThread(process, process.Model.Main, process.Id);
        try
        {
            FileNode file = Tree.Find(path) as FileNode ?? throw new InputException($"{program}: this is a folder");
            ElfImage image = ProgramLoader.ImageOf(file)
                ?? throw new InputException($"{program}: this is no arm64 Linux program (64-bit little-endian ELF for AArch64)");
            Loader.Load(thread, file, image, _options.Arguments, _options.Environment);
        }
        catch (CallException exception)
        {
            throw new InputException($"{program}: it cannot be loaded: {Reason(exception.Error)}");
        }

        return thread;
    }

    private static string Reason(Errno error) => error switch
    {
        Errno.ENOENT => "the file, or the dynamic linker that it names, is not there (a dynamic program needs --root)",
        Errno.ENOMEM => "there is not enough memory",
        _ => error.ToString(),
    };

    private void AddStandardFiles(GuestProcess process)
    {
        Stream[] streams = [_options.Input, _options.Output, _options.Error];
        for (int number = 0; number < streams.Length; number++)
        {
            Node node = Tree.Nodes.Numbered(new PipeNode());
            process.Files.Add(new OpenStream(node, number == 0 ? 0 : OpenFile.WriteOnly, streams[number]), closesOnExec: false);
        }
    }
}
