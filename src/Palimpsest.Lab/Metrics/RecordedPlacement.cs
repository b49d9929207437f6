using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Metrics;

/// <summary>
/// Storage that the tagged pages of a recording would need where the recorded kernel had them, by their pfns: what a model that places
/// pages as that kernel did has to come to.
/// </summary>
/// <param name="ReservedMean">Frames of tag storage, mean over time.</param>
/// <param name="ReservedMax">The most at once.</param>
/// <param name="OverIdeal">Blocks for each that packed pages would need; ratio of the means over time.</param>
public sealed record RecordedPlacement(double ReservedMean, int ReservedMax, double OverIdeal)
{
    /// <returns>Null where nothing is tagged.</returns>
    internal static RecordedPlacement? Of(Workload workload, MemoryLayout layout)
    {
        if (workload.TaggedAllocations + workload.LateTags == 0 || layout.Storage.Count == 0)
        {
            return null;
        }

        Blocks blocks = new(layout);
        long now = 0;
        double reserved = 0;
        double ideal = 0;
        int most = 0;
        foreach (ref readonly WorkloadStep step in workload.Steps.Span)
        {
            double span = step.TimeNs - now;
            now = step.TimeNs;
            reserved += span * blocks.Reserved;
            ideal += span * blocks.Ideal;
            blocks.Do(step);
            most = Math.Max(most, blocks.Reserved);
        }

        double mean = now == 0 ? blocks.Reserved : reserved / now;
        return new RecordedPlacement(mean * blocks.Frames, most * blocks.Frames, ideal == 0 ? 0 : reserved / ideal);
    }

    /// <summary>Which frames are tagged now, and how many of each block.</summary>
    private sealed class Blocks
    {
        private const int Nothing = -1;

        private readonly int[] _blockOf;
        private readonly int[] _tagged;
        private readonly bool[] _isTagged;
        private readonly byte[] _orders;
        private readonly int _covered;
        private int _pages;

        public Blocks(MemoryLayout layout)
        {
            _blockOf = new int[layout.Frames];
            _blockOf.AsSpan().Fill(Nothing);
            _isTagged = new bool[layout.Frames];
            _orders = new byte[layout.Frames];
            Frames = layout.Storage[0].BlockFrames;
            _covered = Frames * Vocabulary.TagGeometry.DataFramesPerStorageFrame;
            int count = 0;
            foreach (StorageRun run in layout.Storage)
            {
                int covered = run.BlockFrames * Vocabulary.TagGeometry.DataFramesPerStorageFrame;
                for (int at = 0; at < run.CoveredFrames; at++)
                {
                    _blockOf[run.FirstCovered + at] = count + (at / covered);
                }

                count += (run.CoveredFrames + covered - 1) / covered;
            }

            _tagged = new int[count];
        }

        /// <summary>Frames of storage of a block.</summary>
        public int Frames { get; }

        /// <summary>Blocks with tagged pages.</summary>
        public int Reserved { get; private set; }

        /// <summary>Blocks that as many pages would need side by side.</summary>
        public int Ideal => (_pages + _covered - 1) / _covered;

        public void Do(in WorkloadStep step)
        {
            switch (step.Kind)
            {
                case WorkloadStepKind.Allocate:
                    _orders.AsSpan(step.Name, 1 << step.Order).Fill(step.Order);
                    Set(step.Name, 1 << step.Order, (step.Flags & WorkloadStepFlags.Tagged) != 0);
                    break;
                case WorkloadStepKind.Free:
                    Set(step.Name, 1 << step.Order, isTagged: false);
                    _orders.AsSpan(step.Name, 1 << step.Order).Clear();
                    break;
                case WorkloadStepKind.Tag:
                    int order = _orders[step.Name];
                    Set(step.Name & ~((1 << order) - 1), 1 << order, isTagged: true);
                    break;
                case WorkloadStepKind.Rename or WorkloadStepKind.Compact:
                    bool wasTagged = _isTagged[step.Name];
                    Set(step.Name, 1, isTagged: false);
                    Set(step.NewName, 1, wasTagged);
                    (_orders[step.Name], _orders[step.NewName]) = (0, 0);
                    break;
            }
        }

        private void Set(int first, int count, bool isTagged)
        {
            for (int at = first; at < first + count; at++)
            {
                if (_isTagged[at] != isTagged && _blockOf[at] is var block and not Nothing)
                {
                    _isTagged[at] = isTagged;
                    int change = isTagged ? 1 : -1;
                    _pages += change;
                    Reserved += _tagged[block] == (isTagged ? 0 : 1) ? change : 0;
                    _tagged[block] += change;
                }
            }
        }
    }
}
