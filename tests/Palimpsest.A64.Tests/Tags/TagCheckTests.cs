using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests.Tags;

/// <summary>
/// Which accesses are checked, in each of the four modes: what a mismatch stops, what it notes, and what was done when it stops.
/// </summary>
public sealed class TagCheckTests
{
    private const ulong Place = BareMachine.Tagged + 1024;
    private const int Own = 7;

    /// <summary>An instruction with its base in X1, whether it reads or writes, and the first byte that mismatches.</summary>
    public static TheoryData<uint, bool, bool, ulong> Accesses() => new()
    {
        { Encodings.Access(3, 1, 2, 1, 0), true, false, 0 }, // ldr x2, [x1]
        { Encodings.Access(0, 0, 2, 1, 0), false, true, 0 }, // strb w2, [x1]
        { Encodings.SignedAccess(3, 0, 2, 1, 8, 3), false, true, 8 }, // str x2, [x1, #8]!
        { Encodings.SignedAccess(2, 1, 2, 1, 8, 1), true, false, 0 }, // ldr w2, [x1], #8
        { Encodings.SignedAccess(3, 1, 2, 1, 3, 2), true, false, 3 }, // ldtr x2, [x1, #3]
        { Encodings.IndexedAccess(3, 1, 2, 1, 3, 3, false), true, false, 0 }, // ldr x2, [x1, x3]
        { Encodings.Pair(2, true, 2, 4, 1, 0, 2), true, false, 0 }, // ldp x2, x4, [x1]
        { Encodings.Pair(2, false, 2, 4, 1, 2, 1), false, true, 0 }, // stp x2, x4, [x1], #16
        { Encodings.Atomic(3, 0, 2, 4, 1), true, true, 0 }, // ldadd x2, x4, [x1]
        { Encodings.CompareAndSwap(3, 2, 4, 1), true, true, 0 }, // cas x2, x4, [x1]
        { Encodings.CompareAndSwapPair(true, 2, 4, 1), true, true, 0 }, // casp x2, x3, x4, x5, [x1]
        { Encodings.LoadExclusive(3, 2, 1), true, false, 0 }, // ldxr x2, [x1]
        { 0xC8DFFC22, true, false, 0 }, // ldar x2, [x1]
        { 0xC89FFC22, false, true, 0 }, // stlr x2, [x1]
        { 0x3DC00020, true, false, 0 }, // ldr q0, [x1]
        { 0x3C808420, false, true, 0 }, // str q0, [x1], #8
        { 0xAD400420, true, false, 0 }, // ldp q0, q1, [x1]
        { 0x4C407020, true, false, 0 }, // ld1 {v0.16b}, [x1]
        { 0x4C002020, false, true, 0 }, // st1 {v0.16b to v3.16b}, [x1]
        { 0x4D40C020, true, false, 0 }, // ld1r {v0.16b}, [x1]
        { 0xD50B7421, false, true, 0 }, // dc zva, x1
    };

