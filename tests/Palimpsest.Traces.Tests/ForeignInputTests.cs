using System.IO.Compression;
using System.Text;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Files that people have beside recordings: what says something else is read, what is not read is called by its name.</summary>
public sealed class ForeignInputTests
{
    private const string Free =
        "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0\n";

    public static readonly TheoryData<string, string, string> Binaries = new()
    {
        { "fd377a585a0000", "packed with xz", "xz -d" },
        { "425a6839314159265359", "packed with bzip2", "bzip2 -d" },
        { "04224d1864", "packed with lz4", "lz4 -d" },
        { "377abcaf271c0004", "a 7z archive", "unpack" },
        { "414e44524f494421", "an Android boot image", "/sys/firmware/fdt" },
        { "564e4452424f4f5403000000", "an Android vendor boot image", "/sys/firmware/fdt" },
        { "d7b7ab1e000000", "an Android DTBO image", "take one out" },
        { "d00dfeed000000", "a device tree", "--board" },
        { "7f454c460201", "an ELF file", "no recording" },
        { "5045524646494c4500000000", "a perf.data of version 1", "perf script" },
        { "c11ffcc1000000", "LTTng", "ftrace" },
        { "571dd17500000000", "LTTng", "ftrace" },
        { "0102030400000000", "begins with 01 02 03 04 00 00 00 00, which is no format that is read", "trace.dat" },
    };

    public static readonly TheoryData<string, string> Texts = new()
    {
        { "     0.500 bash/812 kmem:mm_page_alloc(pfn: 267144, order: 0, gfp_flags: 3476706, migratetype: 1)", "perf trace" },
        { "     0.500 (         ): bash/812 kmem:mm_page_alloc:page=0x1 pfn=0x41388 order=0", "perf trace" },
        { "     0.012 ( 0.003 ms): bash/812 openat(dfd: CWD, filename: 0x1) = 3", "perf trace" },
        { "[10:11:12.123456789] (+?.?????????) host kmem_mm_page_alloc: { cpu_id = 0 }, { page = 0x1, pfn = 2 }", "babeltrace" },
        { "            bash     812   100.000500: kmem:mm_page_free: page=0x1 pfn=0x41388 order=0", "without the CPU" },
        { "            bash     812   100.000500:          1 kmem:mm_page_free: page=0x1 pfn=0x41388 order=0", "without the CPU" },
        { "            bash     812 [000] kmem:mm_page_free: page=0x1 pfn=0x41388 order=0", "without the time" },
        { "            bash     812 [000]   100.000500:   page=0x1 pfn=0x41388 order=0", "without the name of each event" },
        { "0x1234 [0x28]: PERF_RECORD_COMM", "dump of perf's records" },
        { "Attaching 2 probes...", "bpftrace" },
        { "/dts-v1/;", "dtc -I dts -O dtb" },
        { "{\"traceEvents\":[", "JSON" },
        { "[ {\"ph\":\"X\"}]", "JSON" },
    };

