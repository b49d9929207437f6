using Palimpsest.Kernel.Events;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Recordings;

/// <summary>
/// Writes down what a model does, as a trace.dat that the readers take for a kernel's: what a design moves by itself is told
/// by events of our own, so that who replays the recording does not do it a second time.
/// </summary>
internal sealed class ModelRecorder(MemoryLayout layout, int cpus) : IKernelListener
{
    // The numbers of gfp_flags are those of the model's own flags.
    private const string Release = "6.1.0-palimpsest";

    private readonly TraceDatWriter _writer = new(ModelFormats.All, Release, cpus, layout.Geometry.PageBytes);
    private CpuId _cpu;
    private long _last = -1;

    /// <summary>When what is told from now on happens, in nanoseconds; never falls.</summary>
    public long NowNs { get; set; }

    /// <summary>Who does what is told from now on.</summary>
    public int Pid { get; set; } = 1;

    /// <summary>Events written so far.</summary>
    public long Events => _writer.Events;

    /// <summary>Names a process.</summary>
    public void Name(int pid, string comm) => _writer.Name(pid, comm);

    public void Happened(in KernelEvent what)
    {
        // What names no CPU is done on the one that was busy last.
        _cpu = what.Cpu.IsNone ? _cpu : what.Cpu;
        long pfn = what.Frame.IsNone ? -1 : (long)layout.PfnOf(what.Frame.Index).Value;
        ReadOnlySpan<long> values = what.Kind switch
        {
            KernelEventKind.PageAllocated or KernelEventKind.AllocationFailed => [pfn, what.Order, (long)what.Gfp, (long)what.Type],
            KernelEventKind.ZoneLocked => [pfn, what.Order, (long)what.Type, what.Value],
            KernelEventKind.PerCpuDrained or KernelEventKind.ExternalFragmentation => [pfn, what.Order, (long)what.Type],
            KernelEventKind.FolioMoved => [pfn, what.Order, (long)layout.PfnOf(what.Value).Value],
            KernelEventKind.RangeAllocated or KernelEventKind.BlockReserved or KernelEventKind.BlockReleased => [pfn, what.Value],
            KernelEventKind.KswapdWoken or KernelEventKind.DirectReclaim => [what.Order],
            _ => [pfn, what.Order],
        };
        // No two at one time: who reads has the CPUs' events by their times alone.
        _last = Math.Max(NowNs, _last + 1);
        _writer.Add(ModelFormats.IndexOf(what.Kind), _last, _cpu.Index, Pid, values);
    }

    /// <summary>Writes the file; nothing can be told afterwards.</summary>
    public void WriteTo(Stream file) => _writer.WriteTo(file);
}
