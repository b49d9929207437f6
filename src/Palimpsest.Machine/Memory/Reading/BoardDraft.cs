using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>A board while its tree is being read: each topic adds its part and looks at the parts before it.</summary>
internal sealed class BoardDraft(FlattenedDeviceTree tree, BoardOptions options)
{
    // Physical addresses have at most 52 bits (FEAT_LPA).
    private const ulong AddressEnd = 1UL << 52;

    public FlattenedDeviceTree Tree { get; } = tree;

    public BoardOptions Options { get; } = options;

    public PageGeometry Geometry => Options.Geometry;

    public string File => Tree.Name;

    public IReadOnlyList<MemoryNode> MemoryNodes { get; set; } = [];

    public IReadOnlyList<MemoryBank> Banks { get; set; } = [];

    public IReadOnlyList<ReservedRange> Reserved { get; set; } = [];

    public List<CmaPool> Pools { get; } = [];

    public List<TagStorageSpan> TagStorage { get; } = [];

    public string Dialect { get; set; } = "none";

    public List<string> Notes { get; } = [];

    public ulong PageBlockBytes => Geometry.BytesOf((ulong)Geometry.PageBlockFrames);

    /// <summary>Settled before anything is read of it, since Linux ignores one that it cannot read.</summary>
    public DeviceTreeNode? ReservedMemoryNode { get; } = ReservedMemory.SupportedNode(tree);

    public DeviceTreeNode? Chosen { get; } = tree.Find("chosen");

    public CommandLine CommandLine { get; } = CommandLine.Parse(options.CommandLine ?? tree.Find("chosen")?.WholeText("bootargs") ?? "");

    /// <summary>Where the command line is from, for messages.</summary>
    public string CommandLineSource { get; } = options.CommandLine is null ? "/chosen/bootargs" : "the kernel log";

    public ulong RamBytes => Banks.Aggregate(0UL, (sum, bank) => sum + bank.Range.Bytes);

    public static bool IsAddressable(PhysicalRange range) =>
        range.Start.Value < AddressEnd && range.Bytes <= AddressEnd - range.Start.Value;

    public void RequireAddressable(DeviceTreeNode node, PhysicalRange range)
    {
        if (!IsAddressable(range))
        {
            throw Tree.Fault(
                node, $"{range.Bytes:N0} bytes at {range.Start} pass the end of 52-bit addresses", "check the cells of reg");
        }
    }
}
