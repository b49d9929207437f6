using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Palimpsest.Testing;

namespace Palimpsest.Cli.Tests;

/// <summary>The figures of the bundled recording in docs/proposals/packed.md are what its command gives.</summary>
public sealed class ProposalTests
{
    [Fact]
    public void TheTableOfTheBundledRecordingIsWhatTheProgramGives()
    {
        using TemporaryFolder folder = new();
        string[] shown = Table();
        string[] names = [.. shown.Select(row => row.Split('|')[1].Trim())];
        string[] designs = [.. names.SelectMany(name => (string[])["--design", name])];

        Assert.Contains("packed", names);
        Assert.Equal(0, CommandLine.Run(["compare", "--full", "--quiet", "--json", folder["full.json"], .. designs]).ExitCode);
        Assert.Equal(0, CommandLine.Run(["compare", "--quiet", "--json", folder["replay.json"], .. designs]).ExitCode);
        JsonElement[] full = Designs(folder["full.json"], "full");
        JsonElement[] replay = Designs(folder["replay.json"], "replay");

        Assert.Equal(full.Zip(replay, Row), shown);
    }

    private static JsonElement[] Designs(string path, string view)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        Assert.Equal(view, root.GetProperty("view").GetString());
        return [.. root.GetProperty("designs").EnumerateArray()];
    }

    private static string Row(JsonElement full, JsonElement replay)
    {
        string Two(string name) => full.GetProperty(name).GetDouble().ToString("F2", CultureInfo.InvariantCulture);
        JsonElement latency = full.GetProperty("reserve_latency_modelled_ns");
        return $"| {full.GetProperty("name").GetString()} | {Two("given_back_mean_mib")} | {Two("given_back_min_mib")} "
            + $"| {Two("reserved_over_ideal")} | {Two("reserved_over_ideal_p99")} | {Two("stranded_mean_mib")} "
            + $"| {full.GetProperty("migrations")} | {latency.GetProperty("p99")} | {latency.GetProperty("max")} "
            + $"| {replay.GetProperty("reserved_over_ideal").GetDouble().ToString("F2", CultureInfo.InvariantCulture)} |";
    }

    private static string[] Table([CallerFilePath] string path = "")
    {
        DirectoryInfo folder = new(Path.GetDirectoryName(path)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Palimpsest.slnx")))
        {
            folder = folder.Parent!;
        }

        return [.. File.ReadAllLines(Path.Combine(folder.FullName, "docs", "proposals", "packed.md"))
            .SkipWhile(line => line != "<!-- small -->").Skip(3).TakeWhile(line => line.StartsWith('|'))];
    }
}
