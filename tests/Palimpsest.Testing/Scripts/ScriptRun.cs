using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Scripts;

/// <summary>Plays a script on a machine and compares it with the reference model and with the audit.</summary>
public sealed class ScriptRun
{
    private const int StepsBetweenAudits = 16;

    private readonly Tenants _tenants = new();
    private readonly List<(Frame Start, int Count)> _ranges = [];
    private readonly bool[] _freeAtStart;
    private readonly bool _keepsBlocks;
    private readonly int _reservedAtStart;
    private readonly int _largestRange;

    public ScriptRun(MemoryLayout layout, Design design, int cpus = 2, bool mayKeepBlocks = false)
    {
        System = new MemorySystem(layout, design, new MachineOptions(cpus), _tenants);
        _freeAtStart = FreeFrames(System);
        _keepsBlocks = mayKeepBlocks || System.Place.IsGrouped;
        _reservedAtStart = System.Blocks.ReservedFrames;
        _largestRange = Math.Min(2048, layout.Frames / 4);
    }

    public MemorySystem System { get; }

    public Tenants Tenants => _tenants;

    /// <summary>Plays a script; a failure is repeated with ever shorter scripts, and the shortest is thrown.</summary>
    public static void Check(Func<ScriptRun> create, IReadOnlyList<Operation> script)
    {
        if (Failure(create, script) is not { } failure)
        {
            return;
        }

        (List<Operation> shortest, Exception last) = Shorten(create, script, failure);
        throw new InvalidOperationException($"{last.Message}\nafter\n  {string.Join(",\n  ", shortest)}\nfirst: {failure}", last);
    }

    public void Play(IReadOnlyList<Operation> script)
    {
        int step = 0;
        foreach (Operation operation in script)
        {
            Step(operation);
            if (++step % StepsBetweenAudits == 0)
            {
                Audit();
            }
        }

        Audit();
    }

