using System.IO.Compression;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>A zip with one file in it, as recordings are sent around.</summary>
internal static class ZipOfOne
{
    private const int NamesInMessage = 4;

    public static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8);

    /// <summary>The content of the only file.</summary>
    /// <exception cref="InputException">It has more, or none, or cannot be unpacked here.</exception>
    public static Stream Open(Stream zip, string name)
    {
        try
        {
            ZipArchiveEntry[] files = [.. new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true).Entries.Where(IsFile)];
            return files.Length == 1 ? files[0].Open() : throw new InputException(Others(name, files));
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException)
        {
            throw new InputException($"{name}: this is a zip that cannot be unpacked here ({exception.Message.TrimEnd('.')}); "
                + "unpack it and give the file inside", exception);
        }
    }

    // What macOS and folders add holds nothing.
    private static bool IsFile(ZipArchiveEntry entry) =>
        entry.Length > 0 && !entry.FullName.EndsWith('/') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string Others(string name, ZipArchiveEntry[] files)
    {
        if (files.Length == 0)
        {
            return $"{name}: this is a zip with nothing in it; give a recording";
        }

        string more = files.Length > NamesInMessage ? $" and {files.Length - NamesInMessage} more" : "";
        string names = string.Join(", ", files.Take(NamesInMessage).Select(file => OneLine.Quote(file.FullName)));
        return $"{name}: this is a zip of {files.Length} files ({names}{more}); unpack it and give the one that is meant";
    }
}
