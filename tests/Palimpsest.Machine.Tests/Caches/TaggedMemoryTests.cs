using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

public sealed class TaggedMemoryTests
{
    [Theory]
    [InlineData(false, 4089)]
    [InlineData(false, -1)]
    [InlineData(true, 4089)]
    [InlineData(true, -1)]
    public void NothingReachesPastItsPage(bool isStorage, int offset)
    {
        TaggedMemory memory = SmallMachine.Memory();
        int frame = isStorage ? memory.Layout.Storage[0].FirstFrame : 0;

        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => memory.Load64(frame, offset));
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => memory.Store64(frame, offset, ulong.MaxValue));
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => memory.Read(frame, 1, new byte[4096]));
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => memory.Write(frame, 0, new byte[4097]));
        Assert.Equal(0, memory.DirtyLines);
    }

    [Fact]
    public void TagsAreThoseOfAPageAlone()
    {
        TaggedMemory memory = SmallMachine.Memory();

        Assert.ThrowsAny<ArgumentException>(() => memory.WriteTag(0, 256, 1));
        Assert.ThrowsAny<ArgumentException>(() => memory.ReadTags(0, new byte[127]));
        Assert.ThrowsAny<ArgumentException>(() => memory.WriteTags(0, new byte[127]));
        Assert.Equal(0, memory.DirtyLines);
    }

    [Fact]
    public void DataAndTagsOfAPageAreCopiedAndClearedApart()
    {
        TaggedMemory memory = SmallMachine.Memory();
        memory.Store64(1, 4088, 7);
        memory.WriteTag(1, 255, 9);

        memory.CopyPage(1, 2);
        Assert.Equal((7UL, 0), (memory.Load64(2, 4088), memory.ReadTag(2, 255)));
        memory.ZeroPage(1);
        Assert.Equal((0UL, 9), (memory.Load64(1, 4088), memory.ReadTag(1, 255)));
        memory.Store64(1, 4088, 7);
        memory.ClearTags(1);
        Assert.Equal((7UL, 0), (memory.Load64(1, 4088), memory.ReadTag(1, 255)));
    }
}
