using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>Laws FRAME-1 and BUDDY-1, from the frames themselves.</summary>
internal sealed class FrameAudit(FrameTable frames, IReadOnlyList<Zone> zones, List<LawViolation> broken)
{
    private const string FrameLaw = "FRAME-1";
    private const string BuddyLaw = "BUDDY-1";

    private readonly Counts[] _counts = [.. zones.Select(zone => new Counts(zone.Sets))];

    public void Run()
    {
        WalkFrames();
        foreach (Zone zone in zones)
        {
            WalkBuddyLists(zone);
            WalkPerCpuLists(zone);
            CompareCounters(zone);
        }
    }

    /// <summary>Every frame is covered by exactly one head, and heads are aligned and do not overlap.</summary>
    private void WalkFrames()
    {
        Frame coveredUntil = new(0);
        for (Frame frame = new(0); frame.Index < frames.Count; frame++)
        {
            ref PageFrame at = ref frames[frame];
            if (at.State == FrameState.Covered)
            {
                if (frame >= coveredUntil)
                {
                    Report(FrameLaw, $"frame {frame} is covered by nothing");
                }

                continue;
            }

            if (frame < coveredUntil)
            {
                Report(FrameLaw, $"frame {frame} is {at.State} inside a chunk that ends at {coveredUntil}");
            }

            if ((frame.Index & ((1 << at.Order) - 1)) != 0)
            {
                Report(FrameLaw, $"frame {frame} heads order {at.Order} but is not aligned to it");
            }

            coveredUntil = Frame.Max(coveredUntil, frame + (1 << at.Order));
            if (at.State is FrameState.Free or FrameState.PerCpu or FrameState.Ready)
            {
                Count(frame, at);
            }
        }
    }

    private void Count(Frame frame, in PageFrame at)
    {
        Counts counts = _counts[at.Zone];
        if (at.State != FrameState.Free)
        {
            counts.PerCpuChunks += at.State == FrameState.PerCpu ? 1 : 0;
            counts.Ready += at.State == FrameState.Ready ? 1 : 0;
            return;
        }

        counts.Chunks[at.AreaSet, at.Order]++;
        Frame buddy = frame.BuddyAt(at.Order);
        bool unmerged = at.Order < frames.PageBlockOrder && buddy.Index < frames.Count && frames[buddy].IsFreeBuddyOf(at, at.Order);
        if (unmerged)
        {
            Report(BuddyLaw, $"frames {frame} and {buddy} are free buddies of order {at.Order} and not merged");
        }
    }

    private void WalkBuddyLists(Zone zone)
    {
        for (int set = 0; set < zone.Sets; set++)
        {
            for (int order = 0; order <= Order.Max; order++)
            {
                int chunks = 0;
                for (int type = 0; type < MigrateTypes.Count; type++)
                {
                    chunks += WalkList(zone, set, order, (MigrateType)type);
                }

                if (chunks != zone.Chunks(set, order) || chunks != _counts[zone.Index].Chunks[set, order])
                {
                    int heads = _counts[zone.Index].Chunks[set, order];
                    int counter = zone.Chunks(set, order);
                    Report(BuddyLaw, $"zone {zone.Kind}, order {order}: {chunks} on lists, counter {counter}, {heads} free heads");
                }
            }
        }
    }

    private int WalkList(Zone zone, int set, int order, MigrateType type)
    {
        int chunks = 0;
        Frame head = frames.ListHead(zone.List(set, order, type));
        for (Frame frame = frames.First(head); frame != head; frame = frames.After(frame))
        {
            ref PageFrame at = ref frames[frame];
            if (++chunks > frames.Count)
            {
                Report(BuddyLaw, $"list of zone {zone.Kind}, order {order}, {type} does not end");
                return chunks;
            }

            if (at.State != FrameState.Free || at.Order != order || at.Zone != zone.Index || at.AreaSet != set)
            {
                Report(BuddyLaw, $"frame {frame} ({at.State}, order {at.Order}) is on the list of order {order}, {type}");
            }

            _counts[zone.Index].Add(type, set, 1 << order);
        }

        return chunks;
    }

    private void WalkPerCpuLists(Zone zone)
    {
        int chunks = 0;
        foreach (PerCpuPages pages in zone.PerCpu)
        {
            int held = 0;
            for (int index = 0; index < PerCpuPages.Lists; index++)
            {
                Frame head = frames.ListHead(pages.ListOf(index));
                for (Frame frame = frames.First(head); frame != head && chunks <= frames.Count; frame = frames.After(frame))
                {
                    chunks++;
                    held += 1 << frames[frame].Order;
                    if (frames[frame].State != FrameState.PerCpu
                        || frames[frame].Order != PerCpuPages.OrderOf(index, frames.PageBlockOrder))
                    {
                        Report(BuddyLaw, $"frame {frame} ({frames[frame].State}) is on per-CPU list {index}");
                    }
                }
            }

            if (held != pages.State.Count)
            {
                Report(BuddyLaw, $"zone {zone.Kind}: {held} frames on per-CPU lists, counter {pages.State.Count}");
            }
        }

        if (chunks != _counts[zone.Index].PerCpuChunks)
        {
            Report(BuddyLaw, $"zone {zone.Kind}: {chunks} folios on per-CPU lists, {_counts[zone.Index].PerCpuChunks} in that state");
        }
    }

    private void CompareCounters(Zone zone)
    {
        Counts counts = _counts[zone.Index];
        Compare(zone, "free", counts.Free, zone.FreeFrames);
        Compare(zone, "free CMA", counts.FreeCma, zone.FreeCmaFrames);
        Compare(zone, "free storage", counts.FreeStorage, zone.FreeStorageFrames);
        Compare(zone, "ready", counts.Ready, zone.ReadyFrames);
        if (zone.CountsFreeHighAtomic)
        {
            Compare(zone, "free high-order atomic", counts.FreeHighAtomic, zone.FreeHighAtomicFrames);
        }
    }

    private void Compare(Zone zone, string what, int counted, int counter)
    {
        if (counted != counter)
        {
            Report(BuddyLaw, $"zone {zone.Kind}: {counted} {what} frames on lists, counter {counter}");
        }
    }

    private void Report(string law, string message) => broken.Add(new LawViolation(law, message));

    private sealed class Counts(int sets)
    {
        public int[,] Chunks { get; } = new int[sets, Order.Max + 1];

        public int PerCpuChunks { get; set; }

        public int Ready { get; set; }

        public int Free { get; private set; }

        public int FreeCma { get; private set; }

        public int FreeStorage { get; private set; }

        public int FreeHighAtomic { get; private set; }

        public void Add(MigrateType type, int set, int frameCount)
        {
            Free += type == MigrateType.Isolate ? 0 : frameCount;
            FreeCma += type == MigrateType.Cma ? frameCount : 0;
            FreeHighAtomic += type == MigrateType.HighAtomic ? frameCount : 0;
            bool isInStorageSet = set == StorageSets.Storage && type is not (MigrateType.Cma or MigrateType.Isolate);
            FreeStorage += type == MigrateType.Metadata || isInStorageSet ? frameCount : 0;
        }
    }
}
