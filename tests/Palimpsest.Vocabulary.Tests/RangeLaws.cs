using CsCheck;

namespace Palimpsest.Vocabulary.Tests;

/// <summary>Ranges of frames and of bytes are sets: what they say of each other is what their members say.</summary>
public sealed class RangeLaws
{
    private static readonly Gen<PfnRange> _frames =
        Gen.Select(Gen.ULong[0, 12], Gen.ULong[0, 12], (start, length) => new PfnRange(new Pfn(start), new Pfn(start + length)));

    private static readonly Gen<PhysicalRange> _bytes = Gen.Select(
        Gen.ULong[0, 12], Gen.OneOf(Gen.ULong[0, 12], Gen.Const(ulong.MaxValue)), (start, bytes) =>
            new PhysicalRange(new PhysicalAddress(start), bytes));

    [Fact]
    public void FramesAreInARangeFromItsStartToBeforeItsEnd() => Law.Holds(_frames, 200, range =>
    {
        ulong[] members = Members(range);

        Assert.Equal(range.Frames, (ulong)members.Length);
        Assert.Equal(range.IsEmpty, members.Length == 0);
        Assert.All(Enumerable.Range(0, 30), pfn => Assert.Equal(members.Contains((ulong)pfn), range.Contains(new Pfn((ulong)pfn))));
    });

    [Fact]
    public void RangesOverlapWhereTheyShareAFrame() => Law.Holds(Gen.Select(_frames, _frames), 400, pair =>
    {
        (PfnRange one, PfnRange other) = pair;
        bool share = Members(one).Intersect(Members(other)).Any();

        Assert.Equal(share, one.Overlaps(other) && !one.IsEmpty && !other.IsEmpty);
        Assert.Equal(one.Overlaps(other), other.Overlaps(one));
        Assert.True(!one.Contains(other) || !Members(other).Except(Members(one)).Any());
    });

    [Fact]
    public void BytesThatWouldWrapEndAtTheLastAddress() => Law.Holds(Gen.Select(_bytes, _bytes), 400, pair =>
    {
        (PhysicalRange one, PhysicalRange other) = pair;

        Assert.True(one.End >= one.Start.Value);
        Assert.Equal(one.Bytes == ulong.MaxValue ? ulong.MaxValue : one.Start.Value + one.Bytes, one.End);
        Assert.Equal(one.Overlaps(other), other.Overlaps(one));
        Assert.Equal(one.Contains(other), one.Start.Value <= other.Start.Value && other.End <= one.End);
    });

    [Fact]
    public void DistancesOfFramesAreChecked()
    {
        Pfn first = new(10);
        Pfn same = new(10);

        Assert.Equal(5UL, (first + 5) - first);
        Assert.Throws<OverflowException>(() => first - (first + 5));
        Assert.Throws<OverflowException>(() => new Pfn(ulong.MaxValue) + 1);
        Assert.True(first < first + 1 && first + 1 > first && first <= same && first >= same && !(first < same) && !(first > same));
        Assert.Equal("pfn:[a, f)", new PfnRange(first, first + 5).ToString());
        Assert.Equal("[0xa, 0x1a)", new PhysicalRange(new PhysicalAddress(10), 16).ToString());
    }

    private static ulong[] Members(PfnRange range) =>
        [.. Enumerable.Range(0, (int)range.Frames).Select(number => range.Start.Value + (ulong)number)];
}
