using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Palimpsest.Nats.Tests;

/// <summary>A real nats-server with JetStream on the loopback, whose folder outlives it.</summary>
internal sealed class NatsServer : IDisposable
{
    private const int Port = 4222;

    private static int _servers;

    // An address of its own in 127.0.0.0/8: a port found free could be another's by the time that the server asks for it.
    private readonly IPAddress _address = new([127, .. BitConverter.GetBytes(Environment.ProcessId)[..2],
        (byte)(1 + (Interlocked.Increment(ref _servers) % 250))]);

    private readonly string _folder;
    private readonly string? _configuration;
    private Process _process;

    private NatsServer(string folder, Func<IPAddress, string>? configuration)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        if (configuration is not null)
        {
            _configuration = Path.Combine(_folder, "configuration");
            File.WriteAllText(_configuration, configuration(_address));
        }

        _process = Start();
    }

    public string Url => $"nats://{_address}:{Port}";

    /// <summary>Null where the machine has none: the suite then says what it left out.</summary>
    /// <param name="configuration">What its file of configuration says, given its address; none without it.</param>
    public static NatsServer? Open(string folder, Func<IPAddress, string>? configuration = null)
    {
        if (Path.Exists("/usr/sbin/nats-server") || Path.Exists("/usr/bin/nats-server"))
        {
            return new NatsServer(folder, configuration);
        }

        TestContext.Current.SendDiagnosticMessage("left out: there is no nats-server on this machine (apt-get install nats-server)");
        return null;
    }

    /// <summary>Killed with -9 and started again, on the same address and folder.</summary>
    /// <param name="isEmptied">What it kept is gone.</param>
    public void Restart(TimeSpan away, bool isEmptied = false)
    {
        _process.Kill();
        _process.WaitForExit();
        Thread.Sleep(away);
        if (isEmptied)
        {
            Directory.Delete(Path.Combine(_folder, "jetstream"), recursive: true);
        }

        _process.Dispose();
        _process = Start();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Process Start()
    {
        string server = Path.Exists("/usr/sbin/nats-server") ? "/usr/sbin/nats-server" : "/usr/bin/nats-server";
        Process process = Process.Start(new ProcessStartInfo(server,
            ["-js", "-a", $"{_address}", "-p", $"{Port}", "-sd", _folder, "-l", Path.Combine(_folder, "log"),
                .. _configuration is null ? Array.Empty<string>() : ["-c", _configuration]]))!;
        for (int attempt = 0; attempt < 200 && !Answers(); attempt++)
        {
            Thread.Sleep(50);
        }

        return process;
    }

    private bool Answers()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(_address, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
