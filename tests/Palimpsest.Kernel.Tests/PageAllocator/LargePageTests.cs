using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>With pages of 16 and 64 KiB the largest chunk is the huge page: of order 11 and 13, which is the pageblock too.</summary>
public sealed class LargePageTests
{
    [Theory]
    [InlineData(4096, 10, 64)]
    [InlineData(16384, 11, 16)]
    [InlineData(65536, 13, 3)]
    public void FreeMemoryIsChunksOfTheLargestOrder(int pageBytes, int order, int chunks)
    {
        MemorySystem system = Machine(pageBytes, chunks);

        Assert.Equal(chunks, system.Guided.ListOf(new Frame(0), order, MigrateType.Movable, most: int.MaxValue).Count);
        Assert.Empty(system.Guided.ListOf(new Frame(0), order - 1, MigrateType.Movable, most: 1));
        Assert.Empty(system.Audit());
    }

    [Theory]
    [InlineData(16384)]
    [InlineData(65536)]
    public void AHugePageIsTakenAndGoesToItsPerCpuList(int pageBytes)
    {
        MemorySystem system = Machine(pageBytes, chunks: 4);
        int huge = PageGeometry.For(pageBytes).LargestOrder;

        AllocationResult result = system.Allocate(Request(huge));
        Assert.Equal(AllocationOutcome.Done, result.Outcome);
        Assert.Equal(huge, system.Frames[result.Frame].Order);

        system.Free(result.Frame, CpuId.Boot);
        Assert.Empty(system.Audit());
        Assert.Equal(4, system.Guided.ListOf(new Frame(0), huge, MigrateType.Movable, most: 9).Count
            + (system.Guided.PerCpu.LimitsOf(new Frame(0), CpuId.Boot).Count >> huge));
    }

    [Theory]
    [InlineData(16384)]
    [InlineData(65536)]
    public void PagesThatAreFreedMergeUpToTheLargestOrder(int pageBytes)
    {
        MemorySystem system = Machine(pageBytes, chunks: 4);
        List<Frame> taken = [];
        for (int count = 0; count < 100; count++)
        {
            taken.Add(system.Allocate(Request(order: 2)).Frame);
        }

        taken.ForEach(frame => system.Free(frame, CpuId.Boot));
        system.DrainAll();

        int largest = PageGeometry.For(pageBytes).LargestOrder;
        Assert.Equal(4, system.Guided.ListOf(new Frame(0), largest, MigrateType.Movable, most: 9).Count
            + system.Guided.ListOf(new Frame(0), largest, MigrateType.Unmovable, most: 9).Count);
    }

    private static AllocationRequest Request(int order) =>
        new(GfpFlags.HighUserMovable, new Order(order), CpuId.Boot, IsTagged: false, Owner: 0);

    private static MemorySystem Machine(int pageBytes, int chunks)
    {
        PageGeometry geometry = PageGeometry.For(pageBytes);
        return new MemorySystem(TestBoards.Flat(geometry.BytesOf((ulong)chunks << geometry.LargestOrder), geometry),
            new PlainDesign(new Hidden()), new MachineOptions(1));
    }
}
