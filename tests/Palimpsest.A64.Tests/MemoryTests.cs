using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests;

/// <summary>Loads, stores and tags: what is performed, what faults, and what a fault leaves as it was.</summary>
public sealed class MemoryTests
{
    private const uint SystemCall = 0xD4000001;

    [Fact]
    public void PostIndexMovesTheBaseOnlyWhenItWasPerformed()
    {
        // str x1, [x0], #8; str x1, [x2], #8
        BareMachine machine = new(0xF8008401, 0xF8008441, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) = (BareMachine.Data, 77, BareMachine.ReadOnly);
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.Permission, true, BareMachine.ReadOnly), (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
        Assert.Equal((BareMachine.Data + 8, BareMachine.ReadOnly), (machine.Cpu.X(0), machine.Cpu.X(2)));
        Assert.Equal((77UL, BareMachine.Code + 4, 1L), (machine.Peek(BareMachine.Data), machine.Cpu.Pc, machine.Cpu.Retired));
    }

    [Fact]
    public void AMismatchStopsBeforeTheAccess()
    {
        // stg x0, [x0]; str x1, [x0]; str x1, [x2]
        BareMachine machine = new(0xD9200800, 0xF9000001, 0xF9000041, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) =
            (LogicalTag.With(BareMachine.Tagged, 7), 5, LogicalTag.With(BareMachine.Tagged, 8));
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.TagCheck, LogicalTag.With(BareMachine.Tagged, 8)), (stop.Fault.Kind, stop.Fault.Address));
        Assert.Equal((5UL, BareMachine.Code + 8), (machine.Peek(BareMachine.Tagged), machine.Cpu.Pc));
    }

    [Fact]
    public void APairOverTwoGranulesChecksBoth()
    {
        // stg x0, [x0]; stp x1, x1, [x0, #8]
        BareMachine machine = new(0xD9200800, 0xA9008401, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (LogicalTag.With(BareMachine.Tagged, 3), 9);
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.TagCheck, LogicalTag.With(BareMachine.Tagged + 16, 3)), (stop.Fault.Kind, stop.Fault.Address));
        Assert.Equal(0UL, machine.Peek(BareMachine.Tagged + 8));
    }

    [Fact]
    public void OfTheStackPointerWithAnImmediateNothingIsChecked()
    {
        // str x1, [sp, #8]; str x1, [sp], #8
        BareMachine machine = new(0xF90007E1, 0xF80087E1, SystemCall);
        machine.Cpu.Sp = LogicalTag.With(BareMachine.Tagged, 6);
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.TagCheck, BareMachine.Code + 4), (stop.Fault.Kind, machine.Cpu.Pc));
    }

    [Fact]
    public void TcoSwitchesChecksOff()
    {
        // msr tco, #1; str x1, [x0]; msr tco, #0; ldr x1, [x0]
        BareMachine machine = new(0xD503419F, 0xF9000001, 0xD503409F, 0xF9400001, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (LogicalTag.With(BareMachine.Tagged, 4), 6);
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.TagCheck, BareMachine.Code + 12), (stop.Fault.Kind, machine.Cpu.Pc));
        Assert.Equal(6UL, machine.Peek(BareMachine.Tagged));
    }

    [Fact]
    public void AnExclusiveStoreWithoutItsLoadFails()
    {
        // ldxr x1, [x0]; stxr w2, x3, [x0]; stxr w4, x3, [x0]
        BareMachine machine = new(0xC85F7C01, 0xC8027C03, 0xC8047C03, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(3)) = (BareMachine.Data, 3);
        machine.Run();

        Assert.Equal((0UL, 1UL, 3UL), (machine.Cpu.X(2), machine.Cpu.X(4), machine.Peek(BareMachine.Data)));
    }

    [Fact]
    public void AtomicsAreAligned()
    {
        // ldadd x1, x2, [x0]
        BareMachine machine = new(0xF8210002, SystemCall);
        machine.Cpu.X(0) = BareMachine.Data + 4;

        Assert.Equal(FaultKind.Alignment, machine.Run().Fault.Kind);
    }

    [Fact]
    public void CompareAndSwapGivesWhatWasThere()
    {
        // casal x1, x2, [x0], twice
        BareMachine machine = new(0xC8E1FC02, 0xC8E1FC02, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) = (BareMachine.Data, 0, 11);
        machine.Run();

        Assert.Equal((11UL, 11UL), (machine.Cpu.X(1), machine.Peek(BareMachine.Data)));
    }
}
