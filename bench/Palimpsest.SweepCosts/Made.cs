using System.Diagnostics;
using System.Security.Cryptography;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.SweepCosts;

/// <summary>Plans of any size, and cells that cost what one wants and have figures as real ones have.</summary>
internal static class Made
{
    private static readonly byte[] Bytes = new byte[1 << 16];

    /// <summary>As many cells, of one recording, a thousand seeds at most.</summary>
    public static SweepPlan Plan(int cells)
    {
        string folder = Directory.CreateTempSubdirectory("palimpsest-costs-").FullName;
        File.WriteAllText(Path.Combine(folder, "one.dat"), "a recording");
        int seeds = Math.Min(cells, 1000);
        int designs = (cells + seeds - 1) / seeds;
        File.WriteAllText(Path.Combine(folder, "x.json"), $$"""
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "one.dat", "ram_mib": 64 }],
              "compare": { "views": ["full"] },
              "designs": [{ "name": "packed", "ranges": { "slack": { "from": 1, "to": {{Math.Min(designs, 1000)}} } } }],
              "seeds": [{{string.Join(',', Enumerable.Range(1, seeds))}}] }
            """);
        return SweepPlan.Of(ExperimentFile.Read(Path.Combine(folder, "x.json")));
    }

    /// <summary>Hashes so many times 64 KiB, about 0.05 to 0.15 ms each, and makes figures of it.</summary>
    public static CellOutcome Cell(Cell cell, int rounds)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (int round = 0; round < rounds; round++)
        {
            SHA256.HashData(Bytes, hash);
        }

        double?[] values = new double?[FigureColumns.Ids.Count];
        ulong state = (ulong)cell.Key("made").Value;
        for (int at = 0; at < values.Length; at++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            values[at] = at % 3 == 0 ? (state >> 40) : at % 3 == 1 ? (state >> 11) * (1.0 / (1UL << 53)) : 0;
        }

        values[FigureColumns.Ids.ToList().IndexOf("carve_out_mib")] = 1 << 24;
        values[FigureColumns.Ids.ToList().IndexOf("law_violations")] = 0;
        return new CellOutcome(CellStatus.Done, Text: null, values);
    }

    public static double CpuSeconds => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    /// <summary>The most memory that was ever resident, in MiB.</summary>
    public static double PeakMib => double.Parse(File.ReadLines("/proc/self/status")
        .First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
}
