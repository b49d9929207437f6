using Palimpsest.Kernel;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// A server with a cache that it keeps (half of its memory), a file that it serves (a quarter), and heaps that live as long
/// as some requests (the rest).
/// </summary>
internal sealed class RequestServer : ClosedLoop
{
    private const int Arenas = 32;
    private const int PagesPerRequest = 24;

    private readonly Heap?[] _arenas = new Heap?[Arenas];
    private readonly byte[] _line = new byte[64];
    private readonly SharedFile _file;
    private readonly int _filePages;
    private Process? _server;
    private Heap? _cache;
    private int _step;

    public RequestServer(LinuxMachine machine, LoopParameters parameters)
        : base(machine, parameters)
    {
        _filePages = Math.Max(1, parameters.Pages / 4);
        _file = machine.OpenFile((long)_filePages * PageBytes);
    }

    protected override void Work(int number)
    {
        _step = number;
        _server = Alive(_server, "server", Begin);
        int index = Random.Below(Arenas);
        Heap arena = _arenas[index] ??= NewHeap(_server, Parameters.Pages / 4 / Arenas, number);
        for (int touched = 0; touched < PagesPerRequest; touched++)
        {
            arena.Use(Random.Below(arena.Pages), Random.Next());
            _cache!.Use(Random.Skewed(_cache.Pages), Random.Next());
            _server.Read(_file, (long)Random.Skewed(_filePages) * PageBytes, _line);
        }

        if (Random.Chance(0.05))
        {
            arena.Unmap();
            _arenas[index] = null;
        }
    }

    private void Begin(Process server)
    {
        Array.Clear(_arenas);
        _cache = NewHeap(server, Parameters.Pages / 2, _step);
    }
}
