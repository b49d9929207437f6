using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

/// <summary>Each instruction on a dirty line of data and a dirty line of tags.</summary>
public sealed class CacheMaintenanceTests
{
    private const int Tagged = 0;

    [Theory]
    [InlineData(CacheMaintenance.Ivac, false, 1, 0)]
    [InlineData(CacheMaintenance.Ivac, true, 1, 7)]
    [InlineData(CacheMaintenance.Cvac, false, 1, 7)]
    [InlineData(CacheMaintenance.Civac, false, 1, 7)]
    [InlineData(CacheMaintenance.Igvac, false, 2, 0)]
    [InlineData(CacheMaintenance.Cgvac, false, 2, 0)]
    [InlineData(CacheMaintenance.Cigvac, false, 2, 0)]
    [InlineData(CacheMaintenance.Igdvac, false, 1, 0)]
    [InlineData(CacheMaintenance.Cgdvac, false, 1, 7)]
    [InlineData(CacheMaintenance.Cigdvac, false, 1, 7)]
    public void OnADirtyDataLine(CacheMaintenance kind, bool invalidateCleans, int dirtyAfter, ulong inDram)
    {
        TaggedMemory memory = Dirty(invalidateCleans, out int storage);

        memory.MaintainLine(kind, storage, 64);

        Assert.Equal(dirtyAfter, memory.DirtyLines);
        Assert.Equal(inDram, BitConverter.ToUInt64(memory.Dram.Peek(storage)[64..]));
        Assert.Equal(1, memory.Counters.Count(kind));
        Assert.Equal(kind == CacheMaintenance.Ivac && !invalidateCleans || kind == CacheMaintenance.Igdvac
            ? 0UL
            : 7, memory.Load64(storage, 64));
    }

    [Theory]
    [InlineData(CacheMaintenance.Igvac, false, 1, 0)]
    [InlineData(CacheMaintenance.Igvac, true, 1, 5)]
    [InlineData(CacheMaintenance.Cgvac, false, 1, 5)]
    [InlineData(CacheMaintenance.Cigvac, false, 1, 5)]
    [InlineData(CacheMaintenance.Ivac, false, 2, 0)]
    [InlineData(CacheMaintenance.Cvac, false, 2, 0)]
    [InlineData(CacheMaintenance.Civac, false, 2, 0)]
    [InlineData(CacheMaintenance.Igdvac, false, 1, 0)]
    [InlineData(CacheMaintenance.Cgdvac, false, 1, 5)]
    [InlineData(CacheMaintenance.Cigdvac, false, 1, 5)]
    public void OnADirtyTagLine(CacheMaintenance kind, bool invalidateCleans, int dirtyAfter, int inDram)
    {
        TaggedMemory memory = Dirty(invalidateCleans, out int storage);

        memory.MaintainLine(kind, Tagged, 4095);

        Assert.Equal(dirtyAfter, memory.DirtyLines);
        Assert.Equal(inDram, memory.Dram.Peek(storage)[127] >> 4);
        Assert.Equal(dirtyAfter == 1 && inDram == 0 ? 0 : 5, memory.ReadTag(Tagged, 255));
    }

    // The first 2 KiB have a tag line of their own.
    [Fact]
    public void ALineElsewhereStaysDirty()
    {
        TaggedMemory memory = Dirty(invalidateCleans: false, out int storage);

        memory.MaintainLine(CacheMaintenance.Cigdvac, Tagged, 2047);
        memory.MaintainLine(CacheMaintenance.Cigdvac, storage, 128);
        memory.Maintain(CacheMaintenance.Cigdvac, storage + 1);
        memory.Maintain(CacheMaintenance.Cigdvac, Tagged + 1);

        Assert.Equal(2, memory.DirtyLines);
    }

    [Fact]
    public void APageTakesAnInstructionForEachLine()
    {
        TaggedMemory memory = Dirty(invalidateCleans: false, out int storage);

        memory.InvalidateData(storage);
        memory.CleanInvalidateTags(Tagged);
        memory.InvalidateTags(Tagged);
        memory.CleanInvalidateData(storage);
        memory.Maintain(CacheMaintenance.Cgdvac, Tagged);

        Assert.Equal(0, memory.DirtyLines);
        Assert.Equal(64, memory.Counters.Count(CacheMaintenance.Ivac));
        Assert.Equal(64, memory.Counters.Count(CacheMaintenance.Civac));
        Assert.Equal(2, memory.Counters.Count(CacheMaintenance.Igvac));
        Assert.Equal(2, memory.Counters.Count(CacheMaintenance.Cigvac));
        Assert.Equal(64, memory.Counters.Count(CacheMaintenance.Cgdvac));
        Assert.Equal(5, memory.ReadTag(Tagged, 255));
        Assert.Equal(0UL, memory.Load64(storage, 64));
    }

    private static TaggedMemory Dirty(bool invalidateCleans, out int storage)
    {
        TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { InvalidateCleans = invalidateCleans });
        storage = memory.Layout.Storage[0].FirstFrame;
        memory.Store64(storage, 64, 0);
        memory.WriteBackAll();
        memory.Store64(storage, 64, 7);
        memory.WriteTag(Tagged, 255, 5);
        return memory;
    }
}
