using System.Text;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Tables give the same thing the same number, whatever hash its text has, and never grow without a bound.</summary>
public sealed class TableTests
{
    private static readonly TextPosition Position = new("trace.txt");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void ATextOfFlagsIsRecalledByItsBytesAndOnlyByThem()
    {
        GfpSetTable table = new(GfpBits.Of("6.1", []));
        Assert.False(table.TryRecall(Bytes("GFP_KERNEL|__GFP_ZERO"), out _));
        ushort index = table.IndexOf(Bytes("GFP_KERNEL|__GFP_ZERO"), Position);

        Assert.True(table.TryRecall(Bytes("GFP_KERNEL|__GFP_ZERO"), out ushort again));
        Assert.Equal(index, again);
        Assert.False(table.TryRecall(Bytes("GFP_KERNEL|__GFP_ZERX"), out _));
    }

    [Fact]
    public void TextsNumbersAndOrdersOfOneSetHaveOneIndex()
    {
        GfpSetTable table = new(GfpBits.Of("6.1", []));
        ushort index = table.IndexOf(Bytes("GFP_KERNEL|__GFP_ZERO"), Position);

        Assert.Equal(index, table.IndexOf(Bytes("__GFP_ZERO|GFP_KERNEL"), Position));
        Assert.Equal(index, table.IndexOf(Bytes("GFP_KERNEL|0x100"), Position));
        Assert.Equal(index, table.IndexOfNumber(0xdc0));
        Assert.Equal(GfpFlags.KernelDefault | GfpFlags.Zero, table.Sets[index]);
        Assert.Single(table.Sets);
    }

    [Fact]
    public void ANumberIsDecodedAnewWhenTheMeaningOfBitsIsLearned()
    {
        GfpSetTable table = new(GfpBits.Of("6.1", []));
        GfpFlags before = table.Sets[table.IndexOfNumber(0x200)!.Value];
        table.Bits = GfpBits.Of("6.6", []);

        Assert.Equal(GfpFlags.Atomic, before);
        Assert.Equal(GfpFlags.None, table.Sets[table.IndexOfNumber(0x200)!.Value]);
    }

    [Fact]
    public void UnknownNamesAreNotedOnceAndSixteenAtMost()
    {
        GfpSetTable table = new(GfpBits.Of("6.1", []));
        foreach (int number in Enumerable.Range(0, 40))
        {
            table.IndexOf(Bytes($"GFP_KERNEL|__GFP_NEW_{number:00}"), Position);
            table.IndexOf(Bytes($"__GFP_NEW_{number:00}"), Position);
        }

        string note = Assert.Single(table.Notes());
        Assert.Equal(16, note.Split(", ").Length);
        Assert.Contains("__GFP_NEW_00", note, StringComparison.Ordinal);
    }

    [Fact]
    public void AWordThatIsNoFlagIsRefusedWithItsLine()
    {
        Position.Line = 7;
        string message = Assert.Throws<InputException>(() => new GfpSetTable(GfpBits.Of("6.1", []))
            .IndexOf(Bytes("GFP_KERNEL|" + new string('x', 100)), Position)).Message;

        Assert.StartsWith($"trace.txt: line 7: gfp_flags has \"{new string('x', 40)}\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATaskIsRecalledOnEveryCpuByTheTextThatNamedIt()
    {
        TaskTable tasks = new();
        int one = tasks.IndexOf(12, Bytes("sh"));
        int other = tasks.IndexOf(13, Bytes("sh"));
        tasks.Remember(0, Bytes("sh-12"), one);
        tasks.Remember(0, Bytes("sh-13"), other);

        Assert.Equal((0, 1), (one, other));
        Assert.Equal(one, tasks.IndexOf(12, Bytes("sh")));
        Assert.True(tasks.TryRecall(5, Bytes("sh-12"), out int recalled));
        Assert.Equal(one, recalled);
        Assert.True(tasks.TryRecall(0, Bytes("sh-13"), out recalled));
        Assert.Equal(other, recalled);
        Assert.False(tasks.TryRecall(0, Bytes("sh-14"), out _));
    }

    [Fact]
    public void EventsAreCountedByNameAndToldInOrdinalOrder()
    {
        EventTally tally = new();
        tally.Count(tally.SlotOf("zebra"u8));
        tally.Count(tally.SlotOf("apple"u8));
        tally.Count(tally.SlotOf("zebra"u8));
        tally.SlotOf("never_seen"u8);

        Assert.Equal([KeyValuePair.Create("apple", 1L), KeyValuePair.Create("zebra", 2L)], tally.ByName());
        Assert.Equal((3, 2, "zebra"), (tally.Total, tally.CountOf(tally.SlotOf("zebra"u8)), tally.NameOf(tally.SlotOf("zebra"u8))));
    }

    [Fact]
    public void ADamagedFileCannotFillTheMemoryWithNames()
    {
        EventTally tally = new();
        foreach (int number in Enumerable.Range(0, 5_000))
        {
            tally.Count(tally.SlotOf(Bytes($"name_{number}")));
        }

        Assert.Equal(4_097, tally.ByName().Length);
        Assert.Equal(904, tally.ByName().Single(name => name.Key == "(other names)").Value);
        Assert.Equal(5_000, tally.ByName().Sum(name => name.Value));
    }
}
