using CsCheck;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Tables;

/// <summary>Entries: which kind each is, whom it lets through, and that its bits and its value do not touch each other.</summary>
public sealed class PteTests
{
    private const ulong All = Pte.WritableBit | Pte.DirtyBit | Pte.YoungBit | Pte.TaggedBit | Pte.FaultOnAccessBit | Pte.NoAccessBit
        | Pte.SpecialBit | Pte.HugeBit | Pte.ExecutableBit;

    [Fact]
    public void ABitHasOneMeaning()
    {
        ulong[] bits =
        [
            Pte.PresentBit, Pte.WritableBit, Pte.DirtyBit, Pte.YoungBit, Pte.TaggedBit, Pte.FaultOnAccessBit, Pte.NoAccessBit,
                Pte.SpecialBit,
            Pte.HugeBit, Pte.ExecutableBit,
        ];

        Assert.Equal(bits.Length, bits.Distinct().Count());
        Assert.All(bits, bit => Assert.True(ulong.IsPow2(bit) && bit < 1 << 16));
    }

    [Fact]
    public void AnEntryIsOfOneKind() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.ULong).Sample((value, any) =>
    {
        ulong bits = any & All;
        Pte present = Pte.Present(new Frame(value), bits);
        Pte migration = Pte.Migration(present);
        Pte swap = Pte.Swap(value);

        Assert.Equal((true, false, false, false), (present.IsPresent, present.IsSwap, present.IsMigration, present.IsNone));
        Assert.Equal((false, false, true, false), (migration.IsPresent, migration.IsSwap, migration.IsMigration, migration.IsNone));
        Assert.Equal((false, true, false, false), (swap.IsPresent, swap.IsSwap, swap.IsMigration, swap.IsNone));
        Assert.Equal((value, value, value), (present.Frame.Index, migration.Frame.Index, swap.Slot));
        Assert.Equal((bits, bits, 0UL), (present.MappedAs, migration.MappedAs, swap.MappedAs));
    });

    [Fact]
    public void OnlyAPresentEntryWithoutObstaclesLetsThrough() => Gen.Select(Gen.Int[0, 1 << 20], Gen.ULong).Sample((value, any) =>
    {
        Pte entry = Pte.Present(new Frame(value), any & All);
        bool isFree = !entry.Has(Pte.NoAccessBit) && !entry.Has(Pte.FaultOnAccessBit);

        Assert.Equal(isFree, entry.IsAccessible);
        Assert.False(Pte.Migration(entry).IsAccessible);
        Assert.False(Pte.Swap(value).IsAccessible);
        Assert.True(entry.Without(Pte.NoAccessBit | Pte.FaultOnAccessBit).IsAccessible);
    });

    [Fact]
    public void BitsComeAndGoWithoutTheValue() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.ULong, Gen.ULong).Sample((value, any, other) =>
    {
        Pte entry = Pte.Present(new Frame(value), any & All);
        ulong bits = other & All;

        Assert.Equal((any & All) | bits, entry.With(bits).MappedAs);
        Assert.Equal(any & All & ~bits, entry.Without(bits).MappedAs);
        Assert.Equal((value, value), (entry.With(bits).Frame.Index, entry.Without(bits).Frame.Index));
        Assert.Equal((any & bits & All) != 0, entry.Has(bits));
    });

    [Fact]
    public void NoneIsNothing()
    {
        Assert.True(Pte.None.IsNone);
        Assert.Equal((false, false, false, false), (Pte.None.IsPresent, Pte.None.IsSwap, Pte.None.IsMigration, Pte.None.IsAccessible));
        Assert.Equal(default, Pte.None);
        Assert.False(Pte.Swap(0).IsNone);
        Assert.False(Pte.Present(new Frame(0), 0).IsNone);
    }
}
