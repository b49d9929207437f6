using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Perfetto;

/// <summary>A comparison as a Perfetto trace: counters of each design, on the clock of the recording.</summary>
public static class ComparisonPerfetto
{
    private const string Mebibytes = "MiB";

    private static readonly (string Name, string Unit, Func<DesignResult, TimePoint, double> Value)[] Counters =
    [
        ("given back", Mebibytes, (design, point) => Size(design, design.Storage.StorageFrames - point.Reserved)),
        ("reserved for tags", Mebibytes, (design, point) => Size(design, point.Reserved)),
        ("used as data", Mebibytes, (design, point) => Size(design, point.Lent)),
        ("tagged", Mebibytes, (design, point) => Size(design, point.Tagged)),
        ("free", Mebibytes, (design, point) => Size(design, point.Free)),
        ("migrated for tags", "pages", (_, point) => point.MigratedFrames),
    ];

    public static void Write(Stream stream, ComparisonResult result)
    {
        PerfettoTrace trace = new(stream);
        foreach (DesignResult design in result.Designs)
        {
            ulong group = trace.Track(design.Design.Label);
            foreach ((string name, string unit, Func<DesignResult, TimePoint, double> value) in Counters)
            {
                ulong track = trace.Track($"{design.Design.Label}: {name}", group, unit);
                foreach (TimePoint point in design.TimeLine)
                {
                    trace.Count(track, result.Recording.StartNs + point.TimeNs, value(design, point));
                }
            }

            trace.Mark(group, result.Recording.StartNs + design.Storage.GivenBackMinTimeNs, "least given back");
        }
    }

    private static double Size(DesignResult design, double frames) => StorageColumns.Mebibytes(frames, design.PageBytes);
}
