using CsCheck;
using Palimpsest.Kernel.Frames;
using Palimpsest.Lab.Courses;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Courses;

/// <summary>Cells of the map: what they are called by what they hold, how full they are, and which frames are whose.</summary>
public sealed class MemoryCellTests
{
    /// <summary>Frames absent, free, in use, tagged, of storage free, lent and reserved, and kept.</summary>
    [Theory]
    [InlineData("512 0 0 0 0 0 0 0", "Absent", 0)]
    [InlineData("0 512 0 0 0 0 0 0", "Free", 0)]
    [InlineData("0 511 1 0 0 0 0 0", "InUse", 1)]
    [InlineData("0 0 512 0 0 0 0 0", "InUse", 5)]
    [InlineData("0 1 511 0 0 0 0 0", "InUse", 4)]
    [InlineData("0 256 256 0 0 0 0 0", "InUse", 3)]
    [InlineData("0 255 256 1 0 0 0 0", "SomeTagged", 3)]
    [InlineData("0 0 256 256 0 0 0 0", "Tagged", 5)]
    [InlineData("0 511 0 1 0 0 0 0", "Tagged", 1)]
    [InlineData("0 0 257 255 0 0 0 0", "SomeTagged", 5)]
    [InlineData("0 0 0 0 512 0 0 0", "StorageFree", 0)]
    [InlineData("0 0 0 0 511 1 0 0", "StorageLent", 1)]
    [InlineData("0 0 0 0 0 512 0 0", "StorageLent", 5)]
    [InlineData("0 0 0 0 0 256 256 0", "StorageReserved", 5)]
    [InlineData("0 0 0 0 0 300 212 0", "SomeReserved", 5)]
    [InlineData("0 0 0 0 511 0 1 0", "StorageReserved", 1)]
    [InlineData("0 100 100 0 0 0 312 0", "StorageReserved", 5)]
    [InlineData("0 256 0 0 0 256 0 0", "Free", 0)] // half is storage: it is told as data
    [InlineData("0 0 0 0 0 0 0 512", "Kept", 5)]
    [InlineData("0 0 256 0 0 0 0 256", "InUse", 5)]
    [InlineData("0 0 255 0 0 0 0 257", "Kept", 5)]
    [InlineData("500 0 0 0 0 0 0 12", "Kept", 5)] // what is absent does not count
    public void ACellIsCalledByTheLargerPartOfIt(string counts, string kind, int fill)
    {
        int[] frames = [.. counts.Split(' ').Select(int.Parse)];

        Assert.Equal((kind, fill), ($"{MemoryCell.Of(frames).Kind}", MemoryCell.Of(frames).Fill));
    }

    [Fact]
    public void ACellIsEmptyWhereNothingIsUsedAndFullWhereAllIs() => Gen.Int[0, 300].Array[8].Sample(counts =>
    {
        MemoryCell cell = MemoryCell.Of(counts);
        int storage = counts[4] + counts[5] + counts[6];
        int data = counts[1] + counts[2] + counts[3] + counts[7];
        (int used, int all) = storage > data ? (counts[5] + counts[6], storage) : (counts[2] + counts[3] + counts[7], data);

        Assert.Equal(used == 0, cell.Fill == 0);
        Assert.Equal(used > 0 && used == all, cell.Fill == MemoryCell.Fills - 1);
        Assert.Equal(storage > data, cell.Kind is >= CellKind.StorageFree and <= CellKind.StorageReserved);
        Assert.Equal(cell, MemoryCell.Of(cell.Code));
        Assert.InRange(cell.Code, 0, 59);
    }, iter: 2000);

    [Fact]
    public void FillsRiseWithWhatIsUsed()
    {
        int last = 0;
        for (int used = 0; used <= 512; used++)
        {
            int fill = MemoryCell.Of([0, 512 - used, used, 0, 0, 0, 0, 0]).Fill;
            Assert.InRange(fill, last, last + 1);
            last = fill;
        }

        Assert.Equal(MemoryCell.Fills - 1, last);
    }

    [Fact]
    public void CodesAreOfOneCellEach()
    {
        HashSet<byte> codes = [];
        foreach (CellKind kind in Enum.GetValues<CellKind>())
        {
            for (int fill = 0; fill < MemoryCell.Fills; fill++)
            {
                MemoryCell cell = new(kind, fill);
                Assert.True(codes.Add(cell.Code));
                Assert.Equal(cell, MemoryCell.Of(cell.Code));
            }
        }
    }

    public static TheoryData<string> Boards() => [.. TestBoards.Names];

    [Theory]
    [MemberData(nameof(Boards))]
    public void EachFrameIsInOneCellOfTheGrid(string board)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        CourseGrid grid = CourseGrid.Of(layout);
        int[] seen = new int[layout.Frames];
        for (int cell = 0; cell < grid.Cells; cell++)
        {
            (int first, int end) = grid.FramesOf(cell);
            Assert.InRange(end - first, 1, grid.CellFrames);
            for (int frame = first; frame < end; frame++)
            {
                seen[frame]++;
                Assert.Equal(cell, grid.CellOf(new Frame(frame)));
            }
        }

        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void RunsLieWhereTheMachineHasMemory(string board)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        CourseGrid grid = CourseGrid.Of(layout);

        Assert.Equal(layout.Frames, grid.Runs.Sum(run => run.Frames));
        Assert.Equal(grid.Runs.OrderBy(run => run.Base), grid.Runs);
        foreach (CellRun run in grid.Runs)
        {
            Assert.Equal(layout.PfnOf(run.FirstFrame).Value * (ulong)layout.Geometry.PageBytes, run.Base);
            Assert.Equal((run.Frames + grid.CellFrames - 1) / grid.CellFrames, run.Cells);
        }

        Assert.Equal((ulong)grid.CellFrames * (ulong)layout.Geometry.PageBytes, grid.CellBytes);
        Assert.Equal(layout.Geometry.PageBlockFrames * grid.PageBlocks, grid.CellFrames);
    }

    [Theory]
    [InlineData(1UL << 30, 1)]
    [InlineData(32UL << 30, 1)]
    [InlineData(64UL << 30, 2)]
    public void LargeMachinesHaveLargerCells(ulong bytes, int pageBlocks)
    {
        CourseGrid grid = CourseGrid.Of(TestBoards.Flat(bytes, PageGeometry.Page4K));

        Assert.InRange(grid.PageBlocks, pageBlocks, 2 * pageBlocks);
        Assert.InRange(grid.Cells, 1, (1 << 14) + grid.Runs.Count);
    }
}