    public void Step(in Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Allocate:
                Allocate(operation, operation.Size);
                break;
            case OperationKind.Fill:
                for (int count = operation.Pick % 200; count > 0; count--)
                {
                    Allocate(operation, operation.Size % 3);
                }

                break;
            case OperationKind.TakeRange:
                TakeRange(operation);
                break;
            case OperationKind.GiveRangeBack when _ranges.Count > 0:
                (Frame start, int frames) = _ranges[operation.Pick % _ranges.Count];
                _ranges.RemoveAt(operation.Pick % _ranges.Count);
                GiveBack(start, frames);
                break;
            case OperationKind.Occupy:
                Occupy(operation);
                break;
            case OperationKind.Drain:
                System.DrainAll();
                break;
            default:
                if (_tenants.Count > 0)
                {
                    DoToTenant(operation, _tenants.Pick(operation.Pick));
                }

                break;
        }
    }

    public void Audit()
    {
        IReadOnlyList<LawViolation> broken = System.Audit();
        Require(broken.Count == 0, string.Join("; ", broken.Take(5)));
        _tenants.Check(System);
    }

    /// <summary>Everybody leaves; all memory must be free again.</summary>
    public void End()
    {
        foreach (Tenant tenant in _tenants.All.ToList())
        {
            Free(tenant, cpu: CpuId.Boot);
        }

        foreach ((Frame start, int count) in _ranges)
        {
            GiveBack(start, count);
        }

        System.DrainAll();
        Audit();
        bool[] free = FreeFrames(System);
        for (Frame frame = new(0); frame.Index < free.Length; frame++)
        {
            bool isKeptForTags = _keepsBlocks
                && (System.Frames[frame].Has(FrameFlags.TagStorage) || System.Frames[frame].State == FrameState.Ready);
            Require(free[frame.Index] == _freeAtStart[frame.Index]
                || isKeptForTags, $"frame {frame} was {(_freeAtStart[frame.Index] ? "" : "not ")}free, is {System.Frames[frame].State}");
        }

        Require(System.TaggedFrames == 0, $"{System.TaggedFrames} frames are tagged at the end");
        Require(System.LentFramesInUse == 0, $"{System.LentFramesInUse} lent frames are in use at the end");
        Require(_keepsBlocks || System.Blocks.ReservedFrames == _reservedAtStart,
            $"{System.Blocks.ReservedFrames} frames are reserved at the end, {_reservedAtStart} at the start");
    }

    /// <summary>Which frames are on buddy lists.</summary>
    public static bool[] FreeFrames(MemorySystem system)
    {
        bool[] free = new bool[system.Frames.Count];
        for (Frame frame = new(0); frame.Index < free.Length; frame++)
        {
            if (system.Frames[frame].State == FrameState.Free)
            {
                free.AsSpan(frame.Index, 1 << system.Frames[frame].Order).Fill(true);
            }
        }

        return free;
    }

    private void DoToTenant(in Operation operation, Tenant tenant)
    {
        switch (operation.Kind)
        {
            case OperationKind.Free:
                Free(tenant, operation.Cpu);
                break;
            case OperationKind.SplitAndFreeParts:
                Split(tenant, operation);
                break;
            case OperationKind.Pin:
                System.Pin(tenant.Frame);
                _tenants.Become(tenant with { IsPinned = true });
                break;
            case OperationKind.Tag:
                Tag(tenant, operation.Cpu);
                break;
            case OperationKind.FreeMany:
                FreeMany(operation.Pick, 2 + (operation.Size % 3), operation.Cpu);
                break;
        }
    }

    private void Allocate(in Operation operation, int order)
    {
        int owner = _tenants.NewOwner(order);
        AllocationRequest request = new(operation.Gfp, new Order(order), operation.Cpu, operation.IsTagged, owner);
        AllocationResult result = System.Allocate(request);
        Require(!result.Frame.IsNone == (result.Outcome != AllocationOutcome.NoMemory), $"{result} contradicts itself");
        if (!result.Frame.IsNone)
        {
            bool isTagged = operation.IsTagged && result.Outcome == AllocationOutcome.Done;
            _tenants.Enter(new Tenant(owner, result.Frame, order, request.Type == MigrateType.Movable, IsPinned: false, isTagged));
        }
    }

    private void Occupy(in Operation operation)
    {
        for (int at = 0; at <= operation.Size; at++)
        {
            Frame frame = new((operation.Pick + (at * 7)) % System.Frames.Count);
            int owner = _tenants.NewOwner(order: 0);
            if (System.TryOccupy(frame, owner, operation.IsTagged))
            {
                _tenants.Enter(new Tenant(owner, frame, Order: 0, operation.IsTagged, IsPinned: false, IsTagged: false));
            }
        }
    }

    private void Free(Tenant tenant, CpuId cpu)
    {
        _tenants.Leave(tenant);
        System.Free(tenant.Frame, cpu);
    }

    /// <summary>Every tenant leaves but each nth.</summary>
    private void FreeMany(int first, int nth, CpuId cpu)
    {
        foreach (Tenant leaving in _tenants.All.Where((_, index) => (index + first) % nth != 0).ToList())
        {
            Free(leaving, cpu);
        }
    }

    private void Split(Tenant tenant, in Operation operation)
    {
        if (tenant.Order > 6)
        {
            // Enough small tenants for a test that looks at each.
            Free(tenant, operation.Cpu);
            return;
        }

        System.Frames.Split(tenant.Frame, tenant.Owner);
        _tenants.Leave(tenant);
        for (int part = 0; part < tenant.Frames; part++)
        {
            Tenant single = tenant with { Owner = tenant.Owner + part, Frame = tenant.Frame + part, Order = 0 };
            _tenants.Enter(single);
            if ((part + operation.Pick) % 3 != 0)
            {
                Free(single, operation.Cpu);
            }
        }
    }

    private void Tag(Tenant tenant, CpuId cpu)
    {
        bool done = System.TryTag(tenant.Frame, cpu);
        Tenant after = _tenants.All.Single(other => other.Owner == tenant.Owner);
        Require(done || after == tenant, $"{tenant} could not be tagged and became {after}");
        _tenants.Become(after with { IsTagged = done });
    }

    private void TakeRange(in Operation operation)
    {
        Frame start = new(operation.Pick % System.Frames.Count);
        int wanted = 1 + (operation.Pick % _largestRange >> (operation.Size % 8));
        int count = 0;
        while (count < wanted && start.Index + count < System.Frames.Count && BelongsWith(start, start + count))
        {
            count++;
        }

        if (count == 0)
        {
            return;
        }

        bool[] held = [.. Enumerable.Range(start.Index, count).Select(frame => System.Frames[new Frame(frame)].State == FrameState.Held)];
        if (System.AllocateRange(start, count, operation.Cpu) == RangeOutcome.Done)
        {
            Require(!held.Contains(true), $"range {start}+{count} was held already");
            for (Frame frame = start; frame < start + count; frame++)
            {
                Require(System.Frames[frame].State == FrameState.Held,
                    $"frame {frame} of range {start}+{count} is {System.Frames[frame].State}");
                _tenants.Block(frame);
            }

            _ranges.Add((start, count));
        }
    }

    private void GiveBack(Frame start, int count)
    {
        for (Frame frame = start; frame < start + count; frame++)
        {
            _tenants.Unblock(frame);
        }

        System.FreeRange(start, count, cpu: CpuId.Boot);
    }

    /// <summary>A range lies in one zone, one pageblock type and one kind of memory.</summary>
    private bool BelongsWith(Frame first, Frame frame)
    {
        PageFrame at = System.Frames[frame];
        return at.State != FrameState.Absent
            && !at.Has(FrameFlags.TagStorage)
            && at.Zone == System.Frames[first].Zone
            && System.Frames.BlockType(frame) == System.Frames.BlockType(first)
            && System.Frames.BlockType(frame) is not (MigrateType.Isolate or MigrateType.HighAtomic);
    }

    private static Exception? Failure(Func<ScriptRun> create, IReadOnlyList<Operation> script)
    {
        try
        {
            ScriptRun run = create();
            run.Play(script);
            run.End();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private static (List<Operation> Script, Exception Failure) Shorten(Func<ScriptRun> create, IReadOnlyList<Operation> script,
        Exception failure)
    {
        List<Operation> shortest = [.. script];
        for (int size = shortest.Count / 2; size >= 1; size = size > 1 ? size / 2 : 0)
        {
            for (int at = 0; at + size <= shortest.Count;)
            {
                List<Operation> candidate = [.. shortest[..at], .. shortest[(at + size)..]];
                if (Failure(create, candidate) is { } again)
                {
                    shortest = candidate;
                    failure = again;
                }
                else
                {
                    at += size;
                }
            }
        }

        return (shortest, failure);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
