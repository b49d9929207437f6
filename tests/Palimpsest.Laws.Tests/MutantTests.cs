using Palimpsest.Mutants;

namespace Palimpsest.Laws.Tests;

/// <summary>The plausible bugs that are kept still have a place in the code: one that has lost it catches nothing, and nobody would
/// see.</summary>
public sealed class MutantTests
{
    private static readonly string Root = Path.GetDirectoryName(SourceTree.Source)!;

    public static TheoryData<string> Kept =>
        [.. Directory.GetFiles(Path.Combine(Root, "bench", "mutants"), "*.txt").Select(file => Path.GetFileName(file)!)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void EveryMutantStillApplies(string file)
    {
        Mutant mutant = Mutant.Read(Path.Combine(Root, "bench", "mutants", file));
        (string source, string text) = mutant.In(Root);
        Assert.NotEqual(File.ReadAllText(source), text);
    }

    [Fact]
    public void AMutantWithoutAPlaceIsReported()
    {
        Mutant gone = new("00-gone", "nothing", "Palimpsest.Kernel", "this stands nowhere at all", "");
        Assert.Contains("0 times", Assert.Throws<InvalidDataException>(() => gone.In(Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMutantOfManyPlacesIsReported()
    {
        Mutant loose = new("00-loose", "everything", "Palimpsest.Vocabulary", "namespace Palimpsest.Vocabulary;", "");
        Assert.Throws<InvalidDataException>(() => loose.In(Root));
    }
}
