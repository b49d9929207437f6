using Palimpsest.Testing.Recordings;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests.TraceDat;

/// <summary>Any beginning of a file is read as far as it goes, or refused in one line; never more, never otherwise.</summary>
public sealed class CutLaws
{
    private static readonly byte[] Written = Write(events: 600);

    private static readonly List<string> Whole = Events(SampleText.Read(Written));

    [Fact]
    public void WhatIsReadOfAnyBeginningOfATraceDatWasWritten()
    {
        HashSet<string> whole = [.. Whole];
        int read = 0;
        for (int length = 0; length < Written.Length; length += 211)
        {
            try
            {
                Trace trace = SampleText.Read(Written[..length]);
                List<string> events = Events(trace);

                Assert.NotNull(trace.CutOff);
                Assert.All(events, item => Assert.Contains(item, whole));
                Assert.True(events.SequenceEqual(Whole.Where(events.ToHashSet().Contains)), $"order at {length}");
                read++;
            }
            catch (InputException refused)
            {
                Assert.StartsWith("sample: ", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refused.Message);
            }
        }

        Assert.True(read > 30, $"{read}");
    }

    [Fact]
    public void MoreOfAFileIsNeverFewerEvents()
    {
        int before = 0;
        for (int length = Written.Length % 1024; length <= Written.Length; length += 1024)
        {
            int now = Counted(Written[..length]);

            Assert.True(now >= before, $"{now} events of {length} bytes, {before} of fewer");
            before = now;
        }

        Assert.Equal(Whole.Count, before);
    }

    [Fact]
    public void WhatIsReadOfAnyBeginningOfATextWasWritten()
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(n =>
            $"            init-1       [{n % 3:d3}] .....   100.{n:d6}: mm_page_free: page=0000000012345678 pfn=0x{n + 1:x} order=0\n")));
        List<string> whole = Events(SampleText.Read(text));
        for (int length = 0; length < text.Length; length++)
        {
            int lines = text.AsSpan(0, length).Count((byte)'\n');
            if (lines == 0)
            {
                SampleText.Refusal(text[..length]);
                continue;
            }

            Trace trace = SampleText.Read(text[..length]);
            Assert.Equal(whole[..lines], Events(trace));
            Assert.Equal(text[length - 1] != '\n', trace.CutOff is not null);
        }
    }

    [Fact]
    public void TheWholeFileIsNotCutOff() => Assert.Null(SampleText.Read(Written).CutOff);

    private static int Counted(byte[] bytes)
    {
        try
        {
            return (int)SampleText.Read(bytes).Events.Count;
        }
        catch (InputException)
        {
            return 0;
        }
    }

    private static byte[] Write(int events)
    {
        EventFormat free = new("kmem", "mm_page_free", 500,
            [new("unsigned long pfn", 8, IsSigned: false), new("unsigned int order", 4, IsSigned: false)], "\"pfn=0x%lx\", REC->pfn");
        TraceDatWriter writer = new([free], "6.1.0-test", cpus: 3);
        for (int n = 0; n < events; n++)
        {
            writer.Add(0, timeNs: 1_000 + (n * 7), cpu: n * n % 3, pid: 1 + (n % 5), [n, n % 4]);
        }

        using MemoryStream file = new();
        writer.WriteTo(file);
        return file.ToArray();
    }

    private static List<string> Events(Trace trace) =>
        [.. trace.All().Select(item => $"{item.TimeNs} {item.Kind} {item.Pfn} {item.Order} cpu {item.Cpu}")];
}
