using System.Formats.Tar;
using ZstdSharp;

namespace Palimpsest.Testing.Corpus;

/// <summary>Inputs of a reader in one file, a tar in zstd: alike as they are, they need little space together.</summary>
public static class KeptInputs
{
    private const int Level = 19;

    public static IReadOnlyList<byte[]> Read(string file)
    {
        using DecompressionStream content = new(File.OpenRead(file), leaveOpen: false);
        using TarReader tar = new(content);
        List<byte[]> inputs = [];
        while (tar.GetNextEntry() is { } entry)
        {
            using MemoryStream bytes = new();
            entry.DataStream?.CopyTo(bytes);
            inputs.Add(bytes.ToArray());
        }

        return inputs;
    }

    public static void Write(string file, IReadOnlyList<byte[]> inputs)
    {
        using CompressionStream content = new(File.Create(file), Level, leaveOpen: false);
        using TarWriter tar = new(content, TarEntryFormat.Ustar);
        for (int index = 0; index < inputs.Count; index++)
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{index:d4}")
            {
                DataStream = new MemoryStream(inputs[index]),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }
    }
}
