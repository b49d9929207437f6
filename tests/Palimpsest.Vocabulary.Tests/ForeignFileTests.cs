using System.Globalization;
using System.Text;

namespace Palimpsest.Vocabulary.Tests;

/// <summary>Files that people have beside recordings are called by their names, and numbers look the same everywhere.</summary>
public sealed class ForeignFileTests
{
    [Theory]
    [InlineData("PK\u0003\u0004", 0, "a zip; unpack it")]
    [InlineData("BZh", 0, "packed with bzip2; unpack it: bzip2 -d FILE")]
    [InlineData("ustar", 257, "a tar archive; unpack it")]
    [InlineData("ANDROID!", 0, "an Android boot image; take its device tree out")]
    [InlineData("QCDT", 0, "a Qualcomm table of device trees")]
    [InlineData("ARM\u0064", 56, "a kernel image of arm64")]
    [InlineData("\u007fELF", 0, "an ELF file")]
    [InlineData("PERFFILE", 0, "a perf.data of version 1")]
    [InlineData("/dts-v1/;", 0, "the source of a device tree; compile it")]
    [InlineData("SQLite format 3\0", 0, "a database of SQLite")]
    [InlineData("%PDF-", 0, "a PDF")]
    public void AFileIsKnownByItsBytesAtTheirPlace(string magic, int at, string what)
    {
        byte[] head = [.. new byte[at], .. Encoding.Latin1.GetBytes(magic), .. new byte[20]];

        Assert.StartsWith(what, ForeignFile.Of(head), StringComparison.Ordinal);
        Assert.Null(ForeignFile.Of(head.AsSpan(0, at + magic.Length - 1)));
        Assert.Null(ForeignFile.Of([1, .. head]));
    }

    [Theory]
    [InlineData("# tracer: nop\n")]
    [InlineData("")]
    [InlineData("PK")]
    public void OtherFilesAreNotNamed(string text) => Assert.Null(ForeignFile.Of(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0x7f, 0x45, 0x4c, 0x46 }, "7f 45 4c 46")]
    [InlineData(new byte[] { }, "")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, "01 02 03 04 05 06 07 08")]
    public void BytesAreShownAsPeopleLookThemUp(byte[] head, string text) => Assert.Equal(text, ForeignFile.FirstBytes(head));

    [Theory]
    [InlineData(".", ",")]
    [InlineData(",", ".")]
    [InlineData("'", " ")]
    public void NumbersLookTheSameInEveryCulture(string point, string group)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = point;
            other.NumberFormat.NumberGroupSeparator = group;
            other.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = other;

            Assert.Equal("1,234.50 | -7| 0x1f", InvariantText.Of($"{1234.5:N2} |{-7,3}| 0x{31:x}"));
            Assert.Equal("6.12", new KernelRelease(6, 12).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
