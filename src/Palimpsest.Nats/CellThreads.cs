using System.Threading.Channels;

namespace Palimpsest.Nats;

/// <summary>Threads that compute: what speaks with the server has those of the pool, and is never kept waiting by a cell.</summary>
internal sealed class CellThreads : IDisposable
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>();

    public CellThreads(int threads)
    {
        for (int number = 1; number <= threads; number++)
        {
            new Thread(Work) { IsBackground = true, Name = $"cells {number}" }.Start();
        }
    }

    public Task<T> Run<T>(Func<T> compute)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Writer.TryWrite(() =>
        {
            try
            {
                done.SetResult(compute());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    public void Dispose() => _work.Writer.TryComplete();

    private void Work()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out Action? work))
            {
                work();
            }
        }
    }
}
