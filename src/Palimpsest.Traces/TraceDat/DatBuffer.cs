namespace Palimpsest.Traces.TraceDat;

/// <summary>Where the pages of one CPU lie in the file.</summary>
internal readonly record struct CpuExtent(int Cpu, long Offset, long Size);

/// <summary>A ring buffer of the recording: the top one or that of an instance.</summary>
/// <param name="Clock">Name of the trace clock; empty if the file does not tell.</param>
internal sealed record DatBuffer(string Name, string Clock, int PageBytes, IReadOnlyList<CpuExtent> Cpus)
{
    public long Size => Cpus.Sum(cpu => cpu.Size);
}
