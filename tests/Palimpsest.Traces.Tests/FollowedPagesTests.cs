using System.Globalization;
using System.Text;
using CsCheck;

namespace Palimpsest.Traces.Tests;

/// <summary>A replay of a part keeps, of each page that is meant, all that happens to it, whoever does it.</summary>
public sealed class FollowedPagesTests
{
    private static readonly string[] Lines =
    [
        Line("redis-7", 0, "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40010 order=1 migratetype=1 gfp_flags=GFP_KERNEL"),
        Line("bash-8", 1, "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40020 order=1 migratetype=1 gfp_flags=GFP_KERNEL"),
        Line("bash-8", 1, "mm_page_free: page=00000000c3b0c4fd pfn=0x40011 order=0"),
        Line("kswapd0-9", 0, "mm_page_free_batched: page=00000000c3b0c4fd pfn=0x40020 order=0"),
        Line("redis-7", 0, "mm_page_free: page=00000000c3b0c4fd pfn=0x40020 order=1"),
        Line("redis-7", 0, "mm_page_free: page=00000000c3b0c4fd pfn=0x40021 order=0"),
        Line("bash-8", 1, "mm_page_free: page=00000000c3b0c4fd pfn=0x40090 order=0"),
    ];

    [Fact]
    public void APageIsFreedByWhomeverAndOneThatIsLeftOutIsNot() =>
        Assert.Equal(["Allocate 40010", "Free 40011", "Free 40021", "Free 40090"],
            Kept(new TraceFilter { Processes = ["redis"], FollowsPages = true }));

    [Fact]
    public void TheCpuIsThatOfTheAllocation() =>
        Assert.Equal(["Allocate 40020", "FreeBatched 40020", "Free 40020", "Free 40021", "Free 40090"],
            Kept(new TraceFilter { Cpus = [1], FollowsPages = true }));

    [Fact]
    public void PagesAreFollowedFromBeforeTheWindow() =>
        Assert.Equal(["Free 40011", "Free 40021", "Free 40090"],
            Kept(new TraceFilter { Processes = ["redis"], FromNs = 2_000_000, FollowsPages = true }));

    [Fact]
    public void WithoutFollowingAnEventIsOfWhomeverDidIt() =>
        Assert.Equal(["Allocate 40010", "Free 40020", "Free 40021"], Kept(new TraceFilter { Processes = ["redis"] }));

    [Fact]
    public void EveryAllocationThatIsKeptKeepsItsFree() => Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2], Gen.Bool).Array[1, 60].Sample(steps =>
    {
        List<string> lines = [];
        Dictionary<int, int> owners = [];
        foreach ((int page, int task, bool alloc) in steps)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"page=00000000c3b0c4fd pfn=0x{0x40000 + page:x} order=0");
            if (alloc && owners.TryAdd(page, task))
            {
                lines.Add(Line($"task{task}-{task + 1}", task, $"mm_page_alloc: {place} migratetype=1 gfp_flags=GFP_KERNEL"));
            }
            else if (!alloc && owners.Remove(page))
            {
                lines.Add(Line($"task{task}-{task + 1}", task, $"mm_page_free: {place}"));
            }
        }

        List<string> kept = lines.Count == 0 ? [] : [.. Read(lines, new TraceFilter { Processes = ["task1"], FollowsPages = true })];
        HashSet<string> live = [];
        foreach (string[] words in kept.Select(line => line.Split(' ')))
        {
            Assert.True(words[0] == "Allocate" ? live.Add(words[1]) : live.Remove(words[1]), string.Join('\n', kept));
        }

        Assert.Equal(owners.Where(owner => owner.Value == 1)
            .Select(owner => (0x40000 + owner.Key).ToString("x", CultureInfo.InvariantCulture)).Order(), live.Order());
    });

    private static IEnumerable<string> Kept(TraceFilter filter) => Read(Lines, filter);

    private static IEnumerable<string> Read(IReadOnlyList<string> lines, TraceFilter filter)
    {
        string text = "# tracer: nop\n#\n"
            + string.Concat(lines
            .Select((line, index) => line.Replace("TIME", (100 + (index / 1000.0)).ToString("F6", CultureInfo.InvariantCulture),
            StringComparison.Ordinal)));
        Trace trace = TraceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "recording", new TraceReadOptions { Filter = filter });
        for (long index = 0; index < trace.Events.Count; index++)
        {
            TraceEvent item = trace.Events[index];
            yield return $"{item.Kind} {item.Pfn.Value:x}";
        }
    }

    private static string Line(string task, int cpu, string payload) =>
        string.Create(CultureInfo.InvariantCulture, $"{task,20}   [{cpu:d3}] .....   TIME: {payload}\n");
}
