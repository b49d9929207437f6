using System.Runtime.CompilerServices;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>The loop of the interpreter, and where it finds instructions.</summary>
public sealed unsafe partial class Cpu
{
    private CodePages _code = null!;
    private Stop _stop;
    private long _uncounted;

    /// <summary>Executes until something stops it, at most a number of instructions.</summary>
    /// <param name="core">The core that it runs on, with this thread's MTE registers.</param>
    /// <param name="code">What has been decoded of the core's memory.</param>
    public Stop Run(Core core, CodePages code, long instructions)
    {
        (Core, _code, ExclusiveBytes, _uncounted) = (core, code, 0, 0);
        _stop = new Stop(StopReason.Slice);
        code.Settle();
        long left = Loop(GoTo(Pc), instructions);
        Retired += instructions - left - _uncounted;
        return _stop;
    }

    /// <returns>Instructions that were not executed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Loop(Instruction* at, long left)
    {
        while (at != null && left > 0)
        {
            left--;
            at = at->Execute(this, at);
        }

        if (at != null)
        {
            Pc = AddressOf(at);
        }

        return left;
    }

    /// <summary>The decoded instruction at an address; null, and a stop, where none can be fetched.</summary>
    internal Instruction* GoTo(ulong address)
    {
        ulong page = address >> CodePages.PageShift;
        ref CodePages.Entry entry = ref _code.At(page);
        if (entry.Page != page || (address & 3) != 0)
        {
            return GoToSlowly(address);
        }

        PageCode = entry.Code;
        PageAddress = address & ~(ulong)(CodePages.PageBytes - 1);
        return entry.Code + ((uint)address % CodePages.PageBytes / 4);
    }

    /// <summary>The instruction was not executed, since memory could not be accessed.</summary>
    internal Instruction* Fault(Instruction* at, AccessFault fault) => StopAt(at, new Stop(StopReason.Fault, fault));

    /// <summary>Stops before an instruction.</summary>
    internal Instruction* StopAt(Instruction* at, Stop stop)
    {
        Pc = AddressOf(at);
        _uncounted++;
        _stop = stop;
        return null;
    }

    /// <summary>Stops behind an instruction.</summary>
    internal Instruction* StopBehind(Instruction* at, Stop stop)
    {
        Pc = AddressOf(at) + 4;
        _stop = stop;
        return null;
    }

    /// <summary>The instruction behind a page cannot be fetched: it stands for none.</summary>
    internal Instruction* Unfetched()
    {
        _uncounted++;
        return null;
    }

    private Instruction* GoToSlowly(ulong address)
    {
        Pc = address;
        if ((address & 3) != 0)
        {
            _stop = new Stop(StopReason.Misaligned, new AccessFault(FaultKind.Alignment, IsWrite: false, address, IsFetch: true));
            return null;
        }

        AccessFault fault = _code.Load(Core, address);
        if (!fault.IsNone)
        {
            _stop = new Stop(StopReason.Fault, fault);
            return null;
        }

        return GoTo(address);
    }
}
