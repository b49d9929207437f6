using System.Text.Json;
using Palimpsest.Designs;

namespace Palimpsest.Cli.Tests;

/// <summary>A design of one's own, as a library has it.</summary>
public static class LibraryOfDesigns
{
    public static DesignEntry Mine { get; } = DesignCatalog.All.First(entry => entry.Name == "cma-no-tagged") with
    {
        Name = "mine", Origin = "here", Essence = "as cma-no-tagged",
    };
}

/// <summary>Designs of one's own are run by the command line like any other.</summary>
public sealed class OwnDesignTests
{
    private static readonly string Library = typeof(LibraryOfDesigns).Assembly.Location;

    [Fact]
    public void ADesignOfALibraryIsComparedUnderItsName()
    {
        Finished finished = CommandLine.Run(
            "compare", "--assembly", Library, "--design", "mine", "--design", "cma-no-tagged", "--json", "-");
        using JsonDocument told = JsonDocument.Parse(finished.Output);
        JsonElement[] designs = [.. told.RootElement.GetProperty("designs").EnumerateArray()];

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Equal(["mine", "cma-no-tagged"], designs.Select(design => design.GetProperty("name").GetString()!));
        Assert.Equal(designs[1].GetProperty("given_back_mean_mib").GetDouble(), designs[0].GetProperty("given_back_mean_mib").GetDouble());
    }

    [Fact]
    public void AmongAllDesignsItIsTheLast()
    {
        Finished finished = CommandLine.Run("run", "server", "--steps", "50", "--seeds", "1", "--assembly", Library, "--json", "-");
        using JsonDocument told = JsonDocument.Parse(finished.Output);

        Assert.Equal("mine", told.RootElement.GetProperty("designs").EnumerateArray().Last().GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("nosuch.dll", 66, "nosuch.dll: no such file")]
    [InlineData("samples/small.dtb", 65, "cannot be used as a library of .NET")]
    [InlineData("Palimpsest.Vocabulary.dll", 65, "has no public static member that is a DesignEntry")]
    public void WhatIsNoLibraryOfDesignsIsOneLine(string file, int code, string words)
    {
        Finished finished = CommandLine.Run("compare", "--assembly", Path.Combine(AppContext.BaseDirectory, file));

        Assert.Equal((code, 1), (finished.ExitCode, finished.Errors.Count(letter => letter == '\n')));
        Assert.Contains(words, finished.Errors, StringComparison.Ordinal);
    }
}
