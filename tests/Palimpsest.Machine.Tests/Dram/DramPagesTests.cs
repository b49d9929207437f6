using Palimpsest.Machine.Dram;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.Dram;

public sealed class DramPagesTests
{
    [Fact]
    public void PagesThatNobodyWroteReadAsZerosAndCostNothing()
    {
        DramPages dram = new(1 << 20, PageGeometry.Page4K);

        Assert.All(dram.Peek(777_777).ToArray(), value => Assert.Equal(0, value));
        dram.Zero(777_777);

        Assert.False(dram.IsTouched(777_777));
        Assert.Equal(0, dram.TouchedPages);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void EveryPageKeepsItsOwnBytes(int pageBytes)
    {
        DramPages dram = new(5000, PageGeometry.For(pageBytes));
        int[] frames = [.. Enumerable.Range(0, 300).Select(index => index * 7919 % 5000)];
        foreach (int frame in frames)
        {
            dram.Page(frame).Fill((byte)(frame % 251));
        }

        dram.Zero(frames[3]);

        Assert.Equal(frames.Length, dram.TouchedPages);
        foreach (int frame in frames)
        {
            int expected = frame == frames[3] ? 0 : frame % 251;
            Assert.Equal(pageBytes, dram.Peek(frame).Count((byte)expected));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5000)]
    public void FramesOutsideTheBoardAreRefused(int frame)
    {
        DramPages dram = new(5000, PageGeometry.Page4K);

        Assert.Throws<ArgumentOutOfRangeException>(() => dram.Page(frame).Length);
    }
}
