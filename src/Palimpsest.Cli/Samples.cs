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

    public static string Snapshot => Path.Combine(Folder, "small.snapshot");
}
