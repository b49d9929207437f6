using CsCheck;
using Palimpsest.Lab.Facts;

namespace Palimpsest.Lab.Tests.Facts;

/// <summary>Facts as people read them, when two can both be true, and what is said where they cannot.</summary>
public sealed class FactRuleTests
{
    private const ulong MiB = 1 << 20;

    [Theory]
    [InlineData(FactKind.Release, (6UL << 16) | 12, "6.12")]
    [InlineData(FactKind.RamStart, 0x40000000UL, "0x40000000")]
    [InlineData(FactKind.PageBlockOrder, 9UL, "9")]
    [InlineData(FactKind.Cpus, 1024UL, "1,024")]
    [InlineData(FactKind.Ram, 2048 * MiB, "2,048 MiB")]
    [InlineData(FactKind.Ram, (2048 * MiB) + 4096, "2,097,156 KiB")]
    [InlineData(FactKind.PageSize, 16384UL, "16 KiB")]
    [InlineData(FactKind.Cma, 0UL, "0 MiB")]
    public void ValuesAreWrittenAsPeopleWriteThem(FactKind kind, ulong value, string text) =>
        Assert.Equal(text, new Fact(kind, value, FactSource.Snapshot, "zoneinfo").Text);

    [Fact]
    public void TwoAgreeWhereTheirRangesReachEachOther() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 6], Gen.Int[0, 6]).Sample((first, second, firstRoom, secondRoom) =>
        {
            Fact one = Ram(first, firstRoom);
            Fact other = Ram(second, secondRoom);
            bool isInFirst = second >= first - firstRoom;
            bool isInSecond = first >= second - secondRoom;

            Assert.Equal(isInFirst && isInSecond, one.AgreesWith(other));
            Assert.Equal(one.AgreesWith(other), other.AgreesWith(one));
            Assert.True(one.AgreesWith(one));
        });

    [Theory]
    [InlineData(1024, 1024, null)]
    [InlineData(1024, 1150, null)] // an eighth is taken by firmware
    [InlineData(1024, 1180, "two machines")]
    [InlineData(1180, 1024, "two machines")]
    [InlineData(1024, 4096, "pages of another size")]
    [InlineData(4096, 1024, "pages of another size")]
    [InlineData(1024, 4000, "pages of another size")]
    [InlineData(1024, 16384, "pages of another size")]
    [InlineData(1024, 2048, "two machines")]
    [InlineData(1024, 8192, "two machines")]
    public void SizesThatAreFarApartAreRefusedWithAReason(int best, int other, string? reason)
    {
        string? refusal = FactRules.Refusal(Ram(best, 0), Ram(other, 0));

        Assert.Equal(reason is null, refusal is null);
        Assert.Contains(reason ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FactKind.PageSize, FactSource.Assumption, false)]
    [InlineData(FactKind.PageSize, FactSource.DeviceTree, true)]
    [InlineData(FactKind.RamStart, FactSource.Assumption, false)]
    [InlineData(FactKind.RamStart, FactSource.Recording, true)]
    [InlineData(FactKind.Release, FactSource.KernelLog, false)]
    [InlineData(FactKind.Cma, FactSource.Snapshot, false)]
    [InlineData(FactKind.Cpus, FactSource.Snapshot, false)]
    [InlineData(FactKind.PageBlockOrder, FactSource.Snapshot, false)]
    public void OnlyWhatCannotBeUsedTogetherIsRefused(FactKind kind, FactSource source, bool isRefused)
    {
        Fact best = new(kind, 4, FactSource.Option, "--option");
        Fact other = new(kind, 9, source, "elsewhere");

        Assert.Equal(isRefused, FactRules.Refusal(best, other) is not null);
        Assert.Equal(source == FactSource.Assumption && kind == FactKind.PageSize, FactRules.IsReplaced(other));
    }

    [Fact]
    public void ANoteNamesBothValuesAndBothPlaces()
    {
        foreach (FactKind kind in Enum.GetValues<FactKind>())
        {
            Fact best = new(kind, 3 * MiB, FactSource.Option, "--first");
            Fact other = new(kind, 5 * MiB, FactSource.KernelLog, "dmesg");
            string note = FactRules.Note(best, other);

            Assert.All((string[])[best.Text, other.Text, "--first", "dmesg", FactRules.Name(kind)], word =>
                Assert.Contains(word, note, StringComparison.Ordinal));
            Assert.True(note.IndexOf(best.Text, StringComparison.Ordinal) < note.IndexOf("dmesg", StringComparison.Ordinal));
        }

        Assert.Equal(Enum.GetValues<FactKind>().Length, Enum.GetValues<FactKind>().Select(FactRules.Name).Distinct().Count());
    }

    private static Fact Ram(int mebibytes, int room) => new(
        FactKind.Ram, (ulong)mebibytes * MiB, FactSource.Snapshot, "iomem", room == 0 ? null : (ulong)Math.Max(0, mebibytes - room) * MiB);
}
