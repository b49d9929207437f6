using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests.Control;

/// <summary>MRS, MSR, hints, barriers and what stops a program: what EL0 may reach, which bits are kept, and all else refused.</summary>
public sealed class SystemRegisterTests
{
    [Theory]
    [InlineData(0xD51B4203u, 0xD53B4204u, 0xF0000000u)] // nzcv
    [InlineData(0xD51B4403u, 0xD53B4404u, 0x07C00000u)] // fpcr
    [InlineData(0xD51B4423u, 0xD53B4424u, 0x0800009Fu)] // fpsr
    [InlineData(0xD51B42E3u, 0xD53B42E4u, 0x02000000u)] // tco
    public void BitsThatAreThereAreKept(uint write, uint read, uint kept)
    {
        foreach (ulong value in (ulong[])[ulong.MaxValue, 0, 0x5555555555555555, 0xAAAAAAAAAAAAAAAA])
        {
            BareMachine machine = new(write, read);
            machine.Cpu.X(3) = value;
            Assert.Equal(StopReason.Slice, machine.Run(2).Reason);

            Assert.Equal(value & kept, machine.Cpu.X(4));
        }
    }

    [Fact]
    public void TheThreadPointerIsWhole()
    {
        BareMachine machine = new(0xD51BD043, 0xD53BD044, 0xD53BD065); // msr tpidr_el0, x3; mrs x4, tpidr_el0; mrs x5, tpidrro_el0
        (machine.Cpu.X(3), machine.Cpu.X(5)) = (0xFEDCBA9876543210, 5);
        machine.Run(3);

        Assert.Equal((0xFEDCBA9876543210UL, 0xFEDCBA9876543210UL, 0UL), (machine.Cpu.X(4), machine.Cpu.ThreadPointer, machine.Cpu.X(5)));
    }

    [Fact]
    public void ConstantsSayWhatOthersRelyOn()
    {
        BareMachine machine = new(0xD53B00E0, 0xD53B0021, 0xD53BE002); // dczid_el0, ctr_el0, cntfrq_el0
        machine.Run(3);

        // DC ZVA may be used, of 4 << 4 bytes; lines are of 4 << 4 bytes; time is in nanoseconds.
        Assert.Equal((4UL, 1_000_000_000UL), (machine.Cpu.X(0), machine.Cpu.X(2)));
        Assert.Equal((4UL, 4UL), (machine.Cpu.X(1) & 15, machine.Cpu.X(1) >> 16 & 15));
    }

    [Fact]
    public void TimeIsWhatTheSystemSays()
    {
        BareMachine machine = new(0xD53BE040, 0xD53BE041); // cntvct_el0, twice
        long now = 1000;
        machine.Cpu.Clock = () => now += 7;
        machine.Run(2);

        Assert.Equal((1007UL, 1014UL), (machine.Cpu.X(0), machine.Cpu.X(1)));
    }

    [Theory]
    [InlineData(0xD503201Fu)] // nop
    [InlineData(0xD503203Fu)] // yield
    [InlineData(0xD503205Fu)] // wfe
    [InlineData(0xD503207Fu)] // wfi
    [InlineData(0xD503233Fu)] // paciasp
    [InlineData(0xD50323BFu)] // autiasp
    [InlineData(0xD503245Fu)] // bti c
    [InlineData(0xD5033BBFu)] // dmb ish
    [InlineData(0xD5033B9Fu)] // dsb ish
    [InlineData(0xD5033FDFu)] // isb
    [InlineData(0xD50330FFu)] // sb
    [InlineData(0xD5033F5Fu)] // clrex
    public void HintsAndBarriersLeaveAllRegisters(uint word)
    {
        BareMachine machine = new(word);
        for (int register = 0; register < 31; register++)
        {
            machine.Cpu.X(register) = (ulong)(register * 77);
        }

        machine.Cpu.Nzcv = 0x90000000;
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        Assert.All(Enumerable.Range(0, 31), register => Assert.Equal((ulong)(register * 77), machine.Cpu.X(register)));
        Assert.Equal((0x90000000u, BareMachine.Code + 4), (machine.Cpu.Nzcv, machine.Cpu.Pc));
    }

