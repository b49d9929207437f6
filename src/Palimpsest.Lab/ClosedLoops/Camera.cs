using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>
/// Pictures go to storage by direct I/O, which pins their pages as long as it lasts (get_user_pages, no FOLL_LONGTERM: where
/// they lie they stay, tag storage included), a quarter of the memory; beside it apps with heaps of their own (the rest).
/// </summary>
internal sealed class Camera(LinuxMachine machine, LoopParameters parameters) : ClosedLoop(machine, parameters)
{
    private const int Pictures = 16;
    private const int Apps = 8;
    private const int TouchesPerStep = 96;

    private readonly Picture?[] _pictures = new Picture?[Pictures];
    private readonly Process?[] _apps = new Process?[Apps];
    private readonly Heap?[] _heaps = new Heap?[Apps];
    private readonly int _picturePages = Math.Max(1, parameters.Pages / 2 / Pictures);
    private Process? _camera;
    private int _starting;
    private int _step;

    protected override void Work(int number)
    {
        _step = number;
        _camera = Alive(_camera, "camera", _ => Array.Clear(_pictures));
        Shoot(number % Pictures);
        _starting = Random.Below(Apps);
        Process app = _apps[_starting] = Alive(_apps[_starting], $"app{_starting}", Begin);
        Heap heap = _heaps[_starting]!;
        for (int touched = 0; touched < TouchesPerStep; touched++)
        {
            heap.Use(Random.Below(heap.Pages), Random.Next());
        }

        if (Random.Chance(0.1))
        {
            heap.Unmap();
            Begin(app);
        }
    }

    /// <summary>The oldest picture is written out, and the next one takes its place.</summary>
    private void Shoot(int place)
    {
        if (_pictures[place] is { } written)
        {
            foreach (PinnedPage page in written.Pins)
            {
                _camera!.Unpin(page);
            }

            _camera!.Unmap(written.Start, (long)_picturePages * PageBytes);
        }

        ulong start = _camera!.Map((long)_picturePages * PageBytes, Protection.Read | Protection.Write);
        Picture picture = new(start, []);
        _pictures[place] = picture;
        for (int page = 0; page < _picturePages; page++)
        {
            picture.Pins.Add(_camera.Pin(start + ((ulong)page * (ulong)PageBytes)));
        }
    }

    private void Begin(Process app) => _heaps[_starting] = NewHeap(app, Parameters.Pages / 2 / Apps, _step);

    private sealed record Picture(ulong Start, List<PinnedPage> Pins);
}
