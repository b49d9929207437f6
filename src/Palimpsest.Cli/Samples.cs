namespace Palimpsest.Cli;

/// <summary>The recording that comes with the program, for a first look without any file of one's own.</summary>
internal static class Samples
{
    /// <summary>What reports call the sample, wherever the program is installed.</summary>
    public const string TraceName = "samples/small.txt.zst";

    public const string BoardName = "samples/small.dtb";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples");

    public static string Trace => Path.Combine(Folder, "small.txt.zst");

    public static string Board => Path.Combine(Folder, "small.dtb");

    public const string SnapshotName = "samples/small.snapshot";

    public const string BootName = "samples/boot.txt.zst";

    public const string BootSnapshotName = "samples/boot.snapshot";

    public const string BootBoardName = "samples/boot.dtb";

    public static string BootTrace => Path.Combine(Folder, "boot.txt.zst");

    public static string BootBoard => Path.Combine(Folder, "boot.dtb");

    public static string BootSnapshot => Path.Combine(Folder, "boot.snapshot");

    public static string Snapshot => Path.Combine(Folder, "small.snapshot");
}
