using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;

namespace Palimpsest.Races.Tests;

/// <summary>What a step does is told in words that say what it happens to.</summary>
public sealed class StepWordsTests
{
    [Theory]
    [InlineData(StepKind.Unmap, 640, "unmap frame 640")]
    [InlineData(StepKind.CopyData, 640, "copy data of frame 640")]
    [InlineData(StepKind.CopyTags, 640, "copy tags of frame 640")]
    [InlineData(StepKind.Isolate, 640, "isolate frame 640")]
    [InlineData(StepKind.TestBlock, 640, "block of frame 640 present?")]
    [InlineData(StepKind.MoveBlock, 640, "take or give frame 640")]
    [InlineData(StepKind.TestReserved, 640, "frame 640 reserved?")]
    [InlineData(StepKind.SetReserved, 640, "flag frame 640 reserved")]
    [InlineData(StepKind.RestoreTags, 640, "restore tags of frame 640")]
    [InlineData(StepKind.SaveTags, 640, "save tags of frame 640")]
    [InlineData(StepKind.InvalidateLines, 640, "invalidate lines of frame 640")]
    [InlineData(StepKind.InvalidateLines, 0, "write a dirty line back")]
    [InlineData(StepKind.SwapInOut, 640, "swap frame 640")]
    [InlineData(StepKind.Locked, 640, "locked, for frame 640")]
    [InlineData(StepKind.Wait, 640, "try again")]
    public void AStepSaysWhatItDoesToWhat(StepKind kind, int subject, string words) =>
        Assert.Equal(words, StepWords.Of(new Step((int)kind, subject)));

    [Fact]
    public void AnAccessNamesTheAddressOfItsPage() =>
        Assert.Equal("access 0x12345000", StepWords.Of(new Step((int)StepKind.UserAccess, 0x12345)));

    [Theory]
    [InlineData(0xF_FFFF, "set_pte of frame 1048575")]
    [InlineData(0x10_0000, "set_pte 0x100000000")]
    [InlineData(0x10_0001, "set_pte 0x100001000")]
    public void AnEntryIsNamedByItsPageOrWhereMigrationMapsItByItsFrame(int subject, string words) =>
        Assert.Equal(words, StepWords.Of(new Step((int)StepKind.WritePte, subject)));

    [Fact]
    public void NoTwoKindsAreToldAlike()
    {
        IEnumerable<string> words = Enum.GetValues<StepKind>().Select(kind => StepWords.Of(new Step((int)kind, 640)));

        Assert.Equal(words.Count(), words.Distinct().Count());
        Assert.DoesNotContain(words, word => word.StartsWith("step ", StringComparison.Ordinal));
    }

    [Fact]
    public void AKindThatIsNotTheKernelsIsToldByNumber() => Assert.Equal("step 99 7", StepWords.Of(new Step(99, 7)));
}
