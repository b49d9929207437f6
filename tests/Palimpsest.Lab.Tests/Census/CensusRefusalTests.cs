using Palimpsest.Lab.Census;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Vocabulary;
using static Palimpsest.Lab.Tests.Census.CensusFolder;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>What is no kpageflags, or not all of one, is refused in a line that says what it is and what to do.</summary>
public sealed class CensusRefusalTests
{
    public static TheoryData<string, byte[], string> Files => new()
    {
        { "empty", [], "the file is empty" },
        { "cut in an entry", Bytes(Frames(64))[..^3], "509 bytes are not whole entries of 8" },
        { "cut in a block", Bytes(Frames(70)), "end inside 32 pages" },
        { "a text", [.. Enumerable.Repeat((byte)'a', 5000)], "this is a text" },
        { "an ELF file", [0x7f, .. "ELF"u8, .. new byte[4000]], "an ELF file" },
        { "xz", [0xfd, .. "7zXZ"u8, 0, .. new byte[400]], "packed with xz" },
        { "an empty zip", [.. "PK\x05\x06"u8, .. new byte[18]], "an empty zip, no kpageflags" },
        { "noise", [.. Enumerable.Range(0, 8000).Select(at => (byte)((at * 7919) >> 3))], "flags that no kernel writes" },
        { "damaged", [.. Bytes(Frames(64)), .. Bytes(1UL << 60), .. Bytes(Frames(63))], "entry 64 (byte 512)" },
        { "counts", Bytes(Enumerable.Range(0, 8192).Select(page => (ulong)page % 3)), "a kpagecount or kpagecgroup" },
        { "inodes", Bytes(Enumerable.Range(0, 8192).Select(page => page % 2 == 0 ? 5421UL : 77)), "a kpagecount or kpagecgroup" },
        { "holes alone", Bytes(Enumerable.Repeat(NoPage, 64)), "none of its 64 entries is a page" },
        { "zeros", new byte[8192 * 8], "no flags of pages" },
        { "gzip cut off", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1], "gzip" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void WhatIsNoWholeKpageflagsIsRefused(string what, byte[] content, string reason)
    {
        using CensusFolder folder = new();
        File.WriteAllBytes(folder["kpageflags"], content);
        string message = Assert.Throws<InputException>(folder.Run).Message;

        Assert.True(message.StartsWith(folder["kpageflags"] + ": ", StringComparison.Ordinal), what);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 128, 96, "it is cut off")]
    [InlineData(64, 64, 32, "it is cut off")]
    [InlineData(0, 32, 64, "RAM ends at page 32")]
    [InlineData(0, 64, 64, null)]
    [InlineData(64, 64, 64, null)]
    [InlineData(64, 64, 128, null)]
    public void TheEndOfRamByZoneinfoTellsWhatIsMissing(int first, int spanned, int frames, string? reason)
    {
        using CensusFolder folder = Of(Frames(frames, (0, Anonymous)));
        folder.WriteZone(first, spanned);

        Assert.Equal(reason is not null, Record.Exception(() => folder.Run()) is { } refusal
            && refusal.Message.Contains(reason!, StringComparison.Ordinal));
    }

    [Fact]
    public void ACopyOfAnotherMachineIsRefused()
    {
        using CensusFolder folder = Of([.. Frames(32), .. Enumerable.Repeat(NoPage, 96)]);
        folder.WriteZone(0, 128);

        Assert.Contains("two machines", Assert.Throws<InputException>(folder.Run).Message, StringComparison.Ordinal);
    }

    // Where the second socket of a large arm64 machine has its memory.
    [Fact]
    public void RamMayEndWhereNumbersOf31BitsDoNotReach()
    {
        using CensusFolder folder = Of(Frames(64));
        folder.Write("zoneinfo", "Node 0, zone   Normal\n  pages free     1\n        spanned  64\n        present  64\n  start_pfn:   "
            + "        4294967296\n");

        Assert.Equal(1UL << 32, folder.Run().Map.Banks[0].FirstPfn);
    }

    [Fact]
    public void ACopyThatMayBeCutIsDoubted()
    {
        using CensusFolder folder = Of(Frames(96));

        Assert.Contains(folder.Run().Notes, note => note.Contains("may be cut off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nowhere", "no such file or folder")]
    [InlineData("", "has no kpageflags, kpageflags.zst or kpageflags.gz")]
    public void WhereThereIsNoneIsTold(string path, string reason)
    {
        using CensusFolder folder = new();

        Assert.Contains(reason, Assert.ThrowsAny<InputException>(() => new CensusTrial { Path = folder[path] }.Finish()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void APageSizeThatTheFilesContradictIsRefused()
    {
        using CensusFolder folder = Of(Frames(8192));
        folder.WriteZone(0, 8192);
        folder.Write("meminfo", "MemTotal: 32000 kB\n");

        Assert.Contains("--page-size 16K", Assert.Throws<InputException>(() =>
            new CensusTrial { Path = folder.Path, PageBytes = 16384 }.Finish()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProcessesOfACopyAreRefused()
    {
        using CensusFolder folder = Of(Frames(64));

        Assert.Contains("has no processes", Assert.Throws<InputException>(() =>
            new CensusTrial { Path = folder.Path, Processes = ["sh"] }.Finish()).Message, StringComparison.Ordinal);
    }
}
