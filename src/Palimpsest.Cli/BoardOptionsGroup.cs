using System.CommandLine;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that describe a machine, the same for every verb.</summary>
internal sealed class BoardOptionsGroup
{
    public InputOption Board { get; } =
        new("--board") { Description = "flattened device tree of the machine (a .dtb, or /sys/firmware/fdt)", HelpName = "FILE" };

    public Option<ulong?> Ram { get; } = new("--ram") { Description = "total RAM, for trees that leave it to the bootloader, or without "
        + "a tree", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };

    public Option<string?> PageSize { get; } = new("--page-size") { Description = "base page: 4K, 16K or 64K; as the recording or the "
        + "snapshot tells without it, else 4K", HelpName = "SIZE" };

    public Option<int?> PageBlockOrder { get; } = new("--pageblock-order") { Description = "order of a pageblock, if not that of arm64 "
        + "(9 with 4K pages) or of the snapshot's pagetypeinfo; 10 where a kernel has no huge pages", HelpName = "N" };

    public Option<string[]> Cma { get; } = new("--cma") { Description = "CMA area that the tree does not have, e.g. 64M@0xb9a00000",
        HelpName = "SIZE@ADDRESS" };

    public void AddTo(Command command)
    {
        command.Add(Board);
        command.Add(Ram);
        command.Add(PageSize);
        command.Add(PageBlockOrder);
        command.Add(Cma);
    }

    public bool IsNamed(ParseResult parsed) => parsed.GetValue(Board) is not null;

    /// <summary>The machine as it is described; the sample's tree where nothing else says what it is.</summary>
    /// <param name="samplePath">Tree of the bundled sample, and what reports call it; null where the recording is the user's.</param>
    public BoardInput Read(ParseResult parsed, string? samplePath = null, string? sampleName = null)
    {
        bool isSample = parsed.GetValue(Board) is null && samplePath is not null;
        return new BoardInput
        {
            TreePath = isSample ? samplePath : parsed.GetValue(Board),
            Name = isSample ? sampleName : null,
            RamBytes = parsed.GetValue(Ram),
            PageBytes = parsed.GetValue(PageSize) is { } size ? PageBytesOf(size) : null,
            PageBlockOrder = parsed.GetValue(PageBlockOrder),
            CmaAreas = [.. (parsed.GetValue(Cma) ?? []).Select(AreaOf)],
        };
    }

    /// <summary>A base page as --page-size has it.</summary>
    public static int PageBytesOf(string text) =>
        SizeSyntax.TryParse(text, out ulong bytes) && bytes is 4096 or 16384 or 65536
            ? (int)bytes
            : throw new UsageException($"--page-size {text}: give 4K, 16K or 64K");

    private static CmaInput AreaOf(string text)
    {
        string[] parts = text.Split('@');
        return parts.Length == 2 && SizeSyntax.TryParse(parts[0], out ulong bytes) && bytes > 0
            && SizeSyntax.TryParse(parts[1], out ulong at)
            ? new CmaInput(bytes, at)
            : throw new UsageException($"--cma {text}: give a size and an address, e.g. 64M@0xb9a00000");
    }
}
