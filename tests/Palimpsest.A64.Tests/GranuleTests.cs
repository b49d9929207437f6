using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests;

/// <summary>Compiled accesses that walk byte by byte into a granule of another tag: the first that touches it is stopped.</summary>
public sealed class GranuleTests
{
    private const ulong Boundary = BareMachine.Tagged + 2048 - 512;

    /// <summary>The instruction, of X0 and X2, V2 and their neighbours; its bytes.</summary>
    public static TheoryData<uint, int> Accesses() => new()
    {
        { 0x39400002, 1 }, { 0x79400002, 2 }, { 0xB9400002, 4 }, { 0xF9400002, 8 }, { 0x29400C02, 8 }, { 0xA9400C02, 16 },
        { 0x3DC00002, 16 }, { 0xAD400C02, 32 }, { 0x6D400C02, 16 }, { 0xFD400002, 8 }, { 0x39000002, 1 }, { 0xB9000002, 4 },
        { 0xF9000002, 8 }, { 0xA9000C02, 16 }, { 0x3D800002, 16 }, { 0xAD000C02, 32 },
    };

    [Theory]
    [MemberData(nameof(Accesses))]
    public void TheFirstByteOfAnotherTagStopsIt(uint access, int bytes)
    {
        // access; add x0, x0, #1; b -8
        BareMachine machine = new(Engine.Compiler, 2, [access, 0x91000400, 0x17FFFFFE]);
        Tag(machine);
        machine.Cpu.X(0) = LogicalTag.With(BareMachine.Tagged + 64, 1);
        Stop stop = machine.Run(100_000);

        ulong last = Boundary - (ulong)bytes + 1;
        Assert.True(machine.Compiled.Regions > 0);
        Assert.Equal((StopReason.Fault, LogicalTag.With(Boundary, 1)), (stop.Reason, stop.Fault.Address));
        Assert.Equal((LogicalTag.With(last, 1), BareMachine.Code), (machine.Cpu.X(0), machine.Cpu.Pc));
        Assert.Equal(3 * (long)(last - BareMachine.Tagged - 64), machine.Cpu.Retired);
    }

    /// <summary>1 up to the boundary, 2 behind.</summary>
    private static void Tag(BareMachine machine)
    {
        for (ulong address = BareMachine.Tagged; address < BareMachine.Tagged + 4096; address += 16)
        {
            ulong tag = address < Boundary ? 1UL : 2;
            Assert.True(machine.Core.Stg(address, tag << 56).IsNone);
            Assert.True(machine.Core.Store64(address | tag << 56, 0).IsNone);
        }
    }
}
