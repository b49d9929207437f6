using Palimpsest.A64.Integer;

namespace Palimpsest.A64.Tests.Integer;

/// <summary>Constants of logical instructions, all of them, against runs of ones that are written out as text.</summary>
public sealed class LogicalImmediateTests
{
    private static readonly int[] ElementSizes = [2, 4, 8, 16, 32, 64];

    [Fact]
    public void All5334ConstantsAreThere()
    {
        HashSet<ulong> values = [];
        int encodings = 0;
        for (int bits = 0; bits < 1 << 13; bits++)
        {
            if (LogicalImmediates.IsAllocated(bits, isWide: true))
            {
                values.Add(LogicalImmediates.Value(bits));
                encodings++;
            }
        }

        Assert.Equal((5334, 64 * (1 + 3 + 7 + 15 + 31 + 63)), (values.Count, encodings));
        Assert.Equal(AllRuns().Select(run => run.Value).ToHashSet(), values);
    }

    [Fact]
    public void EachEncodingIsItsRun() => Assert.All(
        AllRuns(), run => Assert.Equal((run.Bits, run.Value), (run.Bits, LogicalImmediates.Value(run.Bits))));

    [Fact]
    public void NarrowInstructionsHaveNoElementsOf64Bits()
    {
        int narrow = Enumerable.Range(0, 1 << 13).Count(bits => LogicalImmediates.IsAllocated(bits, isWide: false));

        Assert.Equal(64 * (1 + 3 + 7 + 15 + 31), narrow);
        Assert.DoesNotContain(Enumerable.Range(1 << 12, 1 << 12), bits => LogicalImmediates.IsAllocated(bits, isWide: false));
    }

    [Fact]
    public void EachIsWhatAnInstructionMovesInBothWidths()
    {
        foreach ((int bits, ulong value)[] some in AllRuns().Chunk(1000))
        {
            uint[] words = [.. some.Select(run => Encodings.ImmediateLogic(true, 1, 0, Encodings.Zero, run.bits))];
            BareMachine machine = new([.. words]);
            foreach ((int bits, ulong value) in some)
            {
                Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
                Assert.Equal(value, machine.Cpu.X(0));
            }
        }
    }

    [Theory]
    [InlineData(0b1_000000_111111, true)]
    [InlineData(0b1_010101_111111, true)]
    [InlineData(0b0_000000_111111, true)]
    [InlineData(0b0_000000_111110, true)]
    [InlineData(0b0_000000_111101, true)]
    [InlineData(0b0_000000_011111, true)]
    [InlineData(0b0_000000_011111, false)]
    [InlineData(0b1_000000_000000, false)]
    public void ARunOfAllOnesOrNoneIsRefused(int bits, bool isWide)
    {
        BareMachine machine = new(Encodings.ImmediateLogic(isWide, 0, 0, 1, bits));

        Assert.Equal(StopReason.Undefined, machine.Run(1).Reason);
    }

    /// <summary>Each encoding with its value: ones at the right of an element, rotated, and repeated.</summary>
    private static IEnumerable<(int Bits, ulong Value)> AllRuns()
    {
        foreach (int size in ElementSizes)
        {
            for (int ones = 1; ones < size; ones++)
            {
                for (int rotation = 0; rotation < size; rotation++)
                {
                    string run = new string('0', size - ones) + new string('1', ones);
                    string element = run[(size - rotation)..] + run[..(size - rotation)];
                    string all = string.Concat(Enumerable.Repeat(element, 64 / size));
                    // imms says the size by its leading ones, and the length of the run less one.
                    int imms = (~((2 * size) - 1) & 0x3F) | (ones - 1);
                    yield return ((size == 64 ? 1 << 12 : 0) | rotation << 6 | imms, Convert.ToUInt64(all, 2));
                }
            }
        }
    }
}
