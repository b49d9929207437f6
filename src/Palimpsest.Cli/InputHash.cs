using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Reports;

namespace Palimpsest.Cli;

/// <summary>Hashes of inputs, which sha256sum can check.</summary>
internal static class InputHash
{
    public static InputDigest Of(string role, string name, string path) =>
        Directory.Exists(path) && path != CensusTrial.OwnMachine ? OfFolder(role, name, path)
        : File.Exists(path) && new FileInfo(path) is { Length: > 0 } file ? new InputDigest(role, name, file.Length, OfFile(path))
        : new InputDigest(role, name, Bytes: null, Sha256: null);

    /// <summary>What is read because it lies beside a folder of copies of /proc: the same of other moments, and the log.</summary>
    public static IEnumerable<string> Beside(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "zoneinfo")))
        {
            return [];
        }

        string own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string parent = Path.GetDirectoryName(own) ?? own;
        return [.. SnapshotFolder.Read(folder).Siblings().Select(other => Path.Combine(parent, other.Name))
            .Append(Path.Combine(parent, "dmesg")).Where(Path.Exists).Order(StringComparer.Ordinal)];
    }

    private static InputDigest OfFolder(string role, string name, string path)
    {
        StringBuilder lines = new();
        long bytes = 0;
        foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            bytes += new FileInfo(file).Length;
            lines.Append(CultureInfo.InvariantCulture, $"{OfFile(file)}  {Path.GetFileName(file)}\n");
        }

        return new InputDigest(role, name, bytes, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()))));
    }

    private static string OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
