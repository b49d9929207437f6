using NATS.Client.Core;
using NATS.Client.JetStream;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Nats;

/// <summary>
/// An order from the queue to its answer. What a worker does not keep it sends on, and only then does it say that the order is done: at any
/// moment each cell is kept, or in an order that is not done.
/// </summary>
// An order that was given before was lost with its worker, or its word was: its cells go on alone, so that one that kills workers is
// found and takes no other with it. Three tries of a cell alone, lost or broken, and its error is its result.
internal sealed class OrderAtWork(SweepServer server, CellStock stock, INatsJSMsg<byte[]> message, CellOrder order, TimeSpan ackWait)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sees to every cell of the order.</summary>
    /// <returns>Cells that were answered here.</returns>
    public async Task<int> Answer(CancellationToken cancellation)
    {
        int lost = (int)(message.Metadata?.NumDelivered ?? 1) - 1;
        int tries = order.Tries + lost;
        int answered = 0;
        if (order.Cells.Count > 1 && lost > 0)
        {
            await SendEach(order.Cells, tries);
        }
        else if (tries >= CellTries.Most)
        {
            CellOutcome failed = CellOutcome.Failed(
                InvariantText.Of($"given to {tries} workers, none of which answered: it may kill them"));
            answered = server.Keep(order.Cells[0], failed, cancellation) ? 1 : 0;
        }
        else
        {
            answered = await Work(tries, cancellation);
        }

        await message.AckAsync(cancellationToken: CancellationToken.None);
        return answered;
    }

    private async Task<int> Work(int tries, CancellationToken cancellation)
    {
        StockedCell[] cells = [.. order.Cells.Select(cell => new StockedCell(this, cell))];
        using CancellationTokenSource done = new();
        Task alive = KeepAlive(done.Token);
        try
        {
            stock.Add(cells);
            using (cancellation.Register(StopWaiting))
            {
                await Task.WhenAll(cells.Select(cell => cell.End));
            }

            await SendOn(cells, tries);
        }
        finally
        {
            await done.CancelAsync();
            await alive;
        }

        return cells.Count(cell => cell.End.Result == CellProgress.Kept);
    }

    /// <summary>What stopped goes back as it came, what broke goes on alone.</summary>
    private async Task SendOn(StockedCell[] cells, int tries)
    {
        Cell[] stopped = [.. cells.Where(cell => cell.End.Result == CellProgress.Stopped).Select(cell => cell.Cell)];
        if (stopped.Length > 0)
        {
            await server.Send(CellOrder.Of(stopped, tries));
        }

        StockedCell[] broken = [.. cells.Where(cell => cell.End.Result == CellProgress.Broken)];
        if (broken.Length == 0)
        {
            return;
        }

        // What it broke with may pass, as a disk that is full.
        await Task.Delay(Pause);
        foreach (StockedCell cell in broken)
        {
            if (tries + 1 < CellTries.Most)
            {
                await server.Send(CellOrder.Of([cell.Cell], tries + 1));
            }
            else
            {
                server.Keep(cell.Cell, CellOutcome.Failed(cell.Error!), CancellationToken.None);
            }
        }
    }

    private async Task SendEach(IReadOnlyList<Cell> cells, int tries)
    {
        foreach (Cell cell in cells)
        {
            if (!server.Has(cell, CancellationToken.None))
            {
                await server.Send(CellOrder.Of([cell], tries));
            }
        }
    }

    // It is told to stop: what no thread has begun goes back.
    private void StopWaiting()
    {
        foreach (StockedCell cell in stock.TakeBack(this, share: 1))
        {
            stock.End(cell, CellProgress.Stopped);
        }
    }

    /// <summary>Says again and again that somebody is at work, and gives cells away that wait here while another worker has none.</summary>
    private async Task KeepAlive(CancellationToken done)
    {
        TimeSpan step = ackWait / 6 < Glance ? ackWait / 6 : Glance;
        TimeSpan since = TimeSpan.Zero;
        while (true)
        {
            try
            {
                await Task.Delay(step, done);
                since += step;
                if (since >= ackWait / 3)
                {
                    since = TimeSpan.Zero;
                    await message.AckProgressAsync(cancellationToken: done);
                }

                await GiveAway(done);
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (SweepServer.IsAway(exception) || exception is OperationCanceledException)
            {
                // The server is away; the order may be given to another, and only the first result of a cell counts.
            }
        }
    }

    // The half: whoever takes it may give the half of it away again. Sent before it is ended here: the order is not answered in between.
    private async Task GiveAway(CancellationToken done)
    {
        if (order.Cells.Count == 1 || stock.Waiting == 0 || !await server.HasIdleWorkers(done))
        {
            return;
        }

        IReadOnlyList<StockedCell> back = stock.TakeBack(this, share: 0.5);
        if (back.Count == 0)
        {
            return;
        }

        try
        {
            await server.Send(CellOrder.Of([.. back.Select(cell => cell.Cell)], order.Tries));
        }
        catch
        {
            stock.PutBack(back);
            throw;
        }

        foreach (StockedCell cell in back)
        {
            stock.End(cell, CellProgress.GivenAway);
        }
    }
}
