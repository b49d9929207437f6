using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>A frame, a block of tag storage and a CPU are types of their own: an int of that name could be any of them.</summary>
public sealed partial class NumberTypeTests
{
    public static TheoryData<string> Rooms =>
        ["Palimpsest.Kernel", "Palimpsest.Designs", "Palimpsest.Steps", "Palimpsest.Races", "Palimpsest.Lab"];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void NoSignatureSaysIntWhereItMeansAFrameABlockOrACpu(string project) => Assert.Empty(Loose(project, Parameter()));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void NobodyComparesAFrameWithANumberThatMeansNone(string project) => Assert.Empty(Loose(project, Magic()));

    [Theory]
    [InlineData("void Free(int frame, CpuId cpu)", "int frame")]
    [InlineData("void Free(Frame frame, int cpu = 0)", "int cpu")]
    [InlineData("record Miss(int Frame, int Order)", "int Frame")]
    [InlineData("bool TryTake(ref int block)", "int block")]
    [InlineData("int Count(Frame frame, int count)", "")]
    [InlineData("for (int block = 0; block < blocks; block++)", "")]
    [InlineData("void Look(int blocks, int frames)", "")]
    public void TheScanOfSignaturesSeesEveryKind(string code, string found) =>
        Assert.Equal(found, string.Join(", ", Parameter().Matches(code).Select(match => match.Groups[1].Value)));

    [Theory]
    [InlineData("if (frame.Index < 0)", true)]
    [InlineData("return folio.Index == -1;", true)]
    [InlineData("new Frame(-1)", true)]
    [InlineData("if (frame.Index < frames.Count)", false)]
    public void TheScanOfComparisonsSeesEveryKind(string code, bool isMagic) => Assert.Equal(isMagic, Magic().IsMatch(code));

    private static IEnumerable<string> Loose(string project, Regex what) =>
        SourceTree.Files(project).SelectMany(file => what.Matches(file.Code).Select(match => $"{file.File}: {match.Value}"));

    [GeneratedRegex(@"(?<!for |foreach )[(,]\s*(?:(?:in|ref|out|this) )?(int\??\s+(?:[Ff]rame|[Ff]olio|[Bb]lock|[Cc]pu))\b\s*(?=[,)=])")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?:frame|folio|block|cpu)\.Index (?:<|>=) 0\b|\.Index [!=]= -1|new (?:Frame|BlockId|CpuId)\(-1\)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Magic();
}
