using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Tests.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Frames;

/// <summary>Frames of tag storage in use are counted as they are given out, by the folio or by what of it is storage.</summary>
public sealed class LentFramesTests
{
    private readonly TinyZone _zone = new();
    private readonly LentFrames _lent;

    public LentFramesTests()
    {
        _lent = new LentFrames(_zone.Frames);
        for (Frame frame = new(8); frame.Index < 24; frame++)
        {
            _zone.Frames[frame].Set(FrameFlags.TagStorage);
        }
    }

    [Theory]
    [InlineData(16, 0, 1)]
    [InlineData(16, 3, 8)]
    [InlineData(24, 3, 0)]
    [InlineData(0, 4, 8)]
    [InlineData(0, 5, 16)]
    [InlineData(32, 5, 0)]
    public void AFolioCountsByWhatOfItIsStorageAndNoMoreWhenItIsFreed(int frame, int order, int lent)
    {
        _zone.Use(new Frame(frame), order);
        _lent.Count(new Frame(frame), _zone.Frames[new Frame(frame)], 1);
        Assert.Equal(lent, _lent.InUse);

        _lent.Count(new Frame(frame), _zone.Frames[new Frame(frame)], -1);
        Assert.Equal(0, _lent.InUse);
    }
}
