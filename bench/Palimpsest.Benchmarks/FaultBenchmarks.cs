using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Benchmarks;

/// <summary>Minor faults on anonymous memory: a page of each is written for the first time, and all are unmapped at the end.</summary>
public class FaultBenchmarks
{
    private const int Pages = 2048;
    private const int PageBytes = 4096;

    private LinuxMachine _machine = null!;
    private Process _process = null!;
    private int[] _written = [];

    [Params("static", "cma-no-tagged")]
    public string Design { get; set; } = "";

    [GlobalSetup]
    public void Begin()
    {
        _machine = new LinuxMachine(MemoryBoard.Flat(256 << 20, PageGeometry.Page4K), DesignCatalog.Parse(Design).Create());
        _process = _machine.Start("bench");
        Plain();
        _written = [.. Enumerable.Range(0, _machine.Memory.Frames.Count).Where(_machine.Hardware.Dram.IsTouched).Take(Pages)];
    }

    /// <summary>What a fault cannot be without: the page is zeroed, and is in no cache of the host.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void Zeroing()
    {
        foreach (int frame in _written)
        {
            _machine.Hardware.ZeroPage(frame);
        }
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public void Plain() => MapTouchUnmap(Protection.Read | Protection.Write);

    [Benchmark(OperationsPerInvoke = Pages)]
    public void Tagged() => MapTouchUnmap(Protection.Read | Protection.Write | Protection.Mte);

    /// <summary>The host's own kernel: mmap, one byte a page, munmap.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Pages)]
    public void Host()
    {
        nint start = Mmap(0, Pages * PageBytes, prot: 3, flags: 0x22, fd: -1, offset: 0);
        for (int page = 0; page < Pages; page++)
        {
            Marshal.WriteByte(start, page * PageBytes, 1);
        }

        _ = Munmap(start, Pages * PageBytes);
    }

    private void MapTouchUnmap(Protection protection)
    {
        ulong start = _process.Map(Pages * PageBytes, protection);
        for (int page = 0; page < Pages; page++)
        {
            _process.Store(start + ((ulong)page * PageBytes), 1);
        }

        _process.Unmap(start, Pages * PageBytes);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Mmap(nint address, nint bytes, int prot, int flags, int fd, long offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Munmap(nint address, nint bytes);
}
