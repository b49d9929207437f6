using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Tag storage at one moment, in pages: the model that nothing corrects, and the kernel.</summary>
public readonly record struct StoragePoint(long TimeNs, int ModelReserved, int KernelReserved, int ModelData, int KernelData);

/// <summary>Tag storage of a run that nothing corrected, beside the recorded kernel's, in pages.</summary>
/// <param name="Figures">Means over time and maxima.</param>
/// <param name="Points">At even distances of time.</param>
public sealed record StorageCourse(IReadOnlyList<Figure> Figures, IReadOnlyList<StoragePoint> Points)
{
    /// <summary>Name of the figure: mean over time of pages reserved for tags.</summary>
    public const string ReservedMean = "reserved pages, mean";

    /// <summary>Name of the figure: the most pages reserved at a time.</summary>
    public const string ReservedMax = "reserved pages, max";

    /// <summary>Name of the figure: mean over time of pages whose tags have a place.</summary>
    public const string TaggedMean = "pages that have storage, mean";

    /// <summary>Name of the figure: mean over time of data pages that lie in tag storage.</summary>
    public const string DataMean = "data pages in tag storage, mean";

    /// <summary>Name of the figure: blocks that could not be taken off the free lists directly.</summary>
    public const string Ranges = "blocks asked of a range allocation";

    /// <summary>Name of the figure: the most data pages in tag storage at a time.</summary>
    public const string DataMax = "data pages in tag storage, max";

    internal static StorageCourse Of(
        StorageGauge model, KernelCounters counters, RecordedStorage kernel, IReadOnlyList<StoragePoint> points) => new(
        [
            new Figure(ReservedMean, model.ReservedMean, kernel.ReservedMean),
            new Figure(ReservedMax, model.ReservedMax, kernel.ReservedMax),
            new Figure(TaggedMean, model.TaggedMean, kernel.TaggedMean),
            new Figure(DataMean, model.LentMean, kernel.DataMean),
            new Figure(DataMax, model.LentMax, kernel.DataMax),
            new Figure(Ranges, counters.RangeAllocations, kernel.Ranges),
        ],
        points);
}
