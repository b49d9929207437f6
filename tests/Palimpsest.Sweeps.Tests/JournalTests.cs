using CsCheck;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A journal tells what was written, whatever is cut off or damaged: a line is whole, or it is none.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly CellOutcome[] Outcomes =
    [
        SweepStage.Computed(new Cell(new(CellVerb.Run), "packed", 3), CancellationToken.None), CellOutcome.Refused("no \"place\"\nfor it"),
        CellOutcome.Failed("Exception: it broke"), SweepStage.Computed(new Cell(new(CellVerb.Run), "static", 1), CancellationToken.None),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-journal-");

    private string File => Path.Combine(_folder.FullName, Journal.Name);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        Write(Outcomes.Length);

        Assert.Equal(Enumerable.Range(0, Outcomes.Length).Select(KeyOf), Read().Select(line => line.Key));
        Assert.Equal(Outcomes.Select(outcome => outcome.ToBytes()), Read().Select(line => line.Outcome.ToBytes()));
    }

    [Fact]
    public void WithoutAFileThereIsNothing() => Assert.Empty(Read());

    [Fact]
    public void WhereverItIsCutOffWholeLinesAreThere()
    {
        Write(Outcomes.Length);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length <= bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);

            Assert.Equal(bytes.AsSpan(0, length).Count((byte)'\n'), Read().Count);
        }
    }

    /// <summary>A line that was cut off and one behind it: the new one is on a line of its own.</summary>
    [Fact]
    public void WhateverWasCutOffTheNextLineIsWhole()
    {
        Write(1);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length <= bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            using (Journal journal = Journal.Open(File))
            {
                journal.Add(KeyOf(9), Outcomes[1]);
            }

            Assert.Equal(KeyOf(9), Read()[^1].Key);
            // Of the end of a line alone nothing is missing: the next puts it there.
            Assert.Equal(length >= bytes.Length - 1 ? 2 : 1, Read().Count);
        }
    }

    /// <summary>One byte that is another: at most its own line is lost, and the one behind it where it was the end of a line.</summary>
    [Fact]
    public void ADamagedByteCostsItsLineAndInventsNone()
    {
        Write(Outcomes.Length);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        HashSet<CellKey> known = [.. Enumerable.Range(0, Outcomes.Length).Select(KeyOf)];
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 1;
            System.IO.File.WriteAllBytes(File, damaged);
            List<(CellKey Key, CellOutcome Outcome)> read = Read();

            Assert.InRange(read.Count, Outcomes.Length - (bytes[at] == '\n' ? 2 : 1), Outcomes.Length - (bytes[at] == ' ' ? 0 : 1));
            Assert.All(read, line => Assert.Contains(line.Key, known));
        }
    }

    [Fact]
    public void NoBytesBreakTheReader() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Empty(Read());
    }, iter: 300, threads: 1);

    [Fact]
    public void OtherLinesTakeThePlaceOfAll()
    {
        using Journal journal = Journal.Open(File);
        journal.Add(KeyOf(0), Outcomes[0]);
        journal.Replace([(KeyOf(7), Outcomes[2])]);
        journal.Add(KeyOf(8), Outcomes[1]);

        Assert.Equal([KeyOf(7), KeyOf(8)], Read().Select(line => line.Key));
        Assert.False(System.IO.File.Exists(File + ".part"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(int lines)
    {
        using Journal journal = Journal.Open(File);
        for (int line = 0; line < lines; line++)
        {
            journal.Add(KeyOf(line), Outcomes[line]);
        }
    }

    private List<(CellKey Key, CellOutcome Outcome)> Read() => [.. Journal.Read(File)];

    private static CellKey KeyOf(int number) => CellKey.Of($"cell {number}");

    [Fact]
    public void ACellThatIsDoneHasItsFigures() => Assert.False(CellOutcome.TryParse("""["done",null]"""u8, out _));

    /// <summary>Sparse: it takes no room.</summary>
    [Fact]
    public void AJournalThatNoSweepWritesIsRefused()
    {
        string path = Path.Combine(_folder.FullName, "huge");
        using (FileStream file = new(path, FileMode.Create))
        {
            file.SetLength(3L << 30);
        }

        Assert.Contains("more than 1 GiB", Assert.Throws<InputException>(() => Journal.Read(path).Any()).Message,
            StringComparison.Ordinal);
    }
}
