namespace Palimpsest.SweepCosts;

/// <summary>How cells go to machines.</summary>
internal enum Sharing
{
    /// <summary>One by one, in the order of the plan.</summary>
    Cells,

    /// <summary>All of a recording together; the next order is fetched while one is computed, and who is idle gets half of what waits.
    /// </summary>
    Recordings,
}

/// <summary>
/// Simulates a sweep over a fleet, event by event: machines take orders in the order of the plan, fetch a recording over the link of the
/// server when they have it not, read it once on one thread, and answer. Rates are those of docs/scale.md.
/// </summary>
internal sealed record Fleet(int Machines, int Threads, double LinkBytesPerSecond, Sharing Sharing)
{
    private const int Recordings = 10_000;
    private const int CellsOfRecording = 56;
    private const double EventsOfRecording = 2_800_000;
    private const double BytesOfRecording = 21e6;
    private const double ReadSeconds = 0.64;
    private const double CellSeconds = EventsOfRecording * 7.0e-8;
    private const double ServerSecondsOfCell = 0.0005;
    private const double WorkerSecondsOfCell = 0.0025;
    private const double GlanceSeconds = 0.5;
    private const int Ahead = 4;

    private readonly PriorityQueue<(int Machine, int Thread), double> _free = new();
    private readonly Queue<(int Recording, int Cells)> _queue = new();
    private double _link;
    private double _server;
    private double _busy;
    private long _fetches;

    public static void Tell()
    {
        Console.WriteLine($"{Recordings:N0} recordings of {BytesOfRecording / 1e6:N0} MB, {CellsOfRecording} cells each");
        foreach (Sharing sharing in Enum.GetValues<Sharing>())
        {
            foreach ((int machines, double link) in new[]
            {
                (1, 1.25e9), (10, 1.25e9), (100, 1.25e9), (100, 1.25e8), (300, 1.25e9), (1000, 1.25e9),
            })
            {
                Fleet fleet = new(machines, 16, link, sharing);
                double seconds = fleet.Run();
                Console.WriteLine($"{sharing,-10} {machines,5} machines of 16 threads, a link of {link * 8 / 1e9:N0} Gbit/s: "
                    + $"{seconds / 60:N1} min; threads busy {100 * fleet._busy / (seconds * machines * 16):N0} %, "
                    + $"link {100 * fleet._fetches * BytesOfRecording / link / seconds:N0} %, {fleet._fetches:N0} fetches");
            }
        }
    }

    /// <returns>Seconds until the last cell is answered.</returns>
    private double Run()
    {
        int atOnce = Sharing == Sharing.Cells ? 1 : CellsOfRecording;
        for (int cell = 0; cell < Recordings * CellsOfRecording; cell += atOnce)
        {
            _queue.Enqueue((cell / CellsOfRecording, atOnce));
        }

        Machine[] machines = [.. Enumerable.Range(0, Machines).Select(_ => new Machine())];
        for (int machine = 0; machine < Machines; machine++)
        {
            for (int thread = 0; thread < Threads; thread++)
            {
                _free.Enqueue((machine, thread), 0);
            }
        }

        double end = 0;
        while (_free.TryDequeue(out (int Machine, int Thread) worker, out double now))
        {
            Machine own = machines[worker.Machine];
            // As a worker does it: while few cells wait for each of its threads, the next order is fetched.
            int least = Sharing == Sharing.Cells ? 1 : Ahead * Threads;
            while (own.Waiting < least && _queue.TryDequeue(out (int Recording, int Cells) order))
            {
                Take(own, order, now);
            }

            if (own.Waiting == 0 && !TakeHalf(machines, own, now))
            {
                if (machines.Any(machine => machine.Waiting > 1))
                {
                    _free.Enqueue(worker, now + GlanceSeconds);
                }

                continue;
            }

            double done = Begun(own, now) + CellSeconds + WorkerSecondsOfCell;
            _busy += CellSeconds;
            end = Math.Max(end, done);
            _free.Enqueue(worker, done);
        }

        return end;
    }

    private void Take(Machine machine, (int Recording, int Cells) order, double now)
    {
        _server = Math.Max(_server, now) + (ServerSecondsOfCell * order.Cells);
        if (!machine.Fetched.ContainsKey(order.Recording))
        {
            _link = Math.Max(_link, _server) + (BytesOfRecording / LinkBytesPerSecond);
            machine.Fetched[order.Recording] = _link;
            _fetches++;
        }

        // The first cell comes before all that wait: with it a thread reads the recording.
        machine.Orders.AddFirst((order.Recording, 1));
        if (order.Cells > 1)
        {
            machine.Orders.AddLast((order.Recording, order.Cells - 1));
        }

        machine.Waiting += order.Cells;
    }

    /// <summary>A thread takes the next cell of its machine.</summary>
    /// <returns>When its recording is there and read, by this thread or another.</returns>
    private double Begun(Machine machine, double now)
    {
        int recording = machine.Next();
        if (!machine.Read.TryGetValue(recording, out double read))
        {
            read = Math.Max(now, machine.Fetched[recording]) + ReadSeconds;
            machine.Read[recording] = read;
            _busy += ReadSeconds;
        }

        return Math.Max(now, read);
    }

    private bool TakeHalf(Machine[] machines, Machine own, double now)
    {
        Machine most = machines.MaxBy(machine => machine.Waiting)!;
        if (Sharing == Sharing.Cells || most.Waiting < 2)
        {
            return false;
        }

        (int recording, int cells) = most.Orders.Last!.Value;
        int half = (cells + 1) / 2;
        most.Orders.RemoveLast();
        if (cells > half)
        {
            most.Orders.AddLast((recording, cells - half));
        }

        most.Waiting -= half;
        Take(own, (recording, half), now);
        return true;
    }

    private sealed class Machine
    {
        /// <summary>When a recording is there, by its number.</summary>
        public Dictionary<int, double> Fetched { get; } = [];

        /// <summary>When it is read.</summary>
        public Dictionary<int, double> Read { get; } = [];

        public LinkedList<(int Recording, int Cells)> Orders { get; } = new();

        public int Waiting { get; set; }

        /// <summary>Takes the next cell.</summary>
        /// <returns>Its recording.</returns>
        public int Next()
        {
            (int recording, int cells) = Orders.First!.Value;
            Orders.RemoveFirst();
            if (cells > 1)
            {
                Orders.AddFirst((recording, cells - 1));
            }

            Waiting--;
            return recording;
        }
    }
}
