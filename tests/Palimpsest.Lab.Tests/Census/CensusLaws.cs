using CsCheck;
using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;
using static Palimpsest.Lab.Tests.Census.CensusFolder;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>A census says what a plain count says, and takes any bytes or refuses them in a line.</summary>
public sealed class CensusLaws
{
    private static readonly ulong[] Flags = [NoPage, 0, Free, Lru, Slab, Anonymous, Anonymous, Anonymous | Huge, Anonymous | Ksm, Reserved];

    private static readonly Gen<ulong[]> Runs = Gen.Select(Gen.Int[0, Flags.Length - 1], Gen.Int[1, 70])
        .Select((kind, length) => Enumerable.Repeat(Flags[kind], length)).Array[1, 40]
        .Select(runs => runs.SelectMany(run => run).ToArray());

    [Fact]
    public void BlocksArePlainlyCounted() => Law.Holds(Runs, 200, drawn =>
    {
        ulong[] flags = [.. drawn, .. Frames(32 - (drawn.Length % 32))];
        using CensusFolder folder = Of(flags);
        CensusResult census = folder.Run();
        ulong[][] blocks = [.. flags.Chunk(32)];

        Assert.Equal(flags.Count(IsAnonymous), census.All.Pages);
        Assert.Equal(blocks.Count(block => block.Any(IsAnonymous)), census.All.TagPages);
        Assert.Equal(blocks.Count(block => block.Any(IsHuge)), census.Huge.TagPages);
        Assert.Equal(blocks.Count(block => block.Any(frame => IsAnonymous(frame) && !IsHuge(frame))), census.Base.TagPages);
        Assert.Equal(flags.Count(frame => frame != NoPage), census.Frames);
        Assert.Equal(blocks.Where(block => block.Any(IsAnonymous)).Sum(block =>
            block.Count(frame => !IsAnonymous(frame) && frame != NoPage)), census.Neighbours.Sum(kind => kind.Pages));
    });

    [Fact]
    public void AnyBytesAreReadOrRefusedByName()
    {
        Gen<byte[]> entries = Gen.Select(Gen.Int[0, 47], Gen.Int[0, 47]).Select((one, other) => (1UL << one) | (1UL << other))
            .Array[0, 200].Select(flags => Bytes(flags));
        Gen<byte[]> any = Gen.Select(entries, Gen.Byte.Array[0, 40], Gen.Bool).Select((one, other, isFirst) =>
            isFirst ? [.. other, .. one] : (byte[])[.. one, .. other]);
        Law.Holds(any, 400, bytes =>
        {
            using CensusFolder folder = new();
            File.WriteAllBytes(folder["kpageflags"], bytes);
            try
            {
                folder.Run();
            }
            catch (InputException refused)
            {
                Assert.StartsWith(folder["kpageflags"] + ": ", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(refused.Message, char.IsControl);
            }
        });
    }

    [Fact]
    public void AnyBytesOfAProcessAreReadOrPassedOver() => Law.Holds(Gen.Byte.Array[0, 300], 200, bytes =>
    {
        using CensusFolder folder = Of(Frames(64, (5, Anonymous)));
        folder.WriteProcess(7, "sh", "ac", Page(5));
        File.WriteAllBytes(folder["7/smaps"], [.. File.ReadAllBytes(folder["7/smaps"]), .. bytes]);
        File.WriteAllBytes(folder["7/pagemap"], [.. File.ReadAllBytes(folder["7/pagemap"]), .. bytes]);

        Assert.Equal(1, folder.Run().Processes.Single().Scatter.Pages);
    });

    private static ulong Page(ulong pfn) => (1UL << 63) | pfn;

    private static bool IsAnonymous(ulong flags) => (flags & Anonymous & ~Lru) != 0;

    private static bool IsHuge(ulong flags) => (flags & Huge) != 0;
}
