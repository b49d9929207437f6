using System.Text.Json;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>What a trial works on: machines, recordings, files; and descriptions that leave choices out.</summary>
public sealed class InputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-input");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AMachineIsToldByItsMemoryAlone()
    {
        (MemoryBoard board, PageGeometry geometry, string name, _) = new BoardInput { RamBytes = 64 << 20 }.Read();

        Assert.Equal(("flat memory", 64UL << 20, 4096), (name, board.DataBytes, geometry.PageBytes));
        Assert.Equal(board.DataBytes / 32, board.CarveOutBytes);
    }

    [Theory]
    [InlineData(4096, null, 9)]
    [InlineData(4096, 10, 10)]
    [InlineData(4096, 4, 4)]
    [InlineData(16384, 5, 5)]
    [InlineData(16384, null, 11)]
    [InlineData(65536, null, 13)]
    public void PagesAndPageblocksAreThoseAskedFor(int pageBytes, int? asked, int order)
    {
        (_, PageGeometry geometry, _, _) = new BoardInput { RamBytes = 256 << 20, PageBytes = pageBytes, PageBlockOrder = asked }.Read();

        Assert.Equal((pageBytes, order), (geometry.PageBytes, geometry.PageBlockOrder));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(-1)]
    public void AnOrderThatIsNoneOfAPageblockIsRefused(int order) => Assert.Equal(
        $"--pageblock-order {order}: give an order from 4 to 10",
        Assert.Throws<UsageException>(() => new BoardInput { RamBytes = 64 << 20, PageBlockOrder = order }.Read()).Message);

    [Fact]
    public void ATreeHasItsNameOrElseThatOfItsFile()
    {
        Assert.Equal(Path.GetFileName(TrialFiles.Board), new BoardInput { TreePath = TrialFiles.Board }.Read().Name);
        Assert.Equal("mine", new BoardInput { TreePath = TrialFiles.Board, Name = "mine" }.Read().Name);
    }

    [Fact]
    public void CmaAreasAreAddedInTheirOrderAndOnce()
    {
        BoardInput input = new() { RamBytes = 256 << 20 };
        ulong start = input.Read().Board.Banks[0].Range.Start.Value;
        MemoryBoard board = (input with
        {
            CmaAreas = [new CmaInput(8 << 20, start + (64 << 20)), new CmaInput(4 << 20, start + (16 << 20)),
                new CmaInput(8 << 20, start + (66 << 20))],
        }).Read().Board;

        Assert.Equal([(start + (16 << 20), 4UL << 20), (start + (64 << 20), 8UL << 20)],
            board.CmaPools.Select(pool => (pool.Range.Start.Value, pool.Range.Bytes)));
    }

    [Fact]
    public void ACmaAreaOverTagStorageIsLeftOut()
    {
        BoardInput input = new() { RamBytes = 256 << 20 };
        PhysicalRange storage = input.Read().Board.TagStorage[0].Storage;
        BoardInput over = input with { CmaAreas = [new CmaInput(storage.Bytes, storage.Start.Value)] };

        Assert.Empty(over.Read().Board.CmaPools);
    }

    [Theory]
    [InlineData("", "a file needs a name")]
    [InlineData("no-such-file", "no-such-file: no such file")]
    public void AFileThatCannotBeReadIsNamed(string path, string message) => Assert.StartsWith(
        message, Assert.ThrowsAny<Exception>(() => InputFile.ReadBytes(path, most: 10)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void AFileHasABound(int bytes, bool isRead)
    {
        string path = Path.Combine(_folder.FullName, "file");
        File.WriteAllBytes(path, new byte[bytes]);
        if (isRead)
        {
            Assert.Equal(bytes, InputFile.ReadBytes(path, most: 10).Length);
            return;
        }

        Assert.Equal($"{path}: 11 bytes, more than the 10 that such a file can have",
            Assert.Throws<InputException>(() => InputFile.ReadBytes(path, most: 10)).Message);
    }

    [Fact]
    public void AFileThatWasCutOffIsUsedWhereThatIsKnown()
    {
        string path = Path.Combine(_folder.FullName, "cut.txt");
        const string Line = "            init-1       [000] .....   100.000000: mm_page_free: page=0000000012345678 pfn=0x40010 order=0\n";
        File.WriteAllText(path, Line + Line[..40]);
        RecordingInput input = new(path);

        string message = Assert.Throws<InputException>(() => input.Read(progress: null, part: null)).Message;
        Assert.StartsWith($"{path}: Line 2, the last, has no line end", message, StringComparison.Ordinal);
        Assert.EndsWith("Copy it again, or add --allow-truncated to use what there is", message, StringComparison.Ordinal);
        Assert.Equal(1, (input with { MayBeTruncated = true }).Read(progress: null, part: null).EventCount);
    }

    [Fact]
    public void AComparisonThatIsDescribedByItsFilesAloneIsThatOfTheCommand()
    {
        ComparisonTrial trial = JsonSerializer.Deserialize(
            """{"recording":{"path":"t"},"board":{"ram_bytes":67108864}}""", TrialJson.Default.ComparisonTrial)!;

        Assert.Equal(("t", 64UL << 20, default(int?), "flag", true, CostTable.Default),
            (trial.Recording.Path, trial.Board.RamBytes, trial.Board.PageBytes, trial.TagSource, trial.TransparentHugePages, trial.Costs));
        Assert.Empty(trial.Designs);
        Assert.Empty(trial.Board.CmaAreas);
    }

    [Fact]
    public void ALoopThatIsDescribedByItsNameAloneIsThatOfTheCommand()
    {
        LoopTrial trial = JsonSerializer.Deserialize("""{"workload":"phone"}""", TrialJson.Default.LoopTrial)!;

        Assert.Equal((64UL << 20, 0.3, 0.3, 1UL, 4), (trial.Board.RamBytes, trial.TaggedFrom, trial.TaggedTo, trial.Seed, trial.Cpus));
        Assert.Empty(trial.Designs);
    }

    [Fact]
    public void AVerificationThatIsDescribedByItsFilesAloneIsThatOfTheCommand()
    {
        VerificationTrial trial = JsonSerializer.Deserialize(
            """{"recording":{"path":"t"},"board":{}}""", TrialJson.Default.VerificationTrial)!;

        Assert.True(trial.UsesSiblings && trial.TransparentHugePages);
    }

    [Fact]
    public void FactsOfAMachineAreThoseOfItsBoard()
    {
        (MemoryBoard board, PageGeometry geometry, string name, _) = new BoardInput { RamBytes = 64 << 20 }.Read();
        BoardFacts facts = BoardFacts.Of(name, board, geometry);
        ulong inRuns = facts.Runs.Aggregate(0UL, (bytes, run) => bytes + ((ulong)run.Frames * 4096));

        Assert.Equal(board.DataBytes + board.CarveOutBytes, facts.RamBytes);
        Assert.All(facts.Regions, region => Assert.Equal((true, region.CoversBytes / 32), (region.IsAssumed, region.Bytes)));
        Assert.NotEmpty(facts.Regions);
        // Runs are whole pageblocks of the largest order.
        Assert.InRange(inRuns, facts.RamBytes, facts.RamBytes + ((ulong)facts.Runs.Count * (4UL << 20)));
    }
}