    [Theory]
    [InlineData(0xD53B9C00u)] // mrs x0, pmcr_el0
    [InlineData(0xD5384240u)] // mrs x0, currentel
    [InlineData(0xD53B4220u)] // mrs x0, daif
    [InlineData(0xD53B42C0u)] // mrs x0, ssbs
    [InlineData(0xD51B0020u)] // msr ctr_el0, x0
    [InlineData(0xD51BE000u)] // msr cntfrq_el0, x0
    [InlineData(0xD51BD060u)] // msr tpidrro_el0, x0
    [InlineData(0xD5381000u)] // mrs x0, sctlr_el1
    [InlineData(0xD53810C0u)] // mrs x0, gcr_el1
    [InlineData(0xD50342DFu)] // msr daifset, #2
    [InlineData(0xD500419Fu)] // msr uao, #1 and other fields of op1 0
    [InlineData(0xD508871Fu)] // tlbi vmalle1
    [InlineData(0xD5087620u)] // dc ivac, x0
    [InlineData(0xD50B7A40u)] // dc with an operation that there is none of
    [InlineData(0xD4000002u)] // hvc
    [InlineData(0xD4000003u)] // smc
    [InlineData(0xD4A00001u)] // dcps1
    [InlineData(0xD69F03E0u)] // eret
    [InlineData(0xD6BF03E0u)] // drps
    [InlineData(0xD5033F3Fu)] // dsb nxs
    public void WhatEl0MayNotReachIsRefused(uint word)
    {
        BareMachine machine = new(word);
        Stop stop = machine.Run();

        Assert.Equal((StopReason.Undefined, word, BareMachine.Code, 0L),
            (stop.Reason, stop.Instruction, machine.Cpu.Pc, machine.Cpu.Retired));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFFu)]
    [InlineData(0x1234u)]
    public void SystemCallsAndBreakpointsTellTheirNumbers(uint number)
    {
        BareMachine call = new(0xD4000001 | number << 5);
        Stop stop = call.Run();
        Assert.Equal((StopReason.SystemCall, number, BareMachine.Code + 4, 1L),
            (stop.Reason, stop.Instruction, call.Cpu.Pc, call.Cpu.Retired));

        BareMachine breakpoint = new(0xD4200000 | number << 5);
        stop = breakpoint.Run();
        Assert.Equal((StopReason.Breakpoint, number, BareMachine.Code, 0L),
            (stop.Reason, stop.Instruction, breakpoint.Cpu.Pc, breakpoint.Cpu.Retired));
    }

    [Fact]
    public void TcoIsSetByItsConstantAndByItsRegister()
    {
        // msr tco, #1; mrs x0, tco; msr tco, #0; mrs x1, tco; msr tco, #15
        BareMachine machine = new(0xD503419F, 0xD53B42E0, 0xD503409F, 0xD53B42E1, 0xD5034F9F);
        machine.Run(5);

        Assert.Equal((1UL << 25, 0UL, true), (machine.Cpu.X(0), machine.Cpu.X(1), machine.Core.Registers.Tco));
    }

    [Fact]
    public void ACopyTakesRegistersAndNoMonitor()
    {
        BareMachine machine = new(Encodings.LoadExclusive(3, 1, 0), Encodings.SystemCall);
        machine.Cpu.X(0) = BareMachine.Data;
        (machine.Cpu.ThreadPointer, machine.Cpu.Nzcv, machine.Cpu.FloatControl, machine.Cpu.FloatStatus) = (9, 0xA0000000, 1 << 24, 16);
        machine.Cpu.V(31) = System.Runtime.Intrinsics.Vector128.Create(1UL, 2UL);
        machine.Cpu.Sp = LogicalTag.With(0x1230, 4);
        machine.Run();
        Cpu copy = new();
        copy.CopyFrom(machine.Cpu);

        Assert.Equal((9UL, 0xA0000000u, 1u << 24, 16u), (copy.ThreadPointer, copy.Nzcv, copy.FloatControl, copy.FloatStatus));
        Assert.Equal((machine.Cpu.Pc, machine.Cpu.Sp, machine.Cpu.V(31)), (copy.Pc, copy.Sp, copy.V(31)));
    }
}
