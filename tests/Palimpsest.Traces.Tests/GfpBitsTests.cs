using System.Text;
using Palimpsest.Vocabulary;
using static Palimpsest.Vocabulary.GfpFlags;

namespace Palimpsest.Traces.Tests;

/// <summary>The bits of gfp_flags moved from release to release; include/linux/gfp.h and gfp_types.h of each are the truth here.</summary>
public sealed class GfpBitsTests
{
    // The oldest had no bit for kswapd, and woke it all the same.
    [Theory]
    [InlineData("3.10", 0x8000u, Zero | KswapdReclaim)]
    [InlineData("3.10", 0x10u, Reclaim)]
    [InlineData("4.4", 0x8000u, Zero)]
    [InlineData("4.4", 0x10u, Reclaimable)]
    [InlineData("4.4", 0x80000u, Atomic)]
    [InlineData("4.14", 0x400000u, DirectReclaim)]
    [InlineData("4.15", 0x200000u, DirectReclaim)]
    [InlineData("4.19", 0x400000u, KswapdReclaim)]
    [InlineData("5.1", 0x100u, Zero)]
    [InlineData("5.1", 0x400u, DirectReclaim)]
    [InlineData("5.13", 0x800000u, None)]
    [InlineData("5.14", 0x800000u, ZeroTags)]
    [InlineData("5.17", 0x1000000u, SkipKasanPoison)]
    [InlineData("5.18", 0x1000000u, SkipZero)]
    [InlineData("6.1", 0x200u, Atomic)]
    [InlineData("6.1", 0x4000000u, SkipKasanPoison)]
    [InlineData("6.1", 0x8000000u, NoLockdep)]
    [InlineData("6.4", 0x200u, None)]
    [InlineData("6.4", 0x4000000u, NoLockdep)]
    [InlineData("6.9", 0x1000000u, SkipZero)]
    [InlineData("6.10", 0x1000000u, None)]
    [InlineData("6.12.3-android16", 0x800000u, ZeroTags)]
    public void ABitMeansWhatItMeantInThatRelease(string release, uint bit, GfpFlags flags) =>
        Assert.Equal(flags, GfpBits.Of(release, []).Translate(bit));

    [Theory]
    [InlineData("6.1", 0x100ccau, HighUserMovable)]
    [InlineData("6.1", 0xcc0u, KernelDefault)]
    [InlineData("6.1", 0x400cc0u, KernelDefault | Account)]
    [InlineData("6.1", 0x140dcau, HighUserMovable | Zero | Comp)]
    [InlineData("6.12", 0x2800u, KswapdReclaim)]
    public void CompoundSetsAreThoseThatTheKernelPrints(string release, uint number, GfpFlags flags) =>
        Assert.Equal(flags, GfpBits.Of(release, []).Translate(number));

    [Fact]
    public void TheTableOfTheRecordingGoesBeforeThatOfItsRelease()
    {
        GfpBits bits = GfpBits.Of("6.1", [(0x40, "__GFP_ZERO"), (0x3, "GFP_ATOMIC"), (0x80, "__GFP_NEVER_HEARD_OF")]);

        Assert.Equal(Zero, bits.Translate(0x40));
        Assert.Equal(AtomicDefault, bits.Translate(0x3));
        Assert.Equal(Fs, bits.Translate(0x80));
        Assert.Null(bits.Note);
    }

    [Fact]
    public void WhatWasAssumedIsSaid()
    {
        Assert.Contains("Linux 6.4", GfpBits.Of("6.4", []).Note, StringComparison.Ordinal);
        Assert.Contains("right for 5.18 to 6.3", GfpBits.Of(release: null, []).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GFP_KERNEL", KernelDefault, GfpWord.Known)]
    [InlineData("__GFP_ZEROTAGS", ZeroTags, GfpWord.Known)]
    [InlineData("__GFP_TAGGED", ZeroTags, GfpWord.Known)]
    [InlineData("GFP_WAIT", Reclaim, GfpWord.Known)]
    [InlineData("__GFP_REPEAT", RetryMayFail, GfpWord.Known)]
    [InlineData("__GFP_COLD", None, GfpWord.Known)]
    [InlineData("none", None, GfpWord.Known)]
    [InlineData("__GFP_OF_TOMORROW", None, GfpWord.Unknown)]
    [InlineData("0x400000", None, GfpWord.Number)]
    public void NamesOfAllReleasesAreKnown(string word, GfpFlags flags, GfpWord kind)
    {
        Assert.True(GfpNames.TryRead(Encoding.UTF8.GetBytes(word), out GfpFlags read, out GfpWord told));
        Assert.Equal((flags, kind), (read, told));
    }

    [Theory]
    [InlineData("")]
    [InlineData("kernel")]
    [InlineData("GFP_KERNEL ")]
    [InlineData("0xg")]
    public void WhatIsNeitherANameNorANumberIsRefused(string word) =>
        Assert.False(GfpNames.TryRead(Encoding.UTF8.GetBytes(word), out _, out _));

    [Theory]
    [InlineData(HighUserMovable | Zero | Comp, "GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP")]
    [InlineData(KernelDefault, "GFP_KERNEL")]
    [InlineData(None, "none")]
    public void ASetIsPrintedAsTheKernelPrintsIt(GfpFlags flags, string text) => Assert.Equal(text, GfpNames.TextOf(flags));

    [Fact]
    public void WhatIsPrintedIsReadBack() => Law.Holds(CsCheck.Gen.UInt, 500, number =>
    {
        GfpFlags flags = GfpBits.Of("6.1", []).Translate(number);
        GfpFlags back = None;
        foreach (string word in GfpNames.TextOf(flags).Split('|'))
        {
            Assert.True(GfpNames.TryRead(Encoding.UTF8.GetBytes(word), out GfpFlags one, out _));
            back |= one;
        }

        Assert.Equal(flags, back);
    });
}
