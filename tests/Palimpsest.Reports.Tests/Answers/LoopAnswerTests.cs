using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Answers;

/// <summary>What the first sentences of <c>run</c> say of what was not run.</summary>
public sealed class LoopAnswerTests
{
    [Theory]
    [InlineData("static no-mte", 20, "Nothing to choose by: only bounds were run, between which every design lies.")]
    [InlineData("static", 20, "Nothing to choose by: only bounds were run, between which every design lies.")]
    [InlineData("packed tag-blocks", 20, "Nothing to choose by: today's machine was not run, against which the others are held")]
    [InlineData("static packed", 4, "Nothing to choose by: memory was never short on today's machine")]
    public void WhereNothingCanBeChosenItSaysWhy(string designs, ulong mebibytes, string sentence)
    {
        string answer = string.Join(' ', LoopAnswer.Of(Study(designs, mebibytes)).Sentences);

        Assert.StartsWith(sentence, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Every other", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("static packed")]
    [InlineData("static no-mte packed")]
    public void WhereNoOtherWasRunNoneIsWorse(string designs) => Assert.Contains(
        LoopAnswer.Of(Study(designs, mebibytes: 20)).Sentences, sentence => sentence == "No other design was run.");

    [Fact]
    public void WhatBreaksALawIsNoChoice()
    {
        LoopStudy study = Study("static packed first-use", mebibytes: 20);
        LoopStudy broken = new([.. study.Seeds.Select(seed => seed with
        {
            Designs = [.. seed.Designs.Select(design => design.Design.Name == "first-use"
                ? design with { Violations = [new LawViolation("TAG-1", "seen")] }
                : design)],
        })]);

        Assert.Contains(LoopAnswer.Of(broken).Sentences,
            sentence => sentence == "No other design keeps every law. Out of the question, as they break a law: first-use.");
    }

    [Fact]
    public void AComparisonOfOneDesignHoldsItAgainstNone()
    {
        ComparisonResult all = TinyComparison.Run();
        ComparisonResult one = all with { Designs = [.. all.Designs.Where(design => design.Design.Name is "static" or "packed")] };

        Assert.Contains(ComparisonAnswer.Of(one).Sentences, sentence => sentence == "No other design was run.");
        Assert.DoesNotContain(ComparisonAnswer.Of(all).Sentences, sentence => sentence == "No other design was run.");
    }

    private static LoopStudy Study(string designs, ulong mebibytes) =>
        new LoopTrial("server")
        {
            Board = new BoardInput { RamBytes = 16 << 20 }, SizeBytes = mebibytes << 20, Steps = 300, Designs = designs.Split(' '),
        }.Study(seeds: 2, progress: null, TestContext.Current.CancellationToken);
}
