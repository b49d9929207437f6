using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>
/// Lays out the frames of a machine for a home of tag storage: which zone and set each is in, what firmware keeps, which pageblocks
/// are CMA; then frees what is left, in ascending order, as late memory initialisation does.
/// </summary>
internal sealed class FrameLayout
{
    private readonly MemoryLayout _layout;
    private readonly StoragePlace _place;
    private readonly int _sets;
    private readonly List<(ZoneKind Kind, int Node, bool IsStorage)> _zoneKeys = [];

    public FrameLayout(MemoryLayout layout, StoragePlace place, int cpus)
    {
        _layout = layout;
        _place = place;
        _sets = place.IsGrouped ? StorageSets.Blocks + 1 : place.HasOwnArea ? StorageSets.Storage + 1 : 1;
        NameZones();
        if (_zoneKeys.Count > PageFrame.MostZones)
        {
            throw new InputException(
                $"the board has {_zoneKeys.Count} zones on its nodes; {PageFrame.MostZones} are the most that can be modelled");
        }

        int lists = _zoneKeys.Count * Zone.ListCount(_sets, cpus);
        Frames = new FrameTable(layout.Frames, lists, layout.Geometry.PageBlockOrder, layout.Geometry.LargestOrder);
        Zones = [.. _zoneKeys.Select((key, index) =>
            new Zone(index, key.Kind, key.Node, key.IsStorage, index * Zone.ListCount(_sets, cpus), _sets, cpus))];
    }

    public FrameTable Frames { get; }

    public Zone[] Zones { get; }

    /// <summary>Gives every frame its place; nothing is free yet.</summary>
    /// <param name="isKept">Tells which frames of storage hold tags from boot on.</param>
    public void Place(Predicate<Frame> isKept)
    {
        for (Frame frame = new(0); frame.Index < Frames.Count; frame++)
        {
            Frames[frame].Become(FrameState.Absent, 0);
            Frames[frame].Set(FrameFlags.Untaggable);
        }

        for (int block = 0; block < Frames.PageBlocks; block++)
        {
            Frames.SetBlockType(new Frame(block << Frames.PageBlockOrder), MigrateType.Movable);
        }

        PlaceBanks();
        PlaceCovered();
        PlaceStorage(isKept);
        KeepReserved();
        foreach (CmaPool pool in _layout.Board.CmaPools)
        {
            SetBlockTypes(pool.Range, MigrateType.Cma);
        }
    }

    /// <summary>Finds all frames that nobody keeps, in the largest chunks that they make.</summary>
    /// <param name="free">Takes the first frame and the order of each chunk.</param>
    public void FreeAll(Action<Frame, int> free)
    {
        foreach (Zone zone in Zones)
        {
            for (Frame frame = zone.Start; frame < zone.End;)
            {
                if (LargestFree(frame, zone) is not { } order)
                {
                    frame++;
                    continue;
                }

                free(frame, order);
                zone.ManagedFrames += 1 << order;
                frame += 1 << order;
            }
        }
    }

    private void NameZones()
    {
        IReadOnlyList<MemoryBank> banks = _layout.Board.Banks;
        foreach (int node in banks.Select(bank => bank.Node).Distinct().Order())
        {
            foreach (ZoneSpan span in _layout.Board.Zones)
            {
                if (banks.Any(bank => bank.Node == node && bank.Range.Overlaps(span.Range)))
                {
                    _zoneKeys.Add((span.Kind, node, false));
                }
            }
        }

        if (_place.Zone is { } kind)
        {
            _zoneKeys.Add((kind, _place.IsOwnNode ? banks.Max(bank => bank.Node) + 1 : banks.Min(bank => bank.Node), true));
        }
    }

