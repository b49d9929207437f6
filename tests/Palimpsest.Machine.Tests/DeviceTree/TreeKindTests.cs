using System.Text;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.DeviceTree;

/// <summary>What has the form of a tree and describes no machine, or is no tree, is called by its name.</summary>
public sealed class TreeKindTests
{
    [Fact]
    public void AnOverlayIsToBeApplied() => Refused(
        new NodeSketch("").Child(new NodeSketch("fragment@0").Cells("target", 1).Child(new NodeSketch("__overlay__"))),
        "this is a device tree overlay", "fdtoverlay -i");

    [Fact]
    public void OfAFitTheTreesAreNamed()
    {
        NodeSketch images = new NodeSketch("images").Child(
            new NodeSketch("kernel-1").Text("type", "kernel"), new NodeSketch("fdt-1").Text("type", "flat_dt"),
            new NodeSketch("fdt-2").Text("type", "flat_dt"));
        Refused(
            new NodeSketch("").Cells("#address-cells", 1).Child(images, new NodeSketch("configurations")),
            "this is a FIT image", "(its trees: fdt-1, fdt-2)", "dumpimage");
    }

    [Fact]
    public void TreesOneAfterAnotherAreCounted()
    {
        byte[] tree = DeviceTreeWriter.Write(Root(Ram(0x40000000, GiB)));
        byte[] file = [.. tree, .. new byte[40], .. tree, .. tree, .. new byte[4096]];
        FlattenedDeviceTree first = FlattenedDeviceTree.Parse(file, "dtb.img");
        MemoryBoard board = BoardReader.Read(first, new BoardOptions(PageGeometry.Page4K));

        Assert.Equal(2, first.FurtherTrees);
        Assert.Contains(board.Notes, note => note.StartsWith("2 more trees follow in the file", StringComparison.Ordinal));
        Assert.Equal(0, FlattenedDeviceTree.Parse([.. tree, .. new byte[1 << 20]], "padded").FurtherTrees);
    }

    [Theory]
    [InlineData("ANDROID!", "an Android boot image")]
    [InlineData("/dts-v1/;\n/ {", "dtc -I dts -O dtb")]
    [InlineData("PK\x03\x04", "a zip")]
    [InlineData("hello", "the magic d00dfeed is missing")]
    public void AFileThatIsNoTreeIsCalledByItsName(string start, string name)
    {
        byte[] file = [.. Encoding.Latin1.GetBytes(start), .. new byte[300]];
        string message = Assert.Throws<InputException>(() => FlattenedDeviceTree.Parse(file, "x.dtb")).Message;

        Assert.StartsWith("x.dtb: ", message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
    }
}
