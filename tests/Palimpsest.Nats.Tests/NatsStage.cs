using System.Collections.Concurrent;
using System.Net;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Nats.Tests;

/// <summary>A server, and a sweep over it whose cells cost what a test wants.</summary>
internal sealed class NatsStage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-nats-");

    /// <param name="configuration">Of the server, given the folder of the stage and its address; none without it.</param>
    public NatsStage(Func<string, IPAddress, string>? configuration = null)
    {
        File.WriteAllText(this["one.dat"], "first");
        File.WriteAllText(this["two.dat"], "second");
        File.WriteAllText(this["x.json"], """
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "*.dat", "ram_mib": 64 }],
              "compare": { "views": ["full"] }, "designs": [{ "name": "packed", "ranges": { "slack": { "from": 1, "to": 10 } } }],
              "seeds": [1, 2, 3] }
            """);
        Plan = SweepPlan.Of(ExperimentFile.Read(this["x.json"]));
        Server = NatsServer.Open(this["server"], configuration is null ? null : address => configuration(_folder.FullName, address));
        Address = new NatsAddress(Server?.Url ?? "nats://none");
    }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public SweepPlan Plan { get; }

    /// <summary>Null where the machine has none.</summary>
    public NatsServer? Server { get; }

    /// <summary>Of the server, and what it wants to see.</summary>
    public NatsAddress Address { get; set; }

    /// <summary>Cells in the order computed, each as often as it was.</summary>
    public ConcurrentQueue<Cell> Computed { get; } = [];

    /// <summary>Runs the sweep with workers in this process until every cell is there.</summary>
    /// <param name="run">What a cell does beside its figures.</param>
    public async Task<ResultFolder> Run(int workers, Action<Cell>? run = null, TimeSpan? ackWait = null, Func<Task>? meanwhile = null,
        string folder = "out", TimeSpan? idle = null)
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(120));
        TimeSpan wait = ackWait ?? TimeSpan.FromSeconds(5);
        Task[] working = [.. Enumerable.Range(0, workers).Select(number => Work(number, run ?? (_ => { }), wait, stop.Token))];
        ResultFolder results = ResultFolder.Open(this[folder], Plan);
        try
        {
            Task sweeping = new NatsEngine(Plan, results, Address) { AckWait = wait, Idle = idle ?? TimeSpan.FromSeconds(10) }
                .Run(cancellation: stop.Token);
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            await sweeping;
            return results;
        }
        catch
        {
            results.Dispose();
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(working);
        }
    }

    public async Task WaitForCells(int least)
    {
        while (Computed.Count < least)
        {
            await Task.Delay(10);
        }
    }

    /// <summary>Sends a cell that nobody asked for again.</summary>
    public async Task SendTwice(int index)
    {
        await using NatsConnection connection = new(NatsOpts.Default with { Url = Server!.Url });
        (await new NatsJSContext(connection).PublishAsync(SweepServer.Subject, CellOrder.Of([Plan[index]]).ToBytes())).EnsureSuccess();
    }

    public IReadOnlyList<string> FilesIn(string name) => [.. ResultFiles.All(this[name]).Select(path => Path.GetFileName(path)!)];

    public static CellOutcome Figures(Cell cell)
    {
        double?[] values = new double?[FigureColumns.Ids.Count];
        values[0] = cell.Seed + (cell.Design.Length / 7.0);
        return new CellOutcome(CellStatus.Done, Text: null, values);
    }

    public void Dispose()
    {
        Server?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task Work(int number, Action<Cell> run, TimeSpan ackWait, CancellationToken stop)
    {
        await using NatsWorker worker = await NatsWorker.Open(Address,
            new WorkerOptions(Threads: 1, this[$"cache-{number}"], MostCacheBytes: 1 << 20) { AckWait = ackWait },
            inputs => (cell, _) =>
            {
                Computed.Enqueue(cell);
                Assert.Equal(File.ReadAllText(this[cell.Setting.Recording!.Name]), File.ReadAllText(inputs.PathOf(cell.Setting.Recording)));
                run(cell);
                return Figures(cell);
            }, stop);
        await worker.Run(stop);
    }
}
