using System.Buffers.Binary;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Calls;

/// <summary>wait4 and waitid: children that have ended, stopped or gone on, and threads that are traced (kernel/exit.c, 6.12).</summary>
internal sealed class WaitCalls(GuestSystem system)
{
    private const int NoHang = 1;
    private const int Stops = 2;
    private const int Exits = 4;
    private const int Continues = 8;
    private const int Keeps = 0x1000000;
    private const int Continued = 0xFFFF;

    // __WNOTHREAD, __WALL and __WCLONE.
    private const uint Kinds = 0xE0000000;

    public void AddTo(CallTable table)
    {
        table[260] = Wait;
        table[95] = WaitById;
    }

    /// <summary>wait4.</summary>
    private long Wait(GuestThread thread, CallArguments arguments)
    {
        GuestProcess process = thread.Process;
        int options = arguments.Int(2);
        if (((uint)options & ~(Kinds | NoHang | Stops | Continues)) != 0)
        {
            return CallTable.Error(Errno.EINVAL);
        }

        int target = arguments.Int(0);
        if (Find(process, target, options | Exits) is not { } news)
        {
            return Pause(thread, target, options | Exits);
        }

        if (arguments[1] != 0)
        {
            process.Memory.WriteInt(arguments[1], (uint)news.Status);
        }

        if (arguments[3] != 0)
        {
            process.Memory.Write(arguments[3], new byte[144]);
        }

        return news.Id;
    }

    private long WaitById(GuestThread thread, CallArguments arguments)
    {
        const int mostKind = 2;
        int options = arguments.Int(3);
        int kind = arguments.Int(0);
        if (((uint)options & ~(Kinds | NoHang | Stops | Exits | Continues | Keeps)) != 0 || (options & (Stops | Exits | Continues)) == 0
            || kind is < 0 or > mostKind || (kind == 1 && arguments.Int(1) <= 0))
        {
            return CallTable.Error(Errno.EINVAL);
        }

        int target = kind == 1 ? arguments.Int(1) : -1;
        News? news = Find(thread.Process, target, options);
        if (news is null && Pause(thread, target, options) is var none && (none != 0 || thread.WaitsFor is not null))
        {
            return none;
        }

        if (arguments[2] != 0)
        {
            byte[] info = news is { } found ? SignalFrame.InfoOf(InfoOf(found)) : new byte[128];
            thread.Process.Memory.Write(arguments[2], info);
        }

        return 0;
    }

    /// <summary>Nothing to tell: there is nobody, the caller does not want to wait, or it waits.</summary>
    private long Pause(GuestThread thread, int target, int options)
    {
        GuestProcess process = thread.Process;
        if (!Children(process, target).Any() && !Traced(process, target).Any())
        {
            return CallTable.Error(Errno.ECHILD);
        }

        return (options & NoHang) != 0 ? 0 : CallTable.Wait(thread, () => Find(process, target, options | Keeps) is not null);
    }

    private News? Find(GuestProcess process, int target, int options)
    {
        bool keeps = (options & Keeps) != 0;
        int ended = process.EndedTracees.FindIndex(tracee => target <= 0 || tracee.Id == target);
        if (ended >= 0 && (options & Exits) != 0)
        {
            (int id, int status) = process.EndedTracees[ended];
            process.EndedTracees.RemoveRange(ended, keeps ? 0 : 1);
            return new News(id, status);
        }

        if (Traced(process, target).FirstOrDefault(traced => traced.Tracee!.IsNews) is { } stopped)
        {
            stopped.Tracee!.IsNews = keeps;
            return new News(stopped.Id, stopped.Tracee.Status!.Value);
        }

        foreach (GuestProcess child in Children(process, target))
        {
            if (OfChild(child, options) is { } status)
            {
                Take(process, child, keeps);
                return new News(child.Id, status);
            }
        }

        return null;
    }

    private static int? OfChild(GuestProcess child, int options) =>
        child.Status is not null ? ((options & Exits) != 0 ? child.Status : null)
        : child.StateNews == StateNews.Stopped && (options & Stops) != 0 ? child.StoppedBy << 8 | 0x7F
        : child.StateNews == StateNews.Continued && (options & Continues) != 0 ? Continued
        : null;

    private void Take(GuestProcess process, GuestProcess child, bool keeps)
    {
        if (keeps)
        {
            return;
        }

        child.StateNews = StateNews.None;
        if (child.Status is not null)
        {
            process.Children.Remove(child);
            system.Processes.Remove(child);
        }
    }

    private static IEnumerable<GuestProcess> Children(GuestProcess process, int target) =>
        process.Children.Where(child => target <= 0 || child.Id == target);

    private IEnumerable<GuestThread> Traced(GuestProcess process, int target) =>
        system.TraceesOf(process).Where(traced => target <= 0 || traced.Id == target);

    /// <summary>CLD_EXITED, KILLED, TRAPPED, STOPPED and CONTINUED.</summary>
    private SignalInfo InfoOf(News news)
    {
        bool isTraced = system.Processes.Any(process => process.Threads.Any(thread => thread.Id == news.Id && thread.Tracee is not null));
        (int code, int status) = news.Status == Continued ? (6, SignalNumber.Continue)
            : (news.Status & 0xFF) == 0x7F ? (isTraced ? 4 : 5, news.Status >> 8)
            : (news.Status & 0x7F) != 0 ? (2, news.Status & 0x7F) : (1, news.Status >> 8);
        return new SignalInfo(SignalNumber.Child, code, Sender: news.Id, Value: (ulong)status);
    }

    /// <param name="Id">A process, or a thread that is traced.</param>
    /// <param name="Status">As wait tells it.</param>
    private readonly record struct News(int Id, int Status);
}
