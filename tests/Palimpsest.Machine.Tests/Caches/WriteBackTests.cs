using CsCheck;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

public sealed class WriteBackTests
{
    private static readonly Gen<(bool IsTag, int Line, int Kind)[]> Steps =
        Gen.Select(Gen.Bool, Gen.Int[0, 9], Gen.Int[0, 9]).Array[1, 200];

    // The list of dirty lines against a plain list in order of age.
    [Fact]
    public void TheOldestDirtyLineLeavesFirstAndAnyCanBeChosen() =>
        Law.Holds(Gen.Select(Gen.Int[0, 6], Steps), 1000, drawn =>
        {
            (int capacity, (bool, int, int)[] steps) = drawn;
            TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { DirtyCapacity = capacity });
            int storage = memory.Layout.Storage[0].FirstFrame;
            List<(LineView, int, int)> dirty = [];
            foreach ((bool isTag, int line, int kind) in steps)
            {
                (LineView, int, int) name = (isTag ? LineView.Tags : LineView.Data, storage, line);
                if (kind == 0 && dirty.Count > 0)
                {
                    int index = line % dirty.Count;
                    dirty.Remove(memory.DirtyLine(index));
                    memory.WriteBack(index);
                }
                else if (kind == 1)
                {
                    Invalidate(memory, isTag, storage, line);
                    dirty.Remove(name);
                }
                else
                {
                    Store(memory, isTag, storage, line);
                    dirty.AddRange(dirty.Contains(name) ? [] : [name]);
                    dirty.RemoveRange(0, Math.Max(0, dirty.Count - capacity));
                }

                Assert.Equal(dirty.Order(), Enumerable.Range(0, memory.DirtyLines).Select(memory.DirtyLine).Order());
            }
        });

    [Fact]
    public void ALineWrittenBackStaysAndIsWrittenOnce()
    {
        TaggedMemory memory = SmallMachine.Memory();
        int storage = memory.Layout.Storage[0].FirstFrame;
        memory.WriteTag(0, 0, 3);
        memory.Store64(storage + 1, 8, 7);
        Assert.Equal(0, memory.Dram.TouchedPages);

        memory.WriteBackAll();
        memory.WriteBackAll();

        Assert.Equal(3, memory.Dram.Peek(storage)[0]);
        Assert.Equal(7, memory.Dram.Peek(storage + 1)[8]);
        Assert.Equal(1, memory.Counters.TagWriteBacks);
        Assert.Equal(1, memory.Counters.DataWriteBacks);
        Assert.Equal(3, memory.ReadTag(0, 0));
    }

    [Fact]
    public void WithoutRoomForDirtyLinesStoresGoThrough()
    {
        TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { DirtyCapacity = 0 });
        int storage = memory.Layout.Storage[0].FirstFrame;

        memory.WriteTag(0, 1, 3);

        Assert.Equal(0x30, memory.Dram.Peek(storage)[0]);
        Assert.Equal(0, memory.DirtyLines);
    }

    private static void Invalidate(TaggedMemory memory, bool isTag, int storage, int line)
    {
        if (isTag)
        {
            memory.MaintainLine(CacheMaintenance.Igvac, line / 2, line % 2 * 2048);
        }
        else
        {
            memory.MaintainLine(CacheMaintenance.Civac, storage, line * 64);
        }
    }

    private static void Store(TaggedMemory memory, bool isTag, int storage, int line)
    {
        if (isTag)
        {
            memory.WriteTag(line / 2, line % 2 * 128, 1);
        }
        else
        {
            memory.Store64(storage, line * 64, 1);
        }
    }
}
