using System.Globalization;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Lab.Tests.Facts;

/// <summary>Snapshots of small machines in a folder that is gone when the test is.</summary>
internal sealed class MachineSketch : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>64 MiB at 0x40000000 with two CPUs, as zoneinfo tells it.</summary>
    public MachineSketch Zone(long present = 16384, long start = 0x40000, long? cma = null, int cpus = 2)
    {
        string counts = string.Concat(Enumerable.Range(0, cpus).Select(cpu => $"    cpu: {cpu}\n              count:    10\n"));
        return File("zoneinfo", string.Create(
            CultureInfo.InvariantCulture,
            $"Node 0, zone      DMA\n  pages free     8000\n        present  {present}\n        managed  {present - 400}\n")
            + (cma is null ? "" : $"        cma      {cma}\n") + $"  pagesets\n{counts}  start_pfn:           {start}\n");
    }

    public MachineSketch File(string name, string text)
    {
        System.IO.File.WriteAllText(this[name], text);
        return this;
    }

    public SnapshotFolder Read() => SnapshotFolder.Read(_folder.FullName);

    public RecordedMachine Machine(BoardInput board, string? release = null) => board.Read(Read(), trace: null, release);

    public void Dispose() => _folder.Delete(recursive: true);
}
