using System.Reflection;

namespace Palimpsest.Cli;

/// <summary>The recording that comes with the program, for a first look without any file of one's own.</summary>
internal static class Samples
{
    /// <summary>What reports call the sample, wherever the program is installed.</summary>
    public const string TraceName = "samples/small.txt.zst";

    public const string BoardName = "samples/small.dtb";

    private const string ResourcePrefix = "samples/";

    private static readonly Lazy<string> Place = new(() =>
        Path.Combine(AppContext.BaseDirectory, "samples") is var beside && Directory.Exists(beside) ? beside : Unpacked());

    private static string Folder => Place.Value;

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

    /// <summary>A program that is one file has them in itself.</summary>
    private static string Unpacked()
    {
        string folder = Directory.CreateTempSubdirectory("palimpsest-samples-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Assembly program = typeof(Samples).Assembly;
        foreach (string name in program.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            string file = Path.Combine(folder, name[ResourcePrefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using Stream packed = program.GetManifestResourceStream(name)!;
            using FileStream whole = File.Create(file);
            packed.CopyTo(whole);
        }

        return folder;
    }
}
