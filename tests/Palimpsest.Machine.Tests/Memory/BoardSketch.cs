using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Short ways to describe boards, and to read them.</summary>
internal static class BoardSketch
{
    public const ulong KiB = 1UL << 10;
    public const ulong MiB = 1UL << 20;
    public const ulong GiB = 1UL << 30;

    public static NodeSketch Root(params NodeSketch[] children) =>
        new NodeSketch("").Cells("#address-cells", 2).Cells("#size-cells", 2).Text("model", "sketch").Child(children);

    public static NodeSketch Ram(ulong start, ulong bytes, uint phandle = 0)
    {
        NodeSketch node = new NodeSketch($"memory@{start:x}").Text("device_type", "memory").Wide("reg", start, bytes);
        return phandle == 0 ? node : node.Cells("phandle", phandle);
    }

    public static NodeSketch ReservedMemory(params NodeSketch[] children) =>
        new NodeSketch("reserved-memory")
            .Cells("#address-cells", 2).Cells("#size-cells", 2).Flag("ranges").Child(children);

    public static NodeSketch Pool(string name) =>
        new NodeSketch(name).Text("compatible", "shared-dma-pool").Flag("reusable");

    public static NodeSketch TagNode(string name, ulong start, ulong bytes) =>
        new NodeSketch(name).Text("compatible", "arm,mte-tag-storage").Wide("reg", start, bytes);

    /// <summary>As version 2 of the proposal has it, at the root.</summary>
    public static NodeSketch RootTags(ulong start, ulong bytes, uint memory, uint blockBytes = 0x1000) =>
        TagNode($"tag-storage@{start:x}", start, bytes).Cells("block-size", blockBytes).Cells("memory", memory);

    /// <summary>As version 3 has it, under /reserved-memory.</summary>
    public static NodeSketch ReservedTags(ulong start, ulong bytes, uint memory, uint blockBytes = 0x1000) =>
        TagNode($"tag-storage@{start:x}", start, bytes)
            .Cells("block-size", blockBytes).Cells("tagged-memory", memory).Flag("reusable");

    public static MemoryBoard Read(NodeSketch root, ulong? ram = null, bool carveOut = true, int pageBytes = 4096) =>
        BoardReader.Read(
            FlattenedDeviceTree.Parse(DeviceTreeWriter.Write(root), "sketch.dtb"),
            new BoardOptions(PageGeometry.For(pageBytes), ram, carveOut));

    public static MemoryBoard Read(NodeSketch root, BoardOptions options) =>
        BoardReader.Read(FlattenedDeviceTree.Parse(DeviceTreeWriter.Write(root), "sketch.dtb"), options with { DefaultCarveOut = false });

    public static MemoryBoard ReadSample(string file, int pageBytes = 4096) =>
        BoardReader.Read(
            FlattenedDeviceTree.Parse(File.ReadAllBytes(SamplePath(file)), file),
            new BoardOptions(PageGeometry.For(pageBytes)));

    public static string SamplePath(string file) => Path.Combine(AppContext.BaseDirectory, "Samples", file);

    public static PhysicalRange Range(ulong start, ulong bytes) => new(new PhysicalAddress(start), bytes);

    /// <summary>The message of the refusal: one line that names the file and everything in <paramref name="parts"/>.</summary>
    public static void Refused(NodeSketch root, params string[] parts) => Refused(root, ram: null, parts);

    public static void Refused(NodeSketch root, ulong? ram, params string[] parts)
    {
        InputException refusal = Assert.Throws<InputException>(() => Read(root, ram));
        Assert.StartsWith("sketch.dtb: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Contains("; ", refusal.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }
}
