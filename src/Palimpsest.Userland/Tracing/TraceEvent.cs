namespace Palimpsest.Userland.Tracing;

/// <summary>PTRACE_EVENT_: a tracer is told of those whose option, <c>1 &lt;&lt; event</c>, it has set (uapi/linux/ptrace.h).</summary>
internal static class TraceEvent
{
    public const int Fork = 1;
    public const int Vfork = 2;
    public const int Clone = 3;
    public const int Exec = 4;
    public const int VforkDone = 5;
    public const int Exit = 6;
    public const int Stop = 128;

    /// <summary>CLONE_UNTRACED: nobody traces the child.</summary>
    public const ulong Untraced = 0x800000;

    private const ulong Vforks = 0x4000;
    private const ulong Traced = 0x2000;
    private const ulong ExitSignal = 0xFF;

    /// <summary>The event of a clone (kernel_clone, kernel/fork.c, 6.12).</summary>
    public static int OfClone(ulong flags) => (flags & Vforks) != 0 ? Vfork
        : (flags & ExitSignal) == Signals.SignalNumber.Child ? Fork : Clone;

    /// <summary>A thread has been made by another: who traces the one may trace the other, and is told.</summary>
    /// <param name="flags">CLONE_.</param>
    public static void TellClone(GuestThread parent, GuestThread child, ulong flags)
    {
        if (parent.Tracee is not { } tracee)
        {
            return;
        }

        int what = OfClone(flags);
        bool tells = (flags & Untraced) == 0 && tracee.Tells(what);
        if (tells || (flags & Traced) != 0)
        {
            tracee.Attend(child);
        }

        if (tells)
        {
            tracee.StopForEvent(what, child.Id);
        }
    }
}
