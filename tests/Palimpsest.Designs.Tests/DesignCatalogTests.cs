using CsCheck;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Designs.Tests;

/// <summary>A design is chosen by <c>name:parameter=value,...</c>; what cannot be read is refused in one line that helps.</summary>
public sealed class DesignCatalogTests
{
    [Fact]
    public void NamesAreUniqueAndTheBoundsComeFirst()
    {
        string[] names = [.. DesignCatalog.All.Select(entry => entry.Name)];

        Assert.Equal(names.Distinct(), names);
        Assert.Equal(["static", "no-mte"], names[..2]);
        Assert.All(names, name => Assert.Matches("^[a-z-]+$", name));
    }

    [Fact]
    public void ANameAloneHasTheDefaults()
    {
        DesignChoice choice = DesignCatalog.Parse("migrate-metadata");

        Assert.Equal("use=after-cma,attempts=5,fast-path=off,pages=5,block=0", choice.ParameterText);
    }

    [Theory]
    [InlineData("migrate-metadata", "")]
    [InlineData("migrate-metadata:fast-path=off,attempts=5", "")]
    [InlineData("migrate-metadata:fast-path=on", "fast-path=on")]
    [InlineData("cma-no-tagged:block=8192,attempts=7", "attempts=7,block=8192")]
    public void WhatIsChangedInADesignIsToldApartFromItsDefaults(string text, string changed) =>
        Assert.Equal(changed, DesignCatalog.Parse(text).ChangedText);

    [Theory]
    [InlineData("cma-no-tagged:attempts=7", 7)]
    [InlineData("cma-no-tagged:fast-path=off,attempts=7,block=8192", 7)]
    [InlineData("cma-no-tagged:attempts=1,attempts=100", 100)]
    [InlineData("cma-no-tagged:", 3)]
    [InlineData("cma-no-tagged:,", 3)]
    public void ParametersAreSetInOrder(string text, int attempts) =>
        Assert.Equal(attempts, DesignCatalog.Parse(text).Create().Recall.Attempts);

    [Theory]
    [InlineData("first", StorageUse.First)]
    [InlineData("balanced", StorageUse.Balanced)]
    [InlineData("after-own", StorageUse.AfterOwnType)]
    [InlineData("after-cma", StorageUse.AfterCma)]
    [InlineData("last", StorageUse.Last)]
    public void UseIsAWordForAPlaceAmongTheLists(string word, StorageUse use) =>
        Assert.Equal(use, DesignCatalog.Parse($"separate-free-area:use={word}").Parameters.Use);

    [Theory]
    [InlineData("", "static, no-mte")]
    [InlineData("sells", "there is no design 'sells'; choose from static, no-mte, separate-free-area")]
    [InlineData("Static", "there is no design 'Static'")]
    [InlineData(" static", "there is no design ' static'")]
    [InlineData("cels:attempts=3", "there is no design 'cels'")]
    [InlineData("static:attempts=3", "static: 'attempts=3' is not a parameter of this design; it has none")]
    [InlineData("first-use:use=first",
        "first-use: 'use=first' is not a parameter of this design; it has attempts, fast-path, pages, block")]
    [InlineData("first-use:attempts", "first-use: 'attempts' is not a parameter")]
    [InlineData("first-use:=3", "first-use: '=3' is not a parameter")]
    [InlineData("first-use:attempts=", "first-use: attempts= is not valid; give a number from 1 to 100")]
    [InlineData("first-use:attempts=0", "a number from 1 to 100")]
    [InlineData("first-use:attempts=101", "a number from 1 to 100")]
    [InlineData("first-use:attempts=-1", "a number from 1 to 100")]
    [InlineData("first-use:attempts= 3", "a number from 1 to 100")]
    [InlineData("first-use:attempts=99999999999", "a number from 1 to 100")]
    [InlineData("first-use:fast-path=yes", "fast-path=yes is not valid; give on or off")]
    [InlineData("first-use:block=16777217", "a size up to 16M, e.g. 64K")]
    [InlineData("cma-page-granular:candidates=10001", "a number from 0 to 10000")]
    [InlineData("migrate-metadata:use=never", "give first, balanced, after-own, after-cma, last")]
    public void WhatCannotBeReadIsRefusedInOneLine(string text, string words)
    {
        InputException refused = Assert.ThrowsAny<InputException>(() => DesignCatalog.Parse(text));

        Assert.StartsWith("--design ", refused.Message);
        Assert.Contains(words, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void WhatIsPrintedIsReadAgain() =>
        Law.Holds(
            Gen.Select(
                Gen.Int[0, DesignCatalog.All.Count - 1], Gen.Int[1, 100], Gen.Bool, Gen.Int[1, 100], Gen.Int[1, 5], Gen.Int[0, 10_000],
                    Gen.Int[0, 1 << 24]),
            500,
            drawn =>
            {
                (int index, int attempts, bool fastPath, int pages, int use, int candidates, int block) = drawn;
                DesignEntry entry = DesignCatalog.All[index];
                Dictionary<string, string> words = new()
                {
                    ["attempts"] = $"{attempts}",
                    ["fast-path"] = fastPath ? "on" : "off",
                    ["pages"] = $"{pages}",
                    ["use"] = new[] { "first", "balanced", "after-own", "after-cma", "last" }[use - 1],
                    ["candidates"] = $"{candidates}",
                    ["block"] = $"{block}",
                    ["block-loop"] = fastPath ? "right" : "mailed",
                    ["pack"] = fastPath ? "on" : "off",
                    ["slack"] = $"{pages}",
                    ["persist"] = $"{candidates}",
                    ["ready"] = $"{attempts}",
                    ["rate"] = $"{attempts}",
                    ["boot"] = $"{pages}",
                    ["give-back"] = fastPath ? "spent" : "tagged",
                };
                string settings = string.Join(',', entry.Settable.Select(name => $"{name}={words[name]}"));

                DesignChoice choice = DesignCatalog.Parse($"{entry.Name}:{settings}");

                Assert.Equal(settings, choice.ParameterText);
                Assert.Equal(choice.Parameters, DesignCatalog.Parse($"{choice.Name}:{choice.ParameterText}").Parameters);
            });

    [Fact]
    public void EveryParameterThatADesignNamesCanBeSet()
    {
        foreach (DesignEntry entry in DesignCatalog.All)
        {
            DesignChoice defaults = new(entry, entry.Defaults);

            Assert.Equal(entry.Defaults, DesignCatalog.Parse($"{entry.Name}:{defaults.ParameterText}").Parameters);
        }
    }
}
