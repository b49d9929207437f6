using System.Runtime.CompilerServices;

namespace Palimpsest.Kernel.Events;

/// <summary>
/// The one stream of what a kernel does. With nobody listening a tracepoint is one branch, as a static key of Linux; rooms
/// that tell of many pages at once ask <see cref="IsHeard"/> first.
/// </summary>
public sealed class Tracepoints
{
    private IKernelListener? _listener;

    /// <summary>Does anybody listen?</summary>
    public bool IsHeard => _listener is not null;

    /// <summary>Tells a listener from now on, after those that were there before.</summary>
    public void Attach(IKernelListener listener) =>
        _listener = _listener is { } first ? new Both(first, listener) : listener;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Tell(in KernelEvent what)
    {
        if (_listener is { } listener)
        {
            listener.Happened(what);
        }
    }

    private sealed class Both(IKernelListener first, IKernelListener second) : IKernelListener
    {
        public void Happened(in KernelEvent what)
        {
            first.Happened(what);
            second.Happened(what);
        }
    }
}