    private void PlaceBanks()
    {
        foreach (MemoryBank bank in _layout.Board.Banks)
        {
            foreach (ZoneSpan span in _layout.Board.Zones)
            {
                if (!bank.Range.Overlaps(span.Range))
                {
                    continue;
                }

                ulong start = Math.Max(bank.Range.Start.Value, span.Range.Start.Value);
                ulong end = Math.Min(bank.Range.End, span.Range.End);
                int zone = _zoneKeys.IndexOf((span.Kind, bank.Node, false));
                ForEach(new PhysicalRange(new PhysicalAddress(start), end - start), frame => Present(frame, zone, StorageSets.Data));
            }
        }
    }

    private void Present(Frame frame, int zone, int set)
    {
        Frames[frame].Become(FrameState.Covered, 0);
        Frames[frame].PlaceIn(zone, set);
        Zone grown = Zones[zone];
        grown.Start = Frame.Min(grown.Start, frame);
        grown.End = Frame.Max(grown.End, frame + 1);
    }

    private void PlaceCovered()
    {
        foreach (StorageRun run in _layout.Storage)
        {
            for (Frame frame = new(run.FirstCovered); frame.Index < run.FirstCovered + run.CoveredFrames; frame++)
            {
                Frames[frame].Clear(FrameFlags.Untaggable);
            }
        }
    }

    private void PlaceStorage(Predicate<Frame> isKept)
    {
        foreach (StorageRun run in _layout.Storage)
        {
            for (Frame frame = new(run.FirstFrame); frame.Index < run.FirstFrame + run.Frames; frame++)
            {
                ref PageFrame placed = ref Frames[frame];
                placed.Set(FrameFlags.TagStorage | FrameFlags.Untaggable);
                placed.MoveToSet(_place.HasOwnArea ? StorageSets.Storage : StorageSets.Data);
                if (isKept(frame))
                {
                    placed.Become(FrameState.Held, 0);
                    continue;
                }

                if (_place.Zone is not null)
                {
                    Present(frame, Zones.Length - 1, StorageSets.Data);
                }

                if (_place.BlockType is { } type)
                {
                    Frames.SetBlockType(frame, type);
                }
            }
        }
    }

    private void KeepReserved()
    {
        foreach (ReservedRange range in _layout.Board.Reserved)
        {
            ForEach(range.Range, frame =>
            {
                if (Frames[frame].State == FrameState.Covered)
                {
                    Frames[frame].Become(FrameState.Kept, 0);
                }
            });
        }
    }

    /// <summary>Pageblocks that lie wholly inside a range.</summary>
    private void SetBlockTypes(PhysicalRange range, MigrateType type)
    {
        foreach ((int first, int count) in _layout.FramesOf(range))
        {
            int blockFrames = Frames.PageBlockFrames;
            int whole = (first + blockFrames - 1) / blockFrames * blockFrames;
            for (int block = whole; block + blockFrames <= first + count; block += blockFrames)
            {
                Frames.SetBlockType(new Frame(block), type);
            }
        }
    }

    /// <summary>Order of the largest chunk that can begin here, or null when this frame is not to be freed.</summary>
    private int? LargestFree(Frame frame, Zone zone)
    {
        if (!IsFreeable(frame, zone))
        {
            return null;
        }

        int order = 0;
        while (order < Frames.LargestOrder && (frame.Index & (1 << order)) == 0 && UpperHalfMatches(frame, order, zone))
        {
            order++;
        }

        return order;
    }

    private bool UpperHalfMatches(Frame frame, int order, Zone zone)
    {
        for (Frame other = frame + (1 << order); other < frame + (2 << order); other++)
        {
            if (!IsFreeable(other, zone)
                || Frames[other].AreaSet != Frames[frame].AreaSet
                || Frames.BlockType(other) != Frames.BlockType(frame))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsFreeable(Frame frame, Zone zone) =>
        frame < zone.End && Frames[frame].State == FrameState.Covered && Frames[frame].Zone == zone.Index;

    private void ForEach(PhysicalRange range, Action<Frame> act)
    {
        foreach ((int first, int count) in _layout.FramesOf(range))
        {
            for (int frame = first; frame < first + count; frame++)
            {
                act(new Frame(frame));
            }
        }
    }
}
