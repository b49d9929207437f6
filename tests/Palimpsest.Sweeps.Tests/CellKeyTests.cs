using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A key names everything that decides what a cell gives, and nothing else.</summary>
public sealed class CellKeyTests
{
    private static readonly CellInput Recording = new("phone.dat", new string('a', 64),
        [new InputPart("phone.dat", new string('a', 64), 9)]);

    private static readonly Cell One = new(
        new CellSetting(CellVerb.Compare) { Recording = Recording, RamMib = 64, View = MemoryView.Full, Pinned = 0.1 },
        "packed:slack=0", 7);

    /// <summary>Keys of results that are kept would be others: cells that are done would be done again.</summary>
    [Fact]
    public void AKeyStaysWhatItIs() => Assert.Equal("09d42f21a831529690299462b9684f2a", One.Key("0.2.0+abc").ToString());

    [Fact]
    public void EverythingThatDecidesIsInIt()
    {
        CellInput other = Recording with { Sha256 = new string('b', 64) };
        CellSetting setting = One.Setting;
        Cell[] others =
        [
            One with { Design = "packed" }, One with { Seed = 8 }, One with { Setting = setting with { Recording = other } },
            One with { Setting = setting with { Board = other } }, One with { Setting = setting with { Snapshot = other } },
            One with { Setting = setting with { RamMib = 65 } }, One with { Setting = setting with { Release = "6.12" } },
            One with { Setting = setting with { TagSource = "mapped" } }, One with { Setting = setting with { Pinned = 0.2 } },
            One with { Setting = setting with { View = MemoryView.Replay } }, One with { Setting = setting with { Workload = "phone" } },
            One with { Setting = setting with { SizeMib = 1 } }, One with { Setting = setting with { Steps = 1 } },
            One with { Setting = setting with { TaggedFrom = 1 } }, One with { Setting = setting with { TaggedTo = 1 } },
            One with { Setting = setting with { SwapMib = 1 } }, One with { Setting = setting with { Programs = 1 } },
            One with { Setting = setting with { Schedules = 1 } }, One with { Setting = setting with { Verb = CellVerb.Run } },
        ];

        Assert.Equal(others.Length + 2, others.Append(One).Select(cell => cell.Key("a")).Append(One.Key("b")).Distinct().Count());
        // What is added to a setting has to come in here, and into the key.
        Assert.Equal(17, typeof(CellSetting).GetProperties().Count(property => property.CanWrite));
    }

    [Fact]
    public void NamesDecideNothing() => Assert.Equal(One.Key("a"),
        (One with { Setting = One.Setting with { Recording = Recording with { Name = "copy.dat" } } }).Key("a"));

    [Fact]
    public void AnOrderIsReadBackAndChecked()
    {
        Cell other = One with { Setting = One.Setting with { Pinned = 0.2 }, Design = "static" };
        CellOrder order = CellOrder.Of([One, One with { Seed = 8 }, other], tries: 2);
        CellOrder read = CellOrder.Parse(order.ToBytes())!;

        Assert.Equal((2, 2, 3), (read.Tries, read.Settings.Count, read.Cells.Count));
        Assert.Equal(new[] { One, One with { Seed = 8 }, other }.Select(cell => cell.Key("a")), read.Cells.Select(cell => cell.Key("a")));
    }

    [Fact]
    public void AnOrderThatIsNotWhatWasSentIsNone()
    {
        CellOrder order = CellOrder.Of([One, One with { Seed = 8 }]);
        byte[] bytes = order.ToBytes();

        Assert.Null(CellOrder.Parse((order with { Build = "another" }).ToBytes()));
        Assert.Null(CellOrder.Parse((order with { Ordered = [order.Ordered[0]] }).ToBytes()));
        Assert.Null(CellOrder.Parse((order with { Ordered = [order.Ordered[1], order.Ordered[0]] }).ToBytes()));
        Assert.Null(CellOrder.Parse((order with { Ordered = [order.Ordered[0], new OrderedCell(1, "static", 0)] }).ToBytes()));
        Assert.Null(CellOrder.Parse((order with { Ordered = [order.Ordered[0], new OrderedCell(-1, "static", 0)] }).ToBytes()));
        Assert.Null(CellOrder.Parse((order with { Ordered = [] }).ToBytes()));
        Assert.Null(CellOrder.Parse("{}"u8));
        Assert.Null(CellOrder.Parse("null"u8));
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Null(CellOrder.Parse(bytes.AsSpan(0, length))));
    }

    [Theory]
    [InlineData(CellStatus.Done, null)]
    [InlineData(CellStatus.Refused, "no place for \"it\"\n")]
    [InlineData(CellStatus.Failed, "Exception: x")]
    public void AnOutcomeIsReadBackWhole(CellStatus status, string? text)
    {
        double?[] values = status == CellStatus.Done ? new double?[FigureColumns.Ids.Count] : [];
        values.AsSpan(0, Math.Min(values.Length, 2)).Fill(1 / 3.0);
        byte[] bytes = new CellOutcome(status, text, values).ToBytes();

        Assert.True(CellOutcome.TryParse(bytes, out CellOutcome outcome));
        Assert.Equal((status, text), (outcome.Status, outcome.Text));
        Assert.Equal(values, outcome.Values);
        Assert.DoesNotContain((byte)'\n', bytes);
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.False(CellOutcome.TryParse(bytes.AsSpan(0, length), out _)));
    }
}
