using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>Files that have the form of a device tree and describe no machine.</summary>
internal static class TreeKinds
{
    private const int NamesInMessage = 4;

    /// <exception cref="InputException">The tree is an overlay, or a FIT image.</exception>
    public static void RequireMachine(FlattenedDeviceTree tree)
    {
        if (tree.Root.Children.Any(child => child.Children.Any(part => part.Name == "__overlay__")))
        {
            throw new InputException(
                $"{tree.Name}: this is a device tree overlay, a part of a tree; apply it to its tree first: "
                + $"fdtoverlay -i BASE.dtb -o FULL.dtb {tree.Name}");
        }

        if (tree.Find("images") is { } images
            && (tree.Find("configurations") is not null || images.Children.Any(image => image.Has("data"))))
        {
            throw new InputException(
                $"{tree.Name}: this is a FIT image, kernels and trees in one file{Trees(images)}; take a tree out: "
                + $"dumpimage -T flat_dt -p NUMBER -o BOARD.dtb {tree.Name}, or give /sys/firmware/fdt of the running machine");
        }
    }

    private static string Trees(DeviceTreeNode images)
    {
        string[] trees = [.. images.Children.Where(image => image.Text("type") == "flat_dt")
            .Select(image => image.Name).Take(NamesInMessage)];
        return trees.Length == 0 ? "" : $" (its trees: {string.Join(", ", trees)})";
    }
}
