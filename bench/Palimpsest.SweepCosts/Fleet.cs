namespace Palimpsest.SweepCosts;

/// <summary>
/// Simulates a sweep over a fleet, event by event: workers take cells in the order of the plan, fetch a recording over the link of the
/// server when they have it not, read it once, and answer. Rates are those of docs/scale.md.
/// </summary>
internal sealed record Fleet(int Machines, int Threads, double LinkBytesPerSecond)
{
    private const int Recordings = 10_000;
    private const int CellsOfRecording = 56;
    private const double EventsOfRecording = 2_800_000;
    private const double BytesOfRecording = 21e6;
    private const double ReadSeconds = 0.64;
    private const double CellSeconds = EventsOfRecording * 7.0e-8;
    private const double ServerSecondsOfCell = 0.0005;
    private const double WorkerSecondsOfCell = 0.0025;

    public static void Tell()
    {
        Console.WriteLine($"{Recordings:N0} recordings of {BytesOfRecording / 1e6:N0} MB, {CellsOfRecording} cells each");
        foreach ((int machines, double link) in new[]
        {
            (1, 1.25e9), (10, 1.25e9), (100, 1.25e9), (100, 1.25e8), (300, 1.25e9), (1000, 1.25e9),
        })
        {
            Fleet fleet = new(machines, 16, link);
            (double seconds, double busy, double linkShare, long fetches) = fleet.Run();
            Console.WriteLine($"{machines,5} machines of 16 threads, a link of {link * 8 / 1e9:N0} Gbit/s: {seconds / 60:N1} min; "
                + $"threads busy {100 * busy:N0} %, link {100 * linkShare:N0} %, {fetches:N0} fetches");
        }
    }

    private (double Seconds, double Busy, double Link, long Fetches) Run()
    {
        PriorityQueue<(int Machine, int Thread), double> free = new();
        Dictionary<int, double>[] has = [.. Enumerable.Range(0, Machines).Select(_ => new Dictionary<int, double>())];
        for (int machine = 0; machine < Machines; machine++)
        {
            for (int thread = 0; thread < Threads; thread++)
            {
                free.Enqueue((machine, thread), 0);
            }
        }

        (double link, double server, double end, double busy, long fetches) = (0, 0, 0, 0, 0);
        for (long cell = 0; cell < (long)Recordings * CellsOfRecording; cell++)
        {
            free.TryDequeue(out (int Machine, int Thread) worker, out double now);
            server = Math.Max(server, now) + ServerSecondsOfCell;
            double start = server;
            int recording = (int)(cell / CellsOfRecording);
            if (!has[worker.Machine].TryGetValue(recording, out double ready))
            {
                link = Math.Max(link, start) + (BytesOfRecording / LinkBytesPerSecond);
                ready = link + ReadSeconds;
                has[worker.Machine][recording] = ready;
                busy += ReadSeconds;
                fetches++;
            }

            double done = Math.Max(start, ready) + CellSeconds + WorkerSecondsOfCell;
            busy += CellSeconds;
            end = Math.Max(end, done);
            free.Enqueue(worker, done);
        }

        return (end, busy / (end * Machines * Threads), fetches * BytesOfRecording / LinkBytesPerSecond / end, fetches);
    }
}
