using Palimpsest.Machine.DeviceTree;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Reads a device tree from its file, plain or in gzip or zstd.</summary>
public static class TreeFile
{
    /// <summary>Is the file a device tree, by its first bytes?</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static bool IsTree(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[8];
        using FileStream file = File.OpenRead(path);
        using TraceInput content = new(file, path, progress: null);
        int length = 0;
        for (int read; length < head.Length && (read = content.Read(head[length..])) > 0; length += read)
        {
        }

        return FlattenedDeviceTree.HasMagic(head[..length]);
    }

    /// <exception cref="InputException">The file cannot be read, or is no whole tree.</exception>
    public static FlattenedDeviceTree Read(string path)
    {
        byte[] bytes = InputFile.ReadBytes(path, FlattenedDeviceTree.MaxBytes);
        if (FlattenedDeviceTree.HasMagic(bytes))
        {
            return FlattenedDeviceTree.Parse(bytes, path);
        }

        using TraceInput content = new(new MemoryStream(bytes), path, progress: null);
        byte[] tree = new byte[FlattenedDeviceTree.MaxBytes + 1];
        int length = 0;
        for (int read; length < tree.Length && (read = content.Read(tree.AsSpan(length))) > 0; length += read)
        {
        }

        return content.Break is { } broken
            ? throw new InputException($"{path}: {broken} Copy it again.")
            : FlattenedDeviceTree.Parse(tree.AsSpan(0, length), path);
    }
}
