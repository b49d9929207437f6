using System.Diagnostics;
using System.Threading.Channels;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Engines;

/// <summary>Computes the cells of a plan in this process, on threads of their own, and keeps each as soon as it is done.</summary>
/// <param name="run">Computes a cell; called from any of the threads.</param>
/// <param name="threads">1 at least.</param>
public sealed class LocalEngine(SweepPlan plan, ResultFolder results, Func<Cell, CancellationToken, CellOutcome> run, int threads)
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromMilliseconds(200);

    // Whoever looks on takes a sweep that says nothing for some seconds to have been stopped.
    private static readonly TimeSpan ToldAnyway = TimeSpan.FromSeconds(1);

    private int _inFlight;

    /// <param name="progress">Told how far it is, some times a second, on the thread that called.</param>
    /// <exception cref="IOException">A result cannot be kept; those before it are.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop; what was done is kept.</exception>
    public void Run(Action<SweepProgress>? progress = null, CancellationToken cancellation = default)
    {
        results.Finish();
        // As few as there are threads: what waits here is computed and not yet kept.
        Channel<(int Index, CellOutcome Outcome)> done = Channel.CreateBounded<(int, CellOutcome)>(threads);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using IEnumerator<int> open = Enumerable.Range(0, plan.Count).Where(index => !results.Has(index)).ToArray().AsEnumerable()
            .GetEnumerator();
        Thread[] workers = [.. Enumerable.Range(1, threads).Select(number => new Thread(() => Work(open, done.Writer, stop.Token))
        {
            IsBackground = true, Name = $"cells {number}",
        })];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        Thread closing = new(() => Close(workers, done.Writer)) { IsBackground = true };
        closing.Start();
        try
        {
            Keep(done.Reader, progress, cancellation);
        }
        finally
        {
            stop.Cancel();
        }

        cancellation.ThrowIfCancellationRequested();
    }

    private void Work(IEnumerator<int> open, ChannelWriter<(int Index, CellOutcome Outcome)> done, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                int index;
                lock (open)
                {
                    if (!open.MoveNext())
                    {
                        return;
                    }

                    index = open.Current;
                }

                Interlocked.Increment(ref _inFlight);
                CellOutcome outcome = CellTries.Run(run, plan[index], stop);
                done.WriteAsync((index, outcome), stop).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop: the cell is computed again when the sweep goes on.
        }
    }

    private void Keep(ChannelReader<(int Index, CellOutcome Outcome)> done, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        (int before, long start, long told) = (results.Count, Stopwatch.GetTimestamp(), 0);
        Task<bool> more = done.WaitToReadAsync(CancellationToken.None).AsTask();
        while (!more.Wait(ToldAnyway, cancellation) || more.GetAwaiter().GetResult())
        {
            while (done.TryRead(out (int Index, CellOutcome Outcome) cell))
            {
                Interlocked.Decrement(ref _inFlight);
                results.Commit(cell.Index, cell.Outcome);
                Tell(ToldEvery);
            }

            Tell(ToldAnyway);
            more = more.IsCompleted ? done.WaitToReadAsync(CancellationToken.None).AsTask() : more;
        }

        Tell(TimeSpan.Zero);

        void Tell(TimeSpan atLeast)
        {
            if (progress is not null && Stopwatch.GetElapsedTime(told) >= atLeast)
            {
                told = Stopwatch.GetTimestamp();
                progress(SweepProgress.Of(plan, results, before, Volatile.Read(ref _inFlight),
                    Stopwatch.GetElapsedTime(start).TotalSeconds));
            }
        }
    }

    private static void Close(Thread[] workers, ChannelWriter<(int Index, CellOutcome Outcome)> done)
    {
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        done.Complete();
    }
}