    [Theory]
    [MemberData(nameof(Accesses))]
    public void EachModeDoesAsItSays(uint word, bool reads, bool writes, ulong offset)
    {
        foreach (TagFaultMode mode in Enum.GetValues<TagFaultMode>())
        {
            // What reads and writes is a read where the two differ (AArch64.TagCheckFault).
            bool stops = mode == TagFaultMode.Synchronous || (mode == TagFaultMode.Asymmetric && reads);
            bool notes = mode != TagFaultMode.None && !stops;
            BareMachine machine = Prepared(word, Own + 1);
            machine.Core.Registers.Tcf0 = mode;
            ulong before = machine.Cpu.X(1);
            Stop stop = machine.Run(1);

            Assert.Equal(stops ? StopReason.Fault : StopReason.Slice, stop.Reason);
            Assert.Equal(notes ? TagFaultStatus.Tf0 : TagFaultStatus.None, machine.Core.Registers.Tfsre0);
            if (stops)
            {
                Assert.Equal((FaultKind.TagCheck, writes, LogicalTag.With(Place + offset, Own + 1)),
                    (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
                Assert.Equal((before, BareMachine.Code, 0L), (machine.Cpu.X(1), machine.Cpu.Pc, machine.Cpu.Retired));
                Assert.Equal(0x1111UL, machine.Peek(Place));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accesses))]
    public void WhatMatchesOrIsNotCheckedIsDoneInSilence(uint word, bool reads, bool writes, ulong offset)
    {
        Assert.True(reads || writes || offset > 0);
        AssertSilent(Prepared(word, Own));
        BareMachine tco = Prepared(word, Own + 1);
        tco.Core.Registers.Tco = true;
        AssertSilent(tco);
        BareMachine noAccess = Prepared(word, Own + 1);
        noAccess.Core.Registers.Ata0 = false;
        AssertSilent(noAccess);
        BareMachine matchAll = Prepared(word, 0);
        matchAll.Core.Registers.Tcma0 = true;
        AssertSilent(matchAll);
        BareMachine untagged = Prepared(word, Own + 1);
        untagged.Cpu.X(1) = LogicalTag.With(BareMachine.Data + 1024, 3);
        AssertSilent(untagged);
    }

    [Fact]
    public void SpWithAnImmediateIsNotCheckedAndMovedOrIndexedItIs()
    {
        (uint Word, bool IsChecked)[] cases =
        [
            (Encodings.Access(3, 1, 2, 31, 1), false), (Encodings.SignedAccess(3, 0, 2, 31, -8, 0), false),
            (Encodings.Pair(2, true, 2, 4, 31, 1, 2), false), (Encodings.Atomic(3, 0, 2, 4, 31), false),
            (Encodings.LoadExclusive(3, 2, 31), false), (0xC8DFFFE2, false), (0x3DC003E0, false), (0x4C4073E0, false),
            (Encodings.SignedAccess(3, 0, 2, 31, 8, 1), true), (Encodings.SignedAccess(3, 1, 2, 31, 8, 3), true),
            (Encodings.IndexedAccess(3, 1, 2, 31, 3, 3, false), true), (Encodings.Pair(2, false, 2, 4, 31, 2, 3), true),
            (0x4CDF73E0, true),
        ];
        foreach ((uint word, bool isChecked) in cases)
        {
            BareMachine machine = Prepared(word, 0);
            machine.Cpu.Sp = LogicalTag.With(Place, Own + 1);
            Assert.True(isChecked == (machine.Run(1).Reason == StopReason.Fault), $"{word:x8}");
        }
    }

    [Fact]
    public void TheAddressToldIsTheFirstByteWhoseGranuleMismatches()
    {
        // ldp q0, q1, [x1]: 32 bytes over three granules
        for (int wrong = 0; wrong < 3; wrong++)
        {
            BareMachine machine = Prepared(0xAD400420, Own);
            machine.Cpu.X(1) += 8;
            machine.Tag(LogicalTag.With(Place + (ulong)(16 * wrong), Own + 2));
            Stop stop = machine.Run();

            ulong first = wrong == 0 ? Place + 8 : Place + (ulong)(16 * wrong);
            Assert.Equal((FaultKind.TagCheck, LogicalTag.With(first, Own)), (stop.Fault.Kind, stop.Fault.Address));
        }
    }

    [Fact]
    public void OverTheEndOfAPageBothPagesAreChecked()
    {
        const ulong end = BareMachine.Tagged + 4096;
        foreach (bool isStore in (bool[])[false, true])
        {
            BareMachine machine = Prepared(Encodings.Access(3, isStore ? 0 : 1, 2, 1, 0), Own);
            machine.MapBehind(BareMachine.Tagged);
            machine.Tag(LogicalTag.With(end - 16, Own));
            machine.Poke64(end - 8, 5);
            machine.Cpu.X(1) = LogicalTag.With(end - 4, Own);
            Stop stop = machine.Run();
            Assert.Equal((FaultKind.TagCheck, LogicalTag.With(end, Own), isStore),
                (stop.Fault.Kind, stop.Fault.Address, stop.Fault.IsWrite));
            Assert.Equal(5UL, machine.Peek(end - 8));

            machine.Tag(LogicalTag.With(end, Own));
            Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        }
    }

    [Fact]
    public void AStickyMismatchIsTakenOnce()
    {
        BareMachine machine = Prepared(Encodings.Access(3, 0, 2, 1, 0), Own + 1);
        machine.Core.Registers.Tcf0 = TagFaultMode.Asynchronous;
        machine.Cpu.X(2) = 0x2222;
        machine.Run(1);

        Assert.Equal(0x2222UL, machine.Peek(Place));
        Assert.Equal((true, false), (machine.Core.TakeAsyncFault(), machine.Core.TakeAsyncFault()));
    }

    private static void AssertSilent(BareMachine machine)
    {
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        Assert.Equal(TagFaultStatus.None, machine.Core.Registers.Tfsre0);
    }

    private static BareMachine Prepared(uint word, int tag)
    {
        BareMachine machine = new(word);
        for (ulong offset = 0; offset < 128; offset += 16)
        {
            machine.Tag(LogicalTag.With(Place + offset, Own));
        }

        machine.Poke64(Place, 0x1111);
        machine.Cpu.X(1) = LogicalTag.With(Place, tag);
        return machine;
    }
}
