using System.Globalization;
using Palimpsest.SweepCosts;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["overhead", var cells]:
        Overhead.Measure(int.Parse(cells, CultureInfo.InvariantCulture));
        return 0;
    case ["two", var cells]:
        Overhead.MeasureTwo(int.Parse(cells, CultureInfo.InvariantCulture));
        return 0;
    case ["rows", var cells, var folder]:
        Overhead.Fill(int.Parse(cells, CultureInfo.InvariantCulture), folder);
        return 0;
    case ["nats", var url, var server, var cells]:
        await NatsCosts.Measure(url, int.Parse(server, CultureInfo.InvariantCulture), int.Parse(cells, CultureInfo.InvariantCulture));
        return 0;
    case ["workers", var cells]:
        await WorkerProcesses.Measure(int.Parse(cells, CultureInfo.InvariantCulture));
        return 0;
    case ["work", var url, var folder, var rounds]:
        await WorkerProcesses.Work(url, folder, int.Parse(rounds, CultureInfo.InvariantCulture));
        return 0;
    case ["fleet"]:
        Fleet.Tell();
        return 0;
    default:
        Console.Error.WriteLine("overhead CELLS | two CELLS | rows CELLS FOLDER | nats URL PID-OF-SERVER CELLS | workers CELLS | fleet");
        return 64;
}