    [Theory]
    [MemberData(nameof(Binaries))]
    public void ABinaryFileIsCalledByItsName(string start, string name, string remedy)
    {
        string message = SampleText.Refusal([.. Convert.FromHexString(start), .. new byte[300]]);

        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void ATextOfAnotherToolIsCalledByItsName(string line, string name) =>
        Assert.Contains(name, SampleText.Refusal(line, line), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Texts))]
    public void ARecordingMayQuoteAnyOfThem(string line, string name)
    {
        Trace trace = SampleText.Read(Free.TrimEnd(), line, Free.TrimEnd());

        Assert.True(trace.Events.Count == 2, name);
    }

    [Fact]
    public void WhatWasNotUnderstoodIsQuoted()
    {
        string message = SampleText.Refusal("a line of prose that is longer than anybody wants to read in a message", "and another");

        Assert.Contains("not understood: 2 lines, line 1 first, \"a line of prose", message, StringComparison.Ordinal);
        Assert.DoesNotContain("in a message", message, StringComparison.Ordinal);
        Assert.DoesNotContain("no events at all", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATarIsToldByItsMagicInside()
    {
        byte[] tar = new byte[512];
        "trace.txt"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("a tar archive", SampleText.Refusal(TraceFileTests.Compress("gzip", tar)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void TextOfPowerShellIsRead(string encoding, bool hasMark)
    {
        Encoding two = Encoding.GetEncoding(encoding);
        string text = string.Concat(Enumerable.Repeat(Free.Replace("\n", "\r\n", StringComparison.Ordinal), 3000)) + "cut";
        Trace trace = SampleText.Read([.. hasMark ? two.GetPreamble() : [], .. two.GetBytes(text), 0x41]);

        Assert.Equal(3000, trace.Events.Count);
        Assert.Equal(0x2fbe48UL, trace.Events[2999].Pfn.Value);
    }

    [Fact]
    public void AZipOfOneFileIsThatFile()
    {
        byte[] zip = Zip(("systrace/", ""), ("systrace/trace.txt", Free + Free), ("__MACOSX/._trace.txt", "x"));

        Assert.Equal(2, SampleText.Read(zip).Events.Count);
    }

    [Fact]
    public void AZippedBinaryRecordingIsReadToo()
    {
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("trace.dat").Open();
            entry.Write(SampleText.Bytes("small.v7-zstd.dat"));
        }

        Assert.Equal(SampleText.ReadSample("small.v7-zstd.dat").All(), SampleText.Read(bytes.ToArray()).All());
    }

    [Fact]
    public void AZipOfSeveralFilesNamesThem()
    {
        string message = SampleText.Refusal(Zip(("a.txt", Free), ("b.txt", Free)));

        Assert.Contains("a zip of 2 files (a.txt, b.txt); unpack it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AZipThatWasCutOffIsNoRecording() =>
        Assert.Contains("a zip that cannot be unpacked here", SampleText.Refusal(Zip(("a.txt", Free))[..60]), StringComparison.Ordinal);

    [Fact]
    public void APageOfAndroid4IsCalledByItsName()
    {
        string message = SampleText.Refusal(
            "<!DOCTYPE html>", "<html><script>", "var linuxPerfData = \"\\", "# tracer: nop\\n\\", "\";", "</script></html>");

        Assert.Contains("in a variable of a script", message, StringComparison.Ordinal);
    }

    [Fact]
    public void PerfScriptWithPeriodsOrWithoutNamesIsRead()
    {
        Trace trace = SampleText.Read(
            "            bash     812 [000]   100.000500:          1 kmem:mm_page_free: page=0x1 pfn=0x41388 order=0",
            "   812 [001]   100.000600: kmem:mm_page_free: page=0x1 pfn=0x41389 order=0",
            "18122 [001]   100.000700: kmem:mm_page_free: page=0x1 pfn=0x4138a order=0");

        Assert.Equal([0x41388UL, 0x41389, 0x4138a], trace.All().Select(item => item.Pfn.Value));
        Assert.Equal([("bash", 812), ("<...>", 812), ("<...>", 18122)], trace.Tasks.Select(task => (task.Comm, task.Pid)));
        Assert.Equal("perf-script", trace.Format);
    }

    [Fact]
    public void SamplesOfCountersAreCountedByTheirNames()
    {
        const string Clock = "            bash     812 [000]   100.000500:     250000 cpu-clock:pppH:  ffffffff81234567 foo+0x1 ([kernel])";
        const string Cycles = "            bash     812 [000]   100.000600: cycles:";

        Assert.Contains("it only has cpu-clock (2), cycles (1);", SampleText.Refusal(Clock, Clock, Cycles), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gfp_flags=24150208")]
    [InlineData("gfp_flags=0x17080c0")]
    public void FlagsAreNumbersInEitherBase(string flags)
    {
        TraceReadOptions options = new() { KernelRelease = "4.13" };
        byte[] text = Encoding.ASCII.GetBytes(
            $"            bash-812   [000]   100.000500: mm_page_alloc:  [FAILED TO PARSE] pfn=0x41388 order=0 {flags} migratetype=1\n");
        Trace trace = TraceFile.Read(new MemoryStream(text), "sample", options);

        Assert.Equal(
            GfpFlags.Io | GfpFlags.Fs | GfpFlags.Zero | GfpFlags.Account | GfpFlags.DirectReclaim | GfpFlags.Write, trace.GfpOf(0));
    }

    [Fact]
    public void FreesHadOtherNamesUpTo32()
    {
        Trace trace = SampleText.Read(
            "            bash-812     [000]   100.000500: mm_page_alloc: page=ffffea0000e445c0 pfn=267144 order=0 migratetype=1 "
                + "gfp_flags=GFP_KERNEL",
            "            bash-812     [000]   100.000600: mm_pagevec_free: page=ffffea0000e445c0 pfn=267144 order=0 cold=0",
            "            bash-812     [000]   100.000600: mm_page_free_direct: page=ffffea0000e445c0 pfn=267144 order=0");

        Assert.Equal([TraceEventKind.Allocate, TraceEventKind.FreeBatched, TraceEventKind.Free], trace.All().Select(item => item.Kind));
        Assert.DoesNotContain(trace.Notes, note => note.Contains("mm_page_free", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("data,data.0", "perf script -F +cpu -i")]
    [InlineData("trace.dat", "the recording in it is")]
    [InlineData("metadata,channel0_0", "LTTng")]
    [InlineData("zoneinfo", "--snapshot")]
    [InlineData("", "this is a directory")]
    public void AFolderIsCalledByWhatIsInIt(string files, string name)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("palimpsest-");
        try
        {
            foreach (string file in files.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                File.WriteAllText(Path.Combine(folder.FullName, file), "");
            }

            string message = Assert.Throws<InputException>(() => TraceFile.Read(folder.FullName)).Message;

            Assert.Contains(name, message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.ASCII.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
