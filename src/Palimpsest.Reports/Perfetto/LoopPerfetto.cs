using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Perfetto;

/// <summary>
/// A closed loop with its first seed as a Perfetto trace: counters of each design, and what it does about tag storage; a step counts as
/// a millisecond.
/// </summary>
public static class LoopPerfetto
{
    /// <param name="study">Of a trial that kept courses; a design without one is left out.</param>
    public static void Write(Stream stream, LoopStudy study)
    {
        PerfettoTrace trace = new(stream);
        foreach (LoopDesignResult design in study.First.Designs.Where(design => design.Course is not null))
        {
            ulong group = trace.Track(design.Design.Label);
            DesignScale scale = new(design.PageBytes, design.Storage.StorageFrames);
            ComparisonPerfetto.WriteCounters(trace, group, design.Design.Label, scale,
                design.Course!.Moments.Select(moment => moment.Figures), startNs: 0);
            StorageTracks.Write(trace, group, design.Design.Label, design.Course.Events, startNs: 0);
            trace.Mark(group, design.Storage.GivenBackMinTimeNs, "least given back");
        }
    }
}
