using Palimpsest.Kernel.Tasks;
using Palimpsest.Userland.Calls;
using Palimpsest.Userland.Files;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland;

/// <summary>A process as programs see it: memory, files, actions for signals, threads, children.</summary>
internal sealed class GuestProcess(int id, GuestProcess? parent, GuestMemory memory)
{
    public int Id { get; } = id;

    public GuestProcess? Parent { get; set; } = parent;

    public GuestMemory Memory { get; set; } = memory;

    public List<GuestThread> Threads { get; } = [];

    public List<GuestProcess> Children { get; } = [];

    public DescriptorTable Files { get; set; } = new();

    /// <summary>Absolute path of the current folder.</summary>
    public string Folder { get; set; } = "/";

    public uint FileMask { get; set; } = 0x12;

    public Identity Users { get; set; }

    public Identity Groups { get; set; }

    /// <summary>setgroups.</summary>
    public uint[] MoreGroups { get; set; } = [];

    /// <summary>What personality has set.</summary>
    public uint Personality { get; set; }

    public string Executable { get; set; } = "";

    public string Name { get; set; } = "";

    public IReadOnlyList<string> Arguments { get; set; } = [];

    public byte[] Auxiliary { get; set; } = [];

    public ulong BreakStart { get; set; }

    public ulong Break { get; set; }

    public ulong StackEnd { get; set; }

    /// <summary>Where a handler returns to that has no restorer of its own.</summary>
    public ulong ReturnCode { get; set; }

    public SignalAction[] Actions { get; set; } = new SignalAction[SignalNumber.Most + 1];

    /// <summary>Signals sent to the process, for any thread that does not block them.</summary>
    public List<SignalInfo> Pending { get; } = [];

    /// <summary>As wait tells it: exit status &lt;&lt; 8, or the signal; null while it runs.</summary>
    public int? Status { get; set; }

    /// <summary>The signal that has stopped it; null while it goes on.</summary>
    public int? StoppedBy { get; set; }

    /// <summary>What its parent has not been told of yet.</summary>
    public StateNews StateNews { get; set; }

    /// <summary>Threads that it traced, and that are not its own children, with their status when they ended.</summary>
    public List<(int Id, int Status)> EndedTracees { get; } = [];

    /// <summary>PR_SET_MDWE: 1 what may not be executed never will be, 2 for children it may.</summary>
    public ulong Denials { get; set; }

    public bool RefusesToGainExecution => (Denials & 1) != 0;

    public int ExitSignal { get; set; } = SignalNumber.Child;

    /// <summary>vfork: the parent waits until the child has another memory or is gone.</summary>
    public bool HoldsParent { get; set; }

    public Process Model => Memory.Process;

    public int AliveThreads => Threads.Count(thread => !thread.HasEnded);

    public override string ToString() => $"{Name} ({Id})";
}
