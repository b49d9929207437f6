using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Perfetto;

/// <summary>A comparison as a Perfetto trace: counters of each design, and what it does about tag storage, on the clock of
/// the recording.</summary>
public static class ComparisonPerfetto
{
    private const string Mebibytes = "MiB";

    private static (string Name, string Unit, Func<DesignScale, TimePoint, double> Value)[] Counters { get; } =
    [
        ("given back", Mebibytes, (scale, point) => scale.Mebibytes(scale.StorageFrames - point.Reserved)),
        ("reserved for tags", Mebibytes, (scale, point) => scale.Mebibytes(point.Reserved)),
        ("used as data", Mebibytes, (scale, point) => scale.Mebibytes(point.Lent)),
        ("tagged", Mebibytes, (scale, point) => scale.Mebibytes(point.Tagged)),
        ("free", Mebibytes, (scale, point) => scale.Mebibytes(point.Free)),
        ("migrated for tags", "pages", (_, point) => point.MigratedFrames),
    ];

    /// <summary>A whole trace of protobuf packets; the stream stays open.</summary>
    public static void Write(Stream stream, ComparisonResult result)
    {
        PerfettoTrace trace = new(stream);
        foreach (DesignResult design in result.Designs)
        {
            ulong group = trace.Track(design.Design.Label);
            DesignScale scale = new(design.PageBytes, design.Storage.StorageFrames);
            WriteCounters(trace, group, design.Design.Label, scale, design.TimeLine, result.Recording.StartNs);
            StorageTracks.Write(trace, group, design.Design.Label, design.Course?.Events, result.Recording.StartNs);
            trace.Mark(group, result.Recording.StartNs + design.Storage.GivenBackMinTimeNs, "least given back");
        }
    }

    internal static void WriteCounters(PerfettoTrace trace, ulong group, string label, DesignScale scale, IEnumerable<TimePoint> points,
        long startNs)
    {
        foreach ((string name, string unit, Func<DesignScale, TimePoint, double> value) in Counters)
        {
            ulong track = trace.Track($"{label}: {name}", group, unit);
            foreach (TimePoint point in points)
            {
                trace.Count(track, startNs + point.TimeNs, value(scale, point));
            }
        }
    }
}

/// <summary>What frames of a design's machine are.</summary>
internal readonly record struct DesignScale(int PageBytes, int StorageFrames)
{
    public double Mebibytes(double frames) => StorageColumns.Mebibytes(frames, PageBytes);
}
