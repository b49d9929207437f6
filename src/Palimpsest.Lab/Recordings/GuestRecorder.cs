using Palimpsest.Kernel.Events;
using Palimpsest.Machine.Memory;
using Palimpsest.Userland;

namespace Palimpsest.Lab.Recordings;

/// <summary>Writes down what a machine does under a program: an instruction is a nanosecond, and each event has its process.</summary>
internal sealed class GuestRecorder(MemoryLayout layout, int cpus) : IKernelListener
{
    private readonly ModelRecorder _recorder = new(layout, cpus);

    /// <summary>What runs on the machine; null while it boots.</summary>
    public GuestSystem? System { get; set; }

    public void Happened(in KernelEvent what)
    {
        if (System is { } system)
        {
            _recorder.NowNs = system.Now;
            (_recorder.Pid, string name) = system.Running;
            _recorder.Name(_recorder.Pid, name);
        }

        _recorder.Happened(what);
    }

    /// <inheritdoc cref="ModelRecorder.WriteTo"/>
    public void WriteTo(Stream file) => _recorder.WriteTo(file);
}
