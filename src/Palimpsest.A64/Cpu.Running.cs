using System.Runtime.CompilerServices;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>The loop of the interpreter, and where it finds instructions.</summary>
public sealed unsafe partial class Cpu
{
    private CodePages _code = null!;
    private Stop _stop;
    private long _uncounted;

    /// <summary>Instructions that may still be executed before it stops.</summary>
    internal long Left;

    /// <summary>Executes until something stops it, at most a number of instructions.</summary>
    /// <param name="core">The core that it runs on, with this thread's MTE registers.</param>
    /// <param name="code">What has been decoded of the core's memory.</param>
    public Stop Run(Core core, CodePages code, long instructions)
    {
        (Core, _code, ExclusiveBytes, _uncounted, Left) = (core, code, 0, 0, instructions);
        _stop = new Stop(StopReason.Slice);
        ShortWays = core.ShortWays;
        code.Settle(core);
        Loop(GoTo(Pc));
        MakeFlags();
        Retired += instructions - Left - _uncounted;
        return _stop;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Loop(Instruction* at)
    {
        while (at != null && Left > 0)
        {
            at = Left < 4 ? Execute(at) : ExecuteFour(at);
        }

        if (at != null)
        {
            Pc = AddressOf(at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Instruction* Execute(Instruction* at)
    {
        Left--;
        return at->Execute(this, at);
    }

    /// <summary>They are counted before they are executed: what is left is in memory, and looked at less often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Instruction* ExecuteFour(Instruction* at)
    {
        Left -= 4;
        int behind = 3;
        if ((at = at->Execute(this, at)) != null)
        {
            behind = 2;
            if ((at = at->Execute(this, at)) != null)
            {
                behind = 1;
                if ((at = at->Execute(this, at)) != null)
                {
                    return at->Execute(this, at);
                }
            }
        }

        Left += behind;
        return null;
    }

    /// <summary>Compiled code goes on at an address that it does not know a region of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Instruction* LeaveFar(ulong address)
    {
        MakeFlags();
        Instruction* at = GoTo(address);
        if (at != null && CodePage.EntryNumbers(PageCode)[at - PageCode] != 0)
        {
            _code.Jumps.Add(address, PageCode, at);
        }

        return at;
    }

    /// <summary>Instructions that were counted and not executed when compiled code has to stop.</summary>
    internal long Refund;

    /// <summary>Compiled code goes on at an instruction of the page that it has not in it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Instruction* Leave(Instruction* at)
    {
        MakeFlags();
        return at - PageCode < CodePage.Words ? Arrive(at) : at;
    }

    /// <summary>An instruction that compiled code comes to and does not do; it is counted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Instruction* Step(Instruction* at)
    {
        MakeFlags();
        return (CodePage.EntryNumbers(PageCode)[at - PageCode] == 0 ? at->Execute : _code.Own(PageCode, at))(this, at);
    }

    /// <summary>What is left of a slice, too short for the compiled code that would come next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Instruction* Finish(Instruction* at)
    {
        MakeFlags();
        while (at != null && Left > 0)
        {
            Left--;
            at = _code.Own(PageCode, at)(this, at);
        }

        return at;
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
        return Arrive(entry.Code + ((uint)address % CodePages.PageBytes / 4));
    }

    /// <summary>Counts a branch to an instruction of the page that is executed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Instruction* Arrive(Instruction* at)
    {
        if (--CodePage.Counters(PageCode)[at - PageCode] == 0)
        {
            _code.Compile(PageCode, at);
        }

        return at;
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
