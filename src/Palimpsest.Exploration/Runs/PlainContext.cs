namespace Palimpsest.Exploration.Runs;

/// <summary>
/// While it lasts, what is awaited goes on at once on the caller's stack: no synchronization context takes it elsewhere,
/// and no ambient values are carried along.
/// </summary>
internal readonly struct PlainContext : IDisposable
{
    private readonly SynchronizationContext? _before;
    private readonly AsyncFlowControl? _flow;

    private PlainContext(SynchronizationContext? before, AsyncFlowControl? flow)
    {
        _before = before;
        _flow = flow;
    }

    public static PlainContext Enter()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return new PlainContext(before, ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow());
    }

    public void Dispose()
    {
        _flow?.Undo();
        SynchronizationContext.SetSynchronizationContext(_before);
    }
}
