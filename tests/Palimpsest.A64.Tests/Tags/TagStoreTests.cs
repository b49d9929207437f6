using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests.Tags;

/// <summary>LDG, STG and kin, STGP, and the blocks of DC: which granules get which tag, which bytes, and what faults.</summary>
public sealed class TagStoreTests
{
    private const ulong Middle = BareMachine.Tagged + 2048;
    private const ulong End = BareMachine.Tagged + 4096;

    [Theory]
    [InlineData(0, 1, false)] // stg
    [InlineData(1, 1, true)] // stzg
    [InlineData(2, 2, false)] // st2g
    [InlineData(3, 2, true)] // stz2g
    public void EachSetsItsGranulesAndNoOther(int operation, int granules, bool isZeroing)
    {
        foreach (int mode in (int[])[1, 2, 3])
        {
            foreach (int offset in (int[])[-128, -1, 0, 3, 126])
            {
                BareMachine machine = Filled(Encodings.StoreTag(operation, 3, 1, offset, mode));
                (machine.Cpu.X(1), machine.Cpu.X(3)) = (Middle, 0xFA00000000000007);
                Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

                ulong moved = Middle + (ulong)(16L * offset);
                Assert.Equal(mode is 1 or 3 ? moved : Middle, machine.Cpu.X(1));
                CheckPage(machine, mode == 1 ? Middle : moved, granules, 0xA, isZeroing);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void APairIsStoredWithTheTagOfItsAddress(int mode)
    {
        BareMachine machine = Filled(Encodings.Pair(1, false, 4, 5, 1, -3, mode));
        (machine.Cpu.X(1), machine.Cpu.X(4), machine.Cpu.X(5)) = (LogicalTag.With(Middle, 9), 44, 55);
        machine.Run(1);

        ulong moved = LogicalTag.With(Middle - 48, 9);
        ulong place = mode == 1 ? Middle : Middle - 48;
        Assert.Equal((44UL, 55UL, 9), (machine.Peek(place), machine.Peek(place + 8), machine.TagAt(place)));
        Assert.Equal(mode is 1 or 3 ? moved : LogicalTag.With(Middle, 9), machine.Cpu.X(1));
        Assert.Equal((0, 0), (machine.TagAt(place - 16), machine.TagAt(place + 16)));
    }

    [Fact]
    public void ATagIsLoadedOfTheGranuleThatTheAddressLiesIn()
    {
        BareMachine machine = Filled(Encodings.LoadTag(2, 1, -1), Encodings.LoadTag(3, 1, 5), Encodings.LoadTag(31, 1, 0));
        machine.Tag(LogicalTag.With(Middle - 16, 12));
        (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(3)) = (Middle + 15, 0x5555555555555555, 0xFFFFFFFFFFFFFFFF);
        Assert.Equal(StopReason.Slice, machine.Run(3).Reason);

        Assert.Equal((0x5C55555555555555UL, 0xF0FFFFFFFFFFFFFFUL), (machine.Cpu.X(2), machine.Cpu.X(3)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhatIsNoGranuleIsAFaultAndMovesNothing(int operation)
    {
        BareMachine machine = Filled(Encodings.StoreTag(operation, 3, 1, 1, mode: 1));
        machine.Cpu.X(1) = Middle + 8;
        Stop stop = machine.Run();

        Assert.Equal((FaultKind.Alignment, true, Middle + 8), (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
        Assert.Equal((Middle + 8, 0L), (machine.Cpu.X(1), machine.Cpu.Retired));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void TwoGranulesOverTheEndOfAPage(int operation, bool isZeroing)
    {
        // Where the second page is there both are set, else neither.
        BareMachine alone = Filled(Encodings.StoreTag(operation, 3, 1, 0));
        (alone.Cpu.X(1), alone.Cpu.X(3)) = (End - 16, 6UL << 56);
        Stop stop = alone.Run();
        Assert.Equal((FaultKind.Translation, End), (stop.Fault.Kind, stop.Fault.Address));
        Assert.Equal((0, Fill(End - 16)), (alone.TagAt(End - 16), alone.Peek(End - 16)));

        BareMachine both = Filled(Encodings.StoreTag(operation, 3, 1, 0));
        both.MapBehind(BareMachine.Tagged);
        both.Poke64(End, 77);
        (both.Cpu.X(1), both.Cpu.X(3)) = (End - 16, 6UL << 56);
        Assert.Equal(StopReason.Slice, both.Run(1).Reason);
        Assert.Equal((6, 6, 0), (both.TagAt(End - 16), both.TagAt(End), both.TagAt(End + 16)));
        Assert.Equal(isZeroing ? (0UL, 0UL) : (Fill(End - 16), 77UL), (both.Peek(End - 16), both.Peek(End)));
        Assert.Equal((0, Fill(BareMachine.Tagged)), (both.TagAt(BareMachine.Tagged), both.Peek(BareMachine.Tagged)));
    }

    [Fact]
    public void OfAPageWithoutTagsTheyAreDroppedAndDataIsStored()
    {
        BareMachine machine = new(
            Encodings.StoreTag(3, 3, 1, 0), Encodings.LoadTag(2, 1, 0), Encodings.Pair(1, false, 4, 5, 1, 2, 2));
        machine.Poke64(BareMachine.Data, 1);
        machine.Poke64(BareMachine.Data + 24, 2);
        (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(3), machine.Cpu.X(4)) = (BareMachine.Data, ulong.MaxValue, 5UL << 56, 9);
        machine.Run(3);

        Assert.Equal((0UL, 0UL, 9UL),
            (machine.Peek(BareMachine.Data), machine.Peek(BareMachine.Data + 24), machine.Peek(BareMachine.Data + 32)));
        Assert.Equal((0xF0FFFFFFFFFFFFFFUL, 0), (machine.Cpu.X(2), machine.TagAt(BareMachine.Data)));
    }

    [Fact]
    public void WithoutTagAccessTagsAreDroppedToo()
    {
        BareMachine machine = Filled(Encodings.StoreTag(1, 3, 1, 0), Encodings.LoadTag(2, 1, 1));
        machine.Tag(LogicalTag.With(Middle + 16, 3));
        machine.Core.Registers.Ata0 = false;
        (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(3)) = (Middle, ulong.MaxValue, 5UL << 56);
        machine.Run(2);

        Assert.Equal((0, 0UL, 0xF0FFFFFFFFFFFFFFUL), (machine.TagAt(Middle), machine.Peek(Middle), machine.Cpu.X(2)));
    }

    [Fact]
    public void ReadOnlyPagesTakeNoTags()
    {
        foreach (uint word in (uint[])[Encodings.StoreTag(0, 3, 1, 0), Encodings.Pair(1, false, 4, 5, 1, 0, 2), 0xD50B7461, 0xD50B7481,
            0xD50B7421])
        {
            BareMachine machine = new(word);
            machine.Cpu.X(1) = BareMachine.ReadOnly + 32;
            Stop stop = machine.Run();

            Assert.Equal((FaultKind.Permission, true, BareMachine.ReadOnly + 32),
                (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
        }
    }

    [Theory]
    [InlineData(0xD50B7461u, true, false)] // dc gva, x1
    [InlineData(0xD50B7481u, true, true)] // dc gzva, x1
    [InlineData(0xD50B7421u, false, true)] // dc zva, x1
    public void ABlockIsSetWhereverInItTheAddressLies(uint word, bool setsTags, bool isZeroing)
    {
        foreach (ulong within in (ulong[])[0, 1, 16, 63])
        {
            BareMachine machine = Filled(word);
            machine.Core.Registers.Tco = !setsTags;
            machine.Cpu.X(1) = LogicalTag.With(Middle + 128 + within, 11);
            Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

            CheckPage(machine, Middle + 128, 4, setsTags ? 11 : 0, isZeroing);
        }
    }

    [Fact]
    public void ZeroingABlockIsCheckedAsAStoreAndSettingItIsNot()
    {
        BareMachine machine = Filled(0xD50B7421, 0xD50B7481);
        machine.Tag(LogicalTag.With(Middle + 32, 4));
        machine.Cpu.X(1) = Middle + 5;
        Stop stop = machine.Run();
        Assert.Equal((FaultKind.TagCheck, true, Middle + 32), (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
        Assert.Equal(Fill(Middle), machine.Peek(Middle));

        machine.Cpu.Pc += 4;
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        Assert.Equal((0, 0UL), (machine.TagAt(Middle + 32), machine.Peek(Middle)));
    }

    private static BareMachine Filled(params uint[] words)
    {
        BareMachine machine = new(words);
        for (ulong offset = 0; offset < 4096; offset += 8)
        {
            machine.Poke64(BareMachine.Tagged + offset, Fill(BareMachine.Tagged + offset));
        }

        return machine;
    }

    private static ulong Fill(ulong address) => address * 0x9E3779B97F4A7C15 | 1;

    private static void CheckPage(BareMachine machine, ulong first, int granules, int tag, bool isZeroing)
    {
        for (ulong address = BareMachine.Tagged; address < End; address += 16)
        {
            bool isSet = address >= first && address < first + (ulong)(16 * granules);
            ulong data = isSet && isZeroing ? 0 : Fill(address);
            Assert.Equal((address, isSet ? tag : 0, data), (address, machine.TagAt(address), machine.Peek(address)));
            Assert.Equal(isSet && isZeroing ? 0 : Fill(address + 8), machine.Peek(address + 8));
        }
    }
}
